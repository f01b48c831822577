"""Text analysis for research on reverse and mutual mentoring.

Importing this package does nothing heavy: names load their modules when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Corpus": "corpus",
    "annotate": "markers",
    "rates": "markers",
    "fit_topics": "topics",
}
__all__ = [*_HOME, "__version__"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"reflect.{_HOME[name]}"), name)
    raise AttributeError(f"module 'reflect' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
