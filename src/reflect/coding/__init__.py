"""The human in the loop: sample, code, compare, settle, judge the markers, learn, exchange.

Names load their modules when first used. `agreement`, `consensus` and `validity` are modules; the
functions of these names are in them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "draw_sample": "sample",
    "load_sample": "sample",
    "save_sample": "sample",
    "write_sheets": "sheets",
    "read_sheets": "sheets",
    "pairwise": "agreement",
    "confusion": "agreement",
    "disputed": "agreement",
    "open_cases": "consensus",
    "assess": "assessment",
    "agreement_table": "assessment",
    "validity_table": "assessment",
    "train": "learn",
    "annotate": "own_model",
    "learned_table": "own_model",
    "next_sentences": "uncertain",
    "beneath": "standing",
    "beside": "standing",
    "shown": "standing",
    "worth": "standing",
    "note": "standing",
    "doubt": "standing",
    "told": "standing",
    "write_qdpx": "qda",
    "write_qdc": "qda",
    "read_qdpx": "qda_reader",
    "read_qdc": "qda_reader",
    "project_codes": "qda_codes",
}
__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"reflect.coding.{_HOME[name]}"), name)
    raise AttributeError(f"module 'reflect.coding' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
