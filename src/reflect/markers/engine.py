"""The marker pass: parsed entries in, hits with gate, direction and spans out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reflect.markers.clauses import STRUCTURE, Batch, Segmenter
from reflect.markers.codebook import Codebook
from reflect.markers.direction import DIRECTION_CLASSES, Direction
from reflect.markers.gates import GATE_CLASSES, Gates
from reflect.markers.lexicon import Lexicon
from reflect.markers.matching import Match, Matcher

if TYPE_CHECKING:
    from spacy.tokens import Doc

BATCH_TOKENS = 60_000
DIRECTED = ("learning", "advice")


@dataclass(frozen=True)
class Hit:
    """One marker in one sentence; offsets are characters in the entry, half-open."""

    doc: int
    sentence: int
    family: str
    direction: str
    start: int
    end: int
    cue_start: int
    cue_end: int
    content_start: int
    content_end: int
    rule: str
    gate: str
    holder: str


class Engine:
    """A codebook ready to run; build one per language and keep it."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.lexicon = Lexicon(codebook.words)
        for name in (*STRUCTURE, *GATE_CLASSES, *DIRECTION_CLASSES):
            self.lexicon.bit((name,))
        self.matcher = Matcher(codebook.rules, codebook.words, self.lexicon)
        self.lexicon.seal()
        self.segmenter = Segmenter(self.lexicon)
        self.gates = Gates(self.lexicon, codebook.language)
        self.direction = Direction(self.lexicon)

    def hits(self, docs: Iterable[Doc], partners: Sequence[str] | None = None) -> Iterator[Hit]:
        """Hits of parsed entries, in order; ``Hit.doc`` counts the entries given."""
        offset = 0
        for group in _groups(docs):
            some = [doc for doc in group if len(doc)]
            if some:
                places = [offset + i for i, doc in enumerate(group) if len(doc)]
                names = [partners[i] for i in places] if partners is not None else None
                for hit in self._batch_hits(self.segmenter.batch(some), names, places):
                    yield hit
            offset += len(group)

    def _batch_hits(
        self, batch: Batch, partners: list[str] | None, places: list[int]
    ) -> list[Hit]:
        best: dict[tuple[int, str, str], tuple[bool, int, Hit]] = {}
        rules = self.codebook.rules
        for order, match in enumerate(self.matcher.matches(batch)):
            rule = rules[match.rule]
            if rule.only and not batch.question[match.sentence]:
                continue
            gate = self.gates.reason(batch, match, rule)
            first = batch.sentence_range(match.sentence)[0]
            doc, _ = batch.locate(first)
            partner = partners[doc] if partners is not None else ""
            direction = self.direction.resolve(batch, match, rule, partner or "")
            key = (match.sentence, rule.family, direction)
            rank = (bool(gate), order)
            if key not in best or rank < best[key][:2]:
                hit = self._hit(batch, match, rule.family, rule.id, gate, direction, doc, places)
                best[key] = (*rank, hit)
        return _settled(best)

    def _hit(
        self,
        batch: Batch,
        match: Match,
        family: str,
        rule: str,
        gate: str,
        direction: str,
        doc: int,
        places: list[int],
    ) -> Hit:
        first, last = batch.sentence_range(match.sentence)
        parsed, shift = batch.docs[doc], int(batch.doc_starts[doc])
        start, end = _span(parsed, first - shift, last - shift)
        cue = _span(parsed, min(match.cue) - shift, max(match.cue) - shift + 1)
        content = (-1, -1)
        if family in DIRECTED:
            after = batch.clause_range(match.clauses[-1])[1]
            if after < last and last - after > 2:
                content = _span(parsed, after - shift, last - shift, trim=True)
        holder = "writer"
        if gate in ("reported", "other_subject", "quoted"):
            holder = "other"
        return Hit(
            places[doc], match.sentence, family, direction, start, end, *cue, *content, rule, gate,
            holder,
        )  # fmt: skip


def _settled(best: dict[tuple[int, str, str], tuple[bool, int, Hit]]) -> list[Hit]:
    """One hit a sentence and family; a second direction stays if it counts on its own."""
    counted = {key[:2] for key, value in best.items() if not value[0]}
    named = {
        key[:2] for key, value in best.items() if not value[0] and key[2] not in _VAGUE
    }
    kept, gated_seen = [], set()
    for key, (gated, order, hit) in sorted(best.items(), key=lambda kv: (kv[0][0], kv[1][:2])):
        if gated:
            if key[:2] in counted or key[:2] in gated_seen:
                continue
            gated_seen.add(key[:2])
        elif key[2] in _VAGUE and key[:2] in named and key[1] in DIRECTED:
            continue
        kept.append((key[0], order, hit))
    return [hit for _, _, hit in sorted(kept, key=lambda item: item[:2])]


_VAGUE = ("", "unspecified")


def _span(doc: Doc, first: int, last: int, trim: bool = False) -> tuple[int, int]:
    while trim and last - 1 > first and doc[last - 1].is_punct:
        last -= 1
    while last - 1 > first and doc[last - 1].is_space:
        last -= 1
    while first < last - 1 and doc[first].is_space:
        first += 1
    end = doc[last - 1]
    return doc[first].idx, end.idx + len(end)


def _groups(docs: Iterable[Doc]) -> Iterator[list[Doc]]:
    group: list[Doc] = []
    size = 0
    for doc in docs:
        group.append(doc)
        size += len(doc)
        if size >= BATCH_TOKENS:
            yield group
            group, size = [], 0
    if group:
        yield group
