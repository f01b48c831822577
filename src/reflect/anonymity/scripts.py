"""Words in other scripts than Latin: a name in its own letters is still a name."""

# ruff: noqa: E501 (a pattern is easier to check on one line)

from __future__ import annotations

import re
from collections.abc import Iterator

from reflect.anonymity.found import Found

_CASED = re.compile(
    r"[\u0370-\u052f\u0531-\u0556][\u0370-\u058f]+(?:\s[\u0410-\u042f\u0404-\u0407\u0490\u0391-\u03a9\u0531-\u0556][\u0370-\u058f]+){0,2}"
)
_UNCASED = re.compile(
    r"[\u0590-\u06ff\u0750-\u077f\u0900-\u0dff\u0e00-\u0eff\u10a0-\u10ff\u1200-\u137f\uac00-\ud7af]+"
    r"(?:[ \u200c][\u0590-\u06ff\u0750-\u077f\u0900-\u0dff\u10a0-\u10ff\u1200-\u137f\uac00-\ud7af]+){0,2}"
    r"|[\u3040-\u30ff\u4e00-\u9fff]{2,6}"
)


def foreign_names(text: str) -> Iterator[Found]:
    """Capitalised words of Cyrillic, Greek and Armenian, and short runs of scripts without capitals."""
    if text.isascii():
        return
    for match in _CASED.finditer(text):
        if match.group()[0].isupper():
            yield Found(*match.span(), "person", 0.55, "script:capital")
    for match in _UNCASED.finditer(text):
        yield Found(*match.span(), "person", 0.5, "script:uncased")
