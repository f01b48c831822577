"""What was decided on findings: remembered by corpus and never asked again."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from reflect.errors import ReflectError
from reflect.folder import write_file

FILE = "decisions.json"


@dataclass
class Decisions:
    """What was decided on findings, by corpus. Kept as salted digests: no name stands in the file.

    Attributes
    ----------
    salt : str
        Of the digests.
    known : dict
        ``{digest: {"decision": "accept" | "reject", "replacement": str}}``
    """

    salt: str = ""
    known: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, corpus: Path) -> Decisions:
        """Decisions on a corpus; none where there is no file.

        Raises
        ------
        ReflectError
            If the file is damaged.
        """
        path = corpus / FILE
        try:
            content = json.loads(path.read_text("utf-8"))
            return cls(str(content["salt"]), dict(content["known"]))
        except FileNotFoundError:
            return cls(secrets.token_hex(16))
        except (OSError, ValueError, KeyError, TypeError):
            raise ReflectError(
                f"{path}: is damaged. Delete it and read the review sheet again"
            ) from None

    def save(self, corpus: Path) -> None:
        """Write the decisions beside the tables: reports hang on them, so they travel along."""
        write_file(corpus / FILE, self.text().encode("utf-8"))

    def text(self) -> str:
        """Content of the file."""
        content = {"salt": self.salt, "known": self.known}
        return json.dumps(content, sort_keys=True, indent=1) + "\n"

    def rejected(self, findings: pd.DataFrame) -> Decisions:
        """What was rejected of some findings, under another salt: for a pseudonymised copy.

        What was accepted is left out: its digests would tell by guessing who was replaced.
        """
        found = Decisions(secrets.token_hex(16))
        for kind, text in _pairs(findings):
            if self.of(kind, text) == "reject":
                found.decide(kind, text, "reject")
        return found

    def key(self, kind: str, text: str) -> str:
        """Digest under which a finding is remembered: the same words, the same decision."""
        plain = " ".join(text.split())
        return hashlib.sha256(f"{self.salt}\0{kind}\0{plain}".encode(errors="replace")).hexdigest()

    def of(self, kind: str, text: str) -> str:
        """``accept``, ``reject``, or "" where nobody decided."""
        return self.known.get(self.key(kind, text), {}).get("decision", "")

    def replacement(self, kind: str, text: str) -> str:
        """What somebody wants written instead, "" for a placeholder."""
        found = self.known.get(self.key(kind, text), {})
        return found.get("replacement", "") if found.get("decision") == "accept" else ""

    def decide(self, kind: str, text: str, decision: str, replacement: str = "") -> None:
        """Remember a decision: ``accept`` (it identifies) or ``reject`` (it does not)."""
        self.known[self.key(kind, text)] = {"decision": decision, "replacement": replacement}

    def undecided(self, findings: pd.DataFrame) -> pd.DataFrame:
        """Findings that nobody decided on."""
        return _where(findings, [not self.of(k, t) for k, t in _pairs(findings)])

    def open(self, findings: pd.DataFrame, threshold: float) -> pd.DataFrame:
        """Findings that keep quotations back: accepted, or undecided and at the threshold."""
        kept = []
        for (kind, text), score in zip(_pairs(findings), findings["score"], strict=True):
            decision = self.of(kind, text)
            kept.append(decision == "accept" or (not decision and score >= threshold))
        return _where(findings, kept)

    def to_replace(
        self, findings: pd.DataFrame, threshold: float, by_hand: Collection[str]
    ) -> pd.DataFrame:
        """Findings to replace: accepted, or at the threshold and not of a kind `by_hand`."""
        kept = []
        for (kind, text), score in zip(_pairs(findings), findings["score"], strict=True):
            decision = self.of(kind, text)
            sure = score >= threshold and kind not in by_hand
            kept.append(decision == "accept" or (not decision and sure))
        return _where(findings, kept)


def _where(findings: pd.DataFrame, kept: list[bool]) -> pd.DataFrame:
    return findings[pd.Series(kept, index=findings.index, dtype="bool")]


def _pairs(findings: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(findings["kind"], findings["text"], strict=True))
