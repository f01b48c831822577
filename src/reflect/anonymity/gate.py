"""The gate: which quotations may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from reflect.anonymity.audit import THRESHOLD, audit
from reflect.anonymity.review import Decisions
from reflect.errors import ReflectError

if TYPE_CHECKING:
    from reflect.corpus import Corpus

#: A quotation is read by everybody, so less suspicion than for its entry keeps it back.
STRICTER = 0.3
CONSENT = "full"
REASONS = ("consent", "entry", "quotation")


def open_findings(corpus: Corpus, threshold: float = STRICTER) -> pd.DataFrame:
    """Findings of a corpus that nobody has rejected as harmless.

    Parameters
    ----------
    corpus : Corpus
        Its remembered decisions count.
    threshold : float
        Lowest score that is kept; the gate weighs them.

    Returns
    -------
    DataFrame
        Columns of `reflect.anonymity.audit.audit`.
    """
    return Decisions.load(corpus.path).open(audit(corpus), threshold).reset_index(drop=True)


def gate(
    quotes: pd.DataFrame,
    diary: pd.DataFrame,
    findings: pd.DataFrame,
    *,
    threshold: float = THRESHOLD,
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Quotations that may be shown, and how many are kept back and why.

    One may be shown if its writer consented to quotations, no finding at `threshold` is open in its
    entry, and none at all (from 0.3 on) lies in the quotation itself.

    Parameters
    ----------
    quotes : DataFrame
        ``entry_id, start, end`` and any other columns: quotations or spans of markers.
    diary : DataFrame
        From `Corpus.diary`: ``entry_id, consent``.
    findings : DataFrame
        From `open_findings`.
    threshold : float
        Score from which a finding elsewhere in the entry keeps its quotations back.

    Returns
    -------
    DataFrame
        Rows of `quotes` that pass, with their index.
    dict of str to int
        How many were kept back, by the first reason that held: ``consent``, ``entry``,
        ``quotation``.

    Raises
    ------
    ReflectError
        If a column is missing.

    Examples
    --------
    >>> quotes = pd.DataFrame({"entry_id": ["e1", "e2"], "start": [0, 0], "end": [9, 9]})
    >>> diary = pd.DataFrame({"entry_id": ["e1", "e2"], "consent": ["full", "no_quotes"]})
    >>> none = pd.DataFrame({"entry_id": [], "start": [], "end": [], "score": []})
    >>> gate(quotes, diary, none)[1]
    {'consent': 1, 'entry': 0, 'quotation': 0}
    """
    for table, names in (
        (quotes, ("entry_id", "start", "end")),
        (diary, ("entry_id", "consent")),
        (findings, ("entry_id", "start", "end", "score")),
    ):
        missing = [name for name in names if name not in table]
        if missing:
            raise ReflectError(f"the gate needs the column {missing[0]}: give it as documented")
    consent = dict(zip(diary["entry_id"], diary["consent"], strict=True))
    suspect: dict[str, list[tuple[int, int, float]]] = {}
    for row in findings.itertuples(index=False):
        suspect.setdefault(row.entry_id, []).append((row.start, row.end, row.score))
    withheld = dict.fromkeys(REASONS, 0)
    passes = []
    for entry, start, end in zip(quotes["entry_id"], quotes["start"], quotes["end"], strict=True):
        reason = _reason(consent.get(entry), suspect.get(entry, ()), start, end, threshold)
        passes.append(not reason)
        if reason:
            withheld[reason] += 1
    return quotes[pd.Series(passes, index=quotes.index, dtype="bool")], withheld


def refuse_open(findings: pd.DataFrame, threshold: float = THRESHOLD) -> None:
    """Raise where findings are open: ``reflect report --strict``.

    Raises
    ------
    ReflectError
        With how many, and in how many entries.
    """
    open_ = findings[findings["score"] >= threshold]
    if len(open_):
        raise ReflectError(
            f"{len(open_)} findings of the audit are open in {open_['entry_id'].nunique()} entries"
            ". Decide on them with `reflect audit --review`, or pseudonymise the corpus"
        )


def _reason(
    consent: str | None,
    suspect: Sequence[tuple[int, int, float]],
    start: int,
    end: int,
    threshold: float,
) -> str:
    # An entry that the diary does not hold belongs to somebody who withdrew.
    if consent != CONSENT:
        return "consent"
    if any(first < end and start < last and score >= STRICTER for first, last, score in suspect):
        return "quotation"
    if any(score >= threshold for _, _, score in suspect):
        return "entry"
    return ""
