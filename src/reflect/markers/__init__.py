"""Perspective-shift markers: rules, gates, direction, profiles, rates and display."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "annotate": "annotation",
    "FAMILIES": "codebook",
    "Codebook": "codebook",
    "load_codebook": "codebook",
    "builtin": "codebook",
    "explain": "display",
    "profiles": "lexical",
    "rates": "exposure",
}
__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"reflect.markers.{_HOME[name]}"), name)
    raise AttributeError(f"module 'reflect.markers' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
