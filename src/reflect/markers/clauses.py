"""Parsed entries as arrays: tokens, clauses and sentences with their word-class bits.

No parser is needed: a clause starts at a subordinator, after a comma whose chunk has a verb
or a subject of its own, and at a conjunction followed by a subject. Learners leave commas
out, so subordinators split without one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from spacy.attrs import ORTH, SENT_START

from reflect.markers.lexicon import Lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc

# Classes every codebook must define: clause structure and gates rest on them.
STRUCTURE = (
    "SUBORDINATOR",
    "SOFT_SUBORDINATOR",
    "CONJUNCTION",
    "SUBJECT",
    "CLAUSAL",
    "PREPOSITION",
    "SELF_VERB",
    "NEG",
    "NEG_NEUTRAL",
)
_HARD = frozenset(";:–—()-…")
_OPEN = frozenset("„«»“‚‹›")
_CLOSE = frozenset("“”«»")
_QUOTES = _OPEN | _CLOSE | {'"'}
# Two quoted words are a title or irony, not somebody's speech.
_SHORTEST_SPEECH = 3


@dataclass
class Batch:
    """Arrays over the tokens of several parsed entries of one language."""

    docs: Sequence[Doc]
    rows: np.ndarray
    bits: np.ndarray
    doc_starts: np.ndarray
    sentence_starts: np.ndarray
    clause_starts: np.ndarray
    clause_sentence: np.ndarray
    clause_bits: np.ndarray
    quoted: np.ndarray
    question: np.ndarray

    @property
    def size(self) -> int:
        """Number of tokens."""
        return len(self.rows)

    @cached_property
    def sentence_bits(self) -> np.ndarray:
        """Word-class bits of each sentence, laid out as those of the clauses."""
        first = np.searchsorted(self.clause_starts, self.sentence_starts)
        return np.bitwise_or.reduceat(self.clause_bits, first, axis=1)

    @cached_property
    def clause_heads(self) -> list[int]:
        """First 64 bits of each clause: the classes that structure, gates and direction read."""
        return self.clause_bits[0].tolist()

    def sentence_range(self, sentence: int) -> tuple[int, int]:
        """First token of a sentence and one past its last."""
        return self._sentence_bounds[sentence], self._sentence_bounds[sentence + 1]

    def clause_range(self, clause: int) -> tuple[int, int]:
        """First token of a clause and one past its last."""
        return self._clause_bounds[clause], self._clause_bounds[clause + 1]

    def clauses(self, sentence: int) -> range:
        """Clauses of a sentence."""
        start, end = self.sentence_range(sentence)
        bounds = self._clause_bounds
        return range(bisect_left(bounds, start), bisect_left(bounds, end))

    def locate(self, token: int) -> tuple[int, int]:
        """Index of the entry a token lies in, and its position there."""
        doc = bisect_right(self._doc_starts, token) - 1
        return doc, token - self._doc_starts[doc]

    # Plain lists: reading single numbers from an array takes several times as long.
    @cached_property
    def _sentence_bounds(self) -> list[int]:
        return [*self.sentence_starts.tolist(), self.size]

    @cached_property
    def _clause_bounds(self) -> list[int]:
        return [*self.clause_starts.tolist(), self.size]

    @cached_property
    def _doc_starts(self) -> list[int]:
        return self.doc_starts.tolist()


class RowMemo(dict):
    """From spaCy's string ids to lexicon rows, filled as ids are met."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self.lexicon = lexicon
        self.strings = None

    def __missing__(self, orth: int) -> int:
        row = self[orth] = self.lexicon.row(self.strings[orth])
        return row


class Segmenter:
    """Turns parsed entries into batches for one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.column = {name: lexicon.bit((name,)) for name in STRUCTURE}
        self.subject = "ich" if "ich" in lexicon.words["I"] else "i"
        self.memo = RowMemo(lexicon)
        self._marks = np.zeros(0, dtype=np.uint8)

    def flag(self, bits: np.ndarray, name: str) -> np.ndarray:
        """Which tokens belong to a structure class."""
        number = self.column[name]
        return (bits[:, number // 64] >> np.uint64(number % 64)) & np.uint64(1) > 0

    def marks(self, rows: np.ndarray) -> np.ndarray:
        """Punctuation of each token: 1 comma, 2 hard boundary, 4 quote, 8 question, 16 polite."""
        known = len(self._marks)
        forms = self.lexicon.forms
        if known < len(forms):
            fresh = np.fromiter((_mark(form) for form in forms[known:]), np.uint8)
            self._marks = np.concatenate([self._marks, fresh])
        return self._marks[rows]

    def batch(self, docs: Sequence[Doc]) -> Batch:
        """Arrays for some parsed entries (at least one token in all)."""
        ids, sentence_start, doc_starts = _columns(docs)
        self.memo.strings = docs[0].vocab.strings
        form, ids = pd.factorize(ids)
        rows = np.fromiter(map(self.memo.__getitem__, ids.tolist()), np.int32, len(ids))[form]
        marks = self.marks(rows)
        sentence_starts = np.flatnonzero(sentence_start)
        self._lower_openers(rows, marks, sentence_starts)
        bits = self.lexicon.bits.take(rows, axis=0)
        self.lexicon.phrases.mark(self.lexicon.piece_of[rows], bits)
        first = np.zeros(len(rows), dtype=bool)
        first[sentence_starts] = True
        question = np.logical_or.reduceat(marks & 8 > 0, sentence_starts)
        # "Habe heute gelernt": diary style drops the subject.
        dropped = first & self.flag(bits, "SELF_VERB")
        dropped[sentence_starts] &= ~question
        bits[dropped] |= self.lexicon.bits[self.lexicon.row(self.subject)]
        starts = self._clause_starts(bits, marks, first)
        sentence_of = np.cumsum(first) - 1
        return Batch(
            docs,
            rows,
            bits,
            doc_starts,
            sentence_starts,
            starts,
            sentence_of[starts],
            np.bitwise_or.reduceat(bits, starts, axis=0).T.copy(),
            self._quoted(rows, marks, doc_starts),
            question,
        )

    def _lower_openers(self, rows: np.ndarray, marks: np.ndarray, starts: np.ndarray) -> None:
        # At the start of a sentence a capital says nothing: read "Sie" as "sie" there.
        places = starts + ((marks[starts] & 4 > 0) & (starts + 1 < len(marks)))
        for place in places[marks[places] & 16 > 0].tolist():
            rows[place] = self.lexicon.row(self.lexicon.forms[rows[place]].lower())

    def _clause_starts(self, bits: np.ndarray, marks: np.ndarray, first: np.ndarray) -> np.ndarray:
        subject = self.flag(bits, "SUBJECT")
        subordinator = self.flag(bits, "SUBORDINATOR")
        soft = self.flag(bits, "SOFT_SUBORDINATOR")
        after_comma, after_hard = _shift(marks & 1 > 0), _shift(marks & 2 > 0)
        # "that", "wie" and "als" open a clause unless they follow a preposition.
        soft &= ~_shift(self.flag(bits, "PREPOSITION")) & (_ahead(subject) | after_comma)
        joined = self.flag(bits, "CONJUNCTION") & (_ahead(subject) | _ahead(subordinator))
        sure = first | after_hard | subordinator | soft | joined
        # "weil" after "und", "dass" after "so": keep the pair together.
        sure &= ~(_shift(joined) & subordinator & ~first)
        chunks = sure | after_comma
        starts = np.flatnonzero(chunks)
        clausal = self.flag(bits, "CLAUSAL") | subject
        has_verb = np.logical_or.reduceat(clausal, starts)
        return starts[has_verb | sure[starts]]

    def _quoted(self, rows: np.ndarray, marks: np.ndarray, doc_starts: np.ndarray) -> np.ndarray:
        quoted = np.zeros(len(rows), dtype=bool)
        forms = self.lexicon.forms
        opened, doc_of_open = -1, -1
        places = np.flatnonzero(marks & 4).tolist()
        if not places:
            return quoted
        docs = (np.searchsorted(doc_starts, places, side="right") - 1).tolist()
        for place, doc in zip(places, docs, strict=True):
            form = forms[rows[place]]
            if opened >= 0 and doc != doc_of_open:
                opened = -1
            if opened < 0:
                if form in _OPEN or form == '"':
                    opened, doc_of_open = place, doc
            elif form in _CLOSE or form == '"':
                if place - opened - 1 >= _SHORTEST_SPEECH:
                    quoted[opened + 1 : place] = True
                opened = -1
        return quoted


def _columns(docs: Sequence[Doc]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    tables = [doc.to_array([ORTH, SENT_START]) for doc in docs]
    lengths = np.fromiter(map(len, tables), np.int64, len(tables))
    doc_starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    table = np.concatenate(tables)
    starts = table[:, 1] == 1
    starts[doc_starts[lengths > 0]] = True
    return table[:, 0], starts, doc_starts


def _mark(form: str) -> int:
    if form in ("Sie", "Ihnen", "Ihr", "Ihre", "Ihrem", "Ihren", "Ihrer", "Ihres"):
        return 16
    mark = 1 if form == "," else 0
    mark |= 2 if form and set(form) <= _HARD else 0
    mark |= 4 if form in _QUOTES else 0
    mark |= 8 if form.startswith("?") or form.endswith("?") else 0
    return mark


def _shift(flags: np.ndarray) -> np.ndarray:
    """Flags of the token before."""
    return np.concatenate([[False], flags[:-1]])


def _ahead(flags: np.ndarray) -> np.ndarray:
    """Flags of the token after."""
    return np.concatenate([flags[1:], [False]])
