"""The marker pass: parsed entries in, hits with gate, direction and spans out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reflect.markers.clauses import STRUCTURE, Batch, Segmenter
from reflect.markers.codebook import FAMILIES, Codebook, builtin
from reflect.markers.direction import DIRECTION_CLASSES, Direction
from reflect.markers.gates import GATE_CLASSES, Gates
from reflect.markers.lexicon import Lexicon
from reflect.markers.matching import Match, Matcher
from reflect.markers.model import (
    ADVICE,
    LEARNING,
    MODEL_ODDS,
    OUTPUTS,
    RULE_ODDS,
    RUNNING_FROM,
    LinearModel,
    SentenceModel,
    log_odds,
    running_odds,
)
from reflect.markers.register import REGISTER, RegisterModel, has_register

if TYPE_CHECKING:
    from spacy.tokens import Doc

BATCH_TOKENS = 60_000
DIRECTED = {"learning": LEARNING, "advice": ADVICE}
_VAGUE = ("", "unspecified")
_COLUMNS = {
    family: slice(start := OUTPUTS.index(f"{family}:{options[0]}"), start + len(options))
    for family, options in DIRECTED.items()
}
# A rule's own direction stays if the model finds it this much less likely than another (log odds).
_CLOSE = 0.5
# Texts with this share of words of SCHOOL are about teaching: in CEReD it is 4 %, below .4 % with
# any writer of ours, visits to a class among them.
_REGISTER_SHARE = 0.015
_REGISTER_TEXTS = 1000
# What a third party makes of a direction.
_THIRD = {"from_partner": "from_other", "received": "received_other"}


class Hit(NamedTuple):
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


class Candidate(NamedTuple):
    """A match with its verdict, before one hit a family is chosen."""

    match: Match
    family: str
    rule: str
    gate: str
    direction: str


class Engine:
    """A codebook ready to run; build one per language and keep it.

    Parameters
    ----------
    codebook : Codebook
        Word classes and rules.
    model : bool, default True
        Whether the linear model adds what no rule names and doubts what a rule overreaches.
    """

    def __init__(self, codebook: Codebook, model: bool = True) -> None:
        self.codebook = codebook
        self.lexicon = Lexicon(codebook.words)
        for name in (*STRUCTURE, *GATE_CLASSES, *DIRECTION_CLASSES, *codebook.words):
            self.lexicon.bit((name,))
        self.matcher = Matcher(codebook.rules, codebook.words, self.lexicon)
        self.lexicon.seal()
        self.segmenter = Segmenter(self.lexicon)
        self.gates = Gates(self.lexicon, codebook.language)
        self.direction = Direction(self.lexicon)
        self.model = SentenceModel(codebook.language, self.lexicon) if model else None
        # Rules of a researcher's own keep the direction they name.
        ours = set(builtin(codebook.language).rules)
        self._own = [rule not in ours for rule in codebook.rules]
        school = codebook.words.get("SCHOOL", ()) if has_register(codebook.language) else ()
        words = "|".join(map(re.escape, school))
        self._school_words = re.compile(rf"\b(?:{words})\b", re.IGNORECASE) if words else None

    def about_teaching(self, texts: Sequence[str]) -> bool:
        """Whether texts, looked at together, are of the register that `REGISTER` codes."""
        if self._school_words is None:
            return False
        some = texts[:: len(texts) // _REGISTER_TEXTS + 1]
        found = sum(len(self._school_words.findall(text)) for text in some)
        return found > _REGISTER_SHARE * sum(text.count(" ") + 1 for text in some)

    def hits(
        self,
        docs: Iterable[Doc],
        partners: Sequence[str] | None = None,
        teaching: Callable[[], bool] | None = None,
    ) -> Iterator[Hit]:
        """Hits of parsed entries, in order; ``Hit.doc`` counts the entries given.

        Where they are about `teaching`, the codes of that register decide in short entries; it is
        asked only where there are any.
        """
        offset = 0
        for group in _groups(docs):
            some = [(place, doc) for place, doc in enumerate(group) if len(doc)]
            if some:
                places = [offset + place for place, _ in some]
                names = [partners[place] for place in places] if partners is not None else None
                batch = self.segmenter.batch([doc for _, doc in some])
                for candidate in self._chosen(batch, names, teaching):
                    yield self._hit(batch, candidate, places)
            offset += len(group)

    def candidates(self, batch: Batch, partners: list[str] | None = None) -> list[Candidate]:
        """Every match of a rule that is not weak, with gate and direction, in rule order."""
        rules = self.codebook.rules
        found = []
        for match in self.matcher.matches(batch):
            rule = rules[match.rule]
            if rule.only and not batch.question[match.sentence]:
                continue
            gate = self.gates.reason(batch, match, rule)
            direction = ""
            if rule.family in DIRECTED:
                partner = self._partner(batch, match.sentence, partners)
                direction = self.direction.resolve(batch, match, rule, partner)
            found.append(Candidate(match, rule.family, rule.id, gate, direction))
        return found

    def _chosen(
        self, batch: Batch, partners: list[str] | None, teaching: Callable[[], bool] | None
    ) -> list[Candidate]:
        candidates = self.candidates(batch, partners)
        if self.model is not None:
            candidates = self._weighed(batch, candidates, partners, teaching)
        return _settled(candidates)

    def _weighed(
        self,
        batch: Batch,
        candidates: list[Candidate],
        partners: list[str] | None,
        teaching: Callable[[], bool] | None,
    ) -> list[Candidate]:
        """Rule matches the model doubts gated, and its own findings added."""
        model = self.model
        weak = self.matcher.weak(batch)
        scores = self._scores(model, batch, candidates, weak)
        running = self._running(batch)
        odds = np.empty((len(scores), len(FAMILIES)), dtype=scores.dtype)
        odds[~running] = log_odds(scores[~running])
        odds[running] = running_odds(scores[running])
        if teaching is not None and not running.all() and teaching():
            codes = self._register.odds(
                batch, self._scores(self._register, batch, candidates, weak)
            )
            for place, family in enumerate(REGISTER.values()):
                if family:
                    column = FAMILIES.index(family)
                    odds[~running, column] = codes[~running, place] + model.threshold[column]
        doubted = odds < np.where(running[:, None], RULE_ODDS, model.floor)
        threshold = np.where(running[:, None], MODEL_ODDS, model.threshold)
        column = {family: place for place, family in enumerate(FAMILIES)}
        weighed, taken = [], set()
        for item in candidates:
            place = column[item.family]
            taken.add((item.match.sentence, place))
            low = doubted[item.match.sentence, place]
            if low and not item.gate and not self._unmistakable(item, running):
                item = item._replace(gate="unlikely")
            weighed.append(item)
        # Number of the first weak rule of a family that holds in a sentence, -1 if none.
        holding = np.full(odds.shape, -1)
        for number, sentences in reversed(weak):
            holding[sentences, column[self.codebook.rules[number].family]] = number
        for sentence, place in np.argwhere(odds >= threshold).tolist():
            if (sentence, place) not in taken:
                number = holding[sentence, place]
                rule = self.codebook.rules[number].id if number >= 0 else f"model.{FAMILIES[place]}"
                weighed.append(self._modelled(batch, sentence, place, rule))
        return self._directed(batch, weighed, scores, partners)

    @cached_property
    def _register(self) -> RegisterModel:
        return RegisterModel(self.codebook.language, self.lexicon)

    def _scores(
        self,
        model: LinearModel,
        batch: Batch,
        candidates: list[Candidate],
        weak: list[tuple[int, np.ndarray]],
    ) -> np.ndarray:
        """Logits of a model for every sentence, with what the rules found."""
        scores = model.score(batch)
        for number, sentences in weak:
            rule = self.codebook.rules[number]
            model.add_weak(scores, rule.id, rule.family, sentences)
        seen: set[tuple[int, str, str]] = set()
        for item in candidates:
            key = (item.match.sentence, item.rule, item.gate)
            if key not in seen:
                seen.add(key)
                added = model.rule_weights(item.rule, item.family, item.gate, item.direction)
                if added is not None:
                    scores[item.match.sentence] += added
        return scores

    def _directed(
        self, batch: Batch, items: list[Candidate], scores: np.ndarray, partners: list[str] | None
    ) -> list[Candidate]:
        """Hits of learning and advice with the direction that words, roles and rules speak for."""
        for place, item in enumerate(items):
            if item.family in DIRECTED and not (
                item.match.rule >= 0 and self._own[item.match.rule]
            ):
                name = self._decided(batch, item, scores[item.match.sentence], partners)
                if name != item.direction:
                    items[place] = item._replace(direction=name)
        return items

    def _decided(
        self, batch: Batch, item: Candidate, scores: np.ndarray, partners: list[str] | None
    ) -> str:
        """The likeliest direction; the rule's own where it is sure, or nearly as likely."""
        options = DIRECTED[item.family]
        odds = scores[_COLUMNS[item.family]].tolist()
        highest = max(odds)
        name = options[odds.index(highest)]
        said = item.direction
        # Of mutual learning each rule sees a half.
        sure = self._sure(item) and "mutual" not in options
        if said in options and (sure or odds[options.index(said)] >= highest - _CLOSE):
            name = said
        if name in _THIRD:
            partner = self._partner(batch, item.match.sentence, partners)
            if self.direction.third_party(batch, item.match, partner):
                return _THIRD[name]
        return name

    @staticmethod
    def _running(batch: Batch) -> np.ndarray:
        """Whether each sentence belongs to an entry long enough to be running text."""
        first = np.searchsorted(batch.sentence_starts, batch.doc_starts)
        sizes = np.diff([*first, len(batch.sentence_starts)])
        return np.repeat(sizes > RUNNING_FROM, sizes)

    def _unmistakable(self, item: Candidate, running: np.ndarray) -> bool:
        return bool(running[item.match.sentence]) and self._sure(item)

    def _sure(self, item: Candidate) -> bool:
        """Whether a rule that is sure found it, not the model alone."""
        return item.match.rule >= 0 and self.codebook.rules[item.match.rule].sure

    def _modelled(self, batch: Batch, sentence: int, place: int, rule: str) -> Candidate:
        family = FAMILIES[place]
        clauses = batch.clauses(sentence)
        cue = self.model.cue(batch, *batch.sentence_range(sentence), place)
        match = Match(-1, sentence, (clauses[0], clauses[-1]), (cue,), False)
        gate = self.gates.sentence_reason(batch, sentence, clauses, family, match.cue)
        return Candidate(match, family, rule, gate, "")

    @staticmethod
    def _partner(batch: Batch, sentence: int, partners: list[str] | None) -> str:
        if partners is None:
            return ""
        doc, _ = batch.locate(batch.sentence_range(sentence)[0])
        return partners[doc] or ""

    def _hit(self, batch: Batch, item: Candidate, places: list[int]) -> Hit:
        match = item.match
        first, last = batch.sentence_range(match.sentence)
        doc, _ = batch.locate(first)
        parsed, shift = batch.docs[doc], int(batch.doc_starts[doc])
        start, end = _span(parsed, first - shift, last - shift)
        cue = _span(parsed, min(match.cue) - shift, max(match.cue) - shift + 1)
        content = (-1, -1)
        if item.family in DIRECTED:
            after = batch.clause_range(match.clauses[-1])[1]
            if after < last and last - after > 2:
                content = _span(parsed, after - shift, last - shift, trim=True)
        theirs = item.gate in ("reported", "other_subject", "quoted")
        return Hit(
            places[doc],
            match.sentence,
            item.family,
            item.direction,
            start,
            end,
            *cue,
            *content,
            item.rule,
            item.gate,
            "other" if theirs else "writer",
        )


def _settled(candidates: list[Candidate]) -> list[Candidate]:
    """One hit a sentence and family; a second direction stays if it counts on its own."""
    best: dict[tuple[int, str, str], tuple[bool, int]] = {}
    for order, item in enumerate(candidates):
        key = (item.match.sentence, item.family, item.direction)
        best[key] = min(best.get(key, (True, len(candidates))), (bool(item.gate), order))
    counted = {key[:2] for key, (gated, _) in best.items() if not gated}
    named = {key[:2] for key, (gated, _) in best.items() if not gated and key[2] not in _VAGUE}
    kept, seen = [], set()
    for key, (gated, order) in sorted(best.items(), key=lambda item: (item[0][0], item[1])):
        if gated:
            if key[:2] in counted or key[:2] in seen:
                continue
            seen.add(key[:2])
        elif key[2] in _VAGUE and key[:2] in named and key[1] in DIRECTED:
            continue
        kept.append((key[0], order))
    return [candidates[order] for _, order in sorted(kept)]


def _span(doc: Doc, first: int, last: int, trim: bool = False) -> tuple[int, int]:
    start, end = doc[first], doc[last - 1]
    while trim and end.i > first and end.is_punct:
        end = doc[end.i - 1]
    while end.i > first and end.is_space:
        end = doc[end.i - 1]
    while start.i < end.i and start.is_space:
        start = doc[start.i + 1]
    return start.idx, end.idx + len(end)


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
