"""The gate: which quotations may be shown.

Notebooks pass a corpus through `screened` once. Every function that shows diary text takes a diary
of such a corpus and refuses any other, so nobody can forget the gate.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from reflect.anonymity.audit import ENTRY_TEXT, THRESHOLD, audit, texts_of
from reflect.anonymity.decisions import Decisions
from reflect.errors import ReflectError
from reflect.schemas import OPEN_FINDINGS

if TYPE_CHECKING:
    from reflect.corpus import Corpus

#: A quotation is read by everybody, so less suspicion than for its entry keeps it back.
STRICTER = 0.3
CONSENT = "full"
REASONS = ("consent", "entry", "quotation")
#: Stands in descriptions of events and outcomes for what may not be shown of them.
MASK = "[…]"
#: So many words in a row of an entry are a quotation of it, wherever they stand.
QUOTED_WORDS = 5
# The report runs its notebooks in one kernel: a corpus is audited once for all of them.
_AUDITED: dict[str, pd.DataFrame] = {}
_KEPT = 4
_WORD = re.compile(r"\w+")


def screened(corpus: Corpus) -> Corpus:
    """The corpus as reports may show it; for notebooks.

    Parameters
    ----------
    corpus : Corpus
        The whole corpus: filter it afterwards, since what is a name shows in the whole.

    Returns
    -------
    Corpus
        With ``open_findings`` in its entries and so in its diary: for each entry a tuple of
        ``(start, end, score, kind)``, which `gate` and all that shows texts read. In descriptions
        of events and outcomes, findings at the threshold are replaced by ``[…]``, and so are five
        words or more in a row of the diary of somebody who consented to no quotations.

    Examples
    --------
    >>> corpus = screened(Corpus.load("corpora/demo"))  # doctest: +SKIP
    """
    if OPEN_FINDINGS in corpus.entries:
        return corpus
    findings = open_findings(corpus)
    silent = corpus.participants.loc[corpus.participants["consent"] != CONSENT, "participant_id"]
    kept_back = corpus.entries.loc[corpus.entries["participant_id"].isin(silent), "text"]
    runs = {run for text in kept_back for run, *_ in _runs(text)}
    return replace(
        corpus,
        entries=mark(corpus.entries, findings),
        events=_masked(corpus.events, "event_id", "events.description", findings, runs),
        outcomes=_masked(corpus.outcomes, "outcome_id", "outcomes.description", findings, runs),
    )


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
        Columns of `reflect.anonymity.audit.audit`; what somebody accepted as identifying has the
        score 1, however unsure the audit was.
    """
    decisions = Decisions.load(corpus.path)
    found = decisions.open(_audited(corpus), threshold).reset_index(drop=True)
    said = zip(found["kind"], found["text"], strict=True)
    accepted = [decisions.of(kind, text) == "accept" for kind, text in said]
    return found.assign(score=found["score"].mask(pd.Series(accepted, dtype="bool"), 1.0))


def mark(diary: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """A table of entries with their findings in the column ``open_findings``.

    Parameters
    ----------
    diary : DataFrame
        With ``entry_id``.
    findings : DataFrame
        From `open_findings`: ``entry_id, start, end, score, kind, field``.
    """
    own: dict[str, list[tuple[int, int, float, str]]] = {}
    for row in findings[findings["field"] == ENTRY_TEXT].itertuples(index=False):
        own.setdefault(row.entry_id, []).append((row.start, row.end, row.score, row.kind))
    cells = [tuple(sorted(own.get(entry, ()))) for entry in diary["entry_id"]]
    return diary.assign(**{OPEN_FINDINGS: pd.Series(cells, index=diary.index, dtype="object")})


def gate(
    quotes: pd.DataFrame, diary: pd.DataFrame, *, threshold: float = THRESHOLD
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Quotations that may be shown, and how many are kept back and why.

    One may be shown if its writer consented to quotations, no finding at `threshold` is open in its
    entry, and none at all (from 0.3 on) lies in the quotation itself.

    Parameters
    ----------
    quotes : DataFrame
        ``entry_id, start, end`` and any other columns: quotations or spans of markers.
    diary : DataFrame
        Diary of a corpus that was `screened`: ``entry_id, consent, open_findings``.
    threshold : float
        Score from which a finding elsewhere in the entry keeps its quotations back.

    Returns
    -------
    DataFrame
        Rows of `quotes` that pass, with their index.
    dict of str to int
        How many were kept back, by the first reason that held: ``consent``, ``quotation``,
        ``entry``.

    Raises
    ------
    ReflectError
        If a column is missing, as it is where the corpus was not screened.

    Examples
    --------
    >>> quotes = pd.DataFrame({"entry_id": ["e1", "e2"], "start": [0, 0], "end": [9, 9]})
    >>> diary = pd.DataFrame({"entry_id": ["e1", "e2"], "consent": ["full", "no_quotes"]})
    >>> none = pd.DataFrame(columns=["entry_id", "start", "end", "score", "kind", "field"])
    >>> gate(quotes, mark(diary, none))[1]
    {'consent': 1, 'entry': 0, 'quotation': 0}
    """
    _refuse_unscreened(diary)
    for table, names in ((quotes, ("entry_id", "start", "end")), (diary, ("entry_id", "consent"))):
        missing = [name for name in names if name not in table]
        if missing:
            raise ReflectError(f"the gate needs the column {missing[0]}: give it as documented")
    consent = dict(zip(diary["entry_id"], diary["consent"], strict=True))
    suspect = dict(zip(diary["entry_id"], diary[OPEN_FINDINGS], strict=True))
    withheld = dict.fromkeys(REASONS, 0)
    passes = []
    for entry, start, end in zip(quotes["entry_id"], quotes["start"], quotes["end"], strict=True):
        reason = _reason(consent.get(entry), suspect.get(entry, ()), start, end, threshold)
        passes.append(not reason)
        if reason:
            withheld[reason] += 1
    return quotes[pd.Series(passes, index=quotes.index, dtype="bool")], withheld


def names_found(diary: pd.DataFrame, threshold: float = THRESHOLD) -> list[str]:
    """Words that stand for people in the open findings: no topic may be called by them.

    Parameters
    ----------
    diary : DataFrame
        ``text`` and, where its corpus was `screened`, ``open_findings``; else nothing is known.
    threshold : float
        Lowest score.

    Returns
    -------
    list of str
        Sorted, each once.
    """
    if OPEN_FINDINGS not in diary:
        return []
    found = {
        word
        for text, own in zip(diary["text"], diary[OPEN_FINDINGS], strict=True)
        for start, end, score, kind in own
        if kind == "person" and score >= threshold
        for word in text[start:end].split()
    }
    return sorted(found)


def refuse_open(findings: pd.DataFrame, threshold: float = THRESHOLD) -> None:
    """Raise where findings are open: ``reflect report --strict``.

    Raises
    ------
    ReflectError
        With how many, and in how many texts.
    """
    open_ = findings[findings["score"] >= threshold]
    if len(open_):
        raise ReflectError(
            f"open findings of the audit: {len(open_)}, in {open_['entry_id'].nunique()} entries or"
            " descriptions. Decide on them with `reflect audit --review`, or pseudonymise the "
            "corpus"
        )


def _refuse_unscreened(diary: pd.DataFrame) -> None:
    cells: Iterable[object] = diary.get(OPEN_FINDINGS, [None])
    if not all(isinstance(cell, tuple) for cell in cells):
        raise ReflectError(
            "this diary did not pass the audit. Take it from a screened corpus: "
            "corpus = reflect.anonymity.gate.screened(corpus)"
        )


def _audited(corpus: Corpus) -> pd.DataFrame:
    table = texts_of(corpus)
    digest = hashlib.sha256()
    for column in ("entry_id", "text", "language"):
        for cell in table[column]:
            digest.update(f"{len(cell)}:{cell}".encode(errors="surrogatepass"))
    key = digest.hexdigest()
    if key not in _AUDITED:
        while len(_AUDITED) >= _KEPT:
            del _AUDITED[next(iter(_AUDITED))]
        _AUDITED[key] = audit(corpus)
    return _AUDITED[key]


def _masked(
    table: pd.DataFrame,
    key: str,
    field: str,
    findings: pd.DataFrame,
    runs: Collection[tuple[str, ...]],
) -> pd.DataFrame:
    suspect = findings[(findings["score"] >= THRESHOLD) & (findings["field"] == field)]
    hidden: dict[str, list[tuple[int, int]]] = {}
    for row in suspect.itertuples(index=False):
        hidden.setdefault(row.entry_id, []).append((row.start, row.end))
    texts = []
    for name, text in zip(table[key], table["description"], strict=True):
        quoted = [(start, end) for run, start, end in _runs(text) if run in runs]
        texts.append(_hidden(text, [*hidden.get(name, []), *quoted]))
    return table.assign(description=pd.Series(texts, index=table.index, dtype="str"))


def _hidden(text: str, places: Iterable[tuple[int, int]]) -> str:
    """A text with one mask for each place, and for places that overlap."""
    shown, done = "", 0
    for start, end in sorted(places):
        if start >= done:
            shown += text[done:start] + MASK
        done = max(done, end)
    return shown + text[done:]


def _runs(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Every few words in a row, without case and marks, and where they stand."""
    words = [(match.group().casefold(), *match.span()) for match in _WORD.finditer(text)]
    for first in range(len(words) - QUOTED_WORDS + 1):
        part = words[first : first + QUOTED_WORDS]
        yield tuple(word for word, _, _ in part), part[0][1], part[-1][2]


def _reason(
    consent: str | None,
    suspect: Sequence[tuple[int, int, float, str]],
    start: int,
    end: int,
    threshold: float,
) -> str:
    # An entry that the diary does not hold belongs to somebody who withdrew.
    if consent != CONSENT:
        return "consent"
    if any(first < end and start < last and score >= STRICTER for first, last, score, _ in suspect):
        return "quotation"
    if any(score >= threshold for _, _, score, _ in suspect):
        return "entry"
    return ""
