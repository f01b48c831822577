"""Rules against batches: bit tests over all clauses, then word order where a rule asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from reflect.markers.clauses import Batch
from reflect.markers.codebook import Rule
from reflect.markers.lexicon import Lexicon
from reflect.markers.pattern import GAP, OPENING, Part, Pattern, compile_pattern

# The writer's slots, and who fills them when a sentence tells of somebody else.
_SHADOW = {"I": "OTHER_I", "ME": "OTHER_ME", "I_ME": "OTHER_I_ME"}
# Families in which somebody else's experience must not count for the writer.
_OWN = frozenset(
    [
        "insight",
        "revision",
        "learning",
        "self_efficacy",
        "difficulty",
        "commitment",
        "expectation_violation",
    ]
)


class Match(NamedTuple):
    """A rule that holds in a sentence: its clauses and the tokens that carry it."""

    rule: int
    sentence: int
    clauses: tuple[int, ...]
    cue: tuple[int, ...]
    shadow: bool


@dataclass(frozen=True)
class _Test:
    """One part of a rule; word classes as (64-bit word, mask in it)."""

    need: tuple[tuple[int, int], ...]
    ban: tuple[tuple[int, int], ...]
    atoms: tuple[tuple[int, int], ...]
    order: tuple[tuple[int, int], ...]
    opening: tuple[int, ...]


@dataclass(frozen=True)
class _Plan:
    rule: int
    shadow: bool
    tests: tuple[_Test, ...]
    ban: tuple[tuple[int, int], ...]
    ordered: bool


class Matcher:
    """All rules of a codebook, compiled for one lexicon."""

    def __init__(
        self, rules: tuple[Rule, ...], words: Mapping[str, tuple[str, ...]], lexicon: Lexicon
    ) -> None:
        self.rules = rules
        plans = []
        for number, rule in enumerate(rules):
            pattern = compile_pattern(rule.pattern, words)
            plans.append((number, False, pattern))
            other = _shadow(pattern) if rule.family in _OWN and not rule.weak else None
            if other:
                plans.append((number, True, other))
        compiled = [self._plan(*plan, lexicon) for plan in plans]
        self._plans = [plan for plan in compiled if not rules[plan.rule].weak]
        self._weak = [plan for plan in compiled if rules[plan.rule].weak]

    @staticmethod
    def _plan(number: int, shadow: bool, pattern: Pattern, lexicon: Lexicon) -> _Plan:
        tests = []
        for part in pattern.parts:
            need = [lexicon.bit(atom) for atom in part.need]
            ban = [lexicon.bit(atom) for atom in part.ban]
            atoms = tuple((number // 64, 1 << (number % 64)) for number in need)
            tests.append(_Test(_masks(need), _masks(ban), atoms, part.order, part.opening))
        ban = _masks([lexicon.bit(atom) for atom in pattern.ban])
        return _Plan(number, shadow, tuple(tests), ban, pattern.ordered)

    def weak(self, batch: Batch) -> list[tuple[int, np.ndarray]]:
        """Sentences in which each weak rule holds, as (rule, sentences)."""
        opening = _opening_bits(batch)
        found = []
        for plan in self._weak:
            if plan.tests[0].order:
                sentences = {match.sentence for match in self._plan_matches(batch, plan)}
                found.append((plan.rule, np.array(sorted(sentences), dtype=np.int64)))
            else:
                found.append((plan.rule, _weak_sentences(batch, plan, opening)))
        if batch.question.any():
            return [
                (rule, places[batch.question[places]] if self.rules[rule].only else places)
                for rule, places in found
            ]
        return [(rule, places) for rule, places in found if not self.rules[rule].only]

    def matches(self, batch: Batch) -> Iterator[Match]:
        """Every place where a rule holds, rule by rule; weak rules left out."""
        for plan in self._plans:
            yield from self._plan_matches(batch, plan)

    @staticmethod
    def _plan_matches(batch: Batch, plan: _Plan) -> Iterator[Match]:
        found = []
        for test in plan.tests:
            clauses = _holding(test, batch.clause_bits)
            if not len(clauses):
                return
            found.append(clauses)
        if len(found) > 1:
            yield from _joined(batch, plan, found)
            return
        for clause in found[0].tolist():
            cue = _cue(batch, clause, plan.tests[0])
            if cue and not _banned(batch, clause, plan.ban):
                sentence = int(batch.clause_sentence[clause])
                yield Match(plan.rule, sentence, (clause,), cue, plan.shadow)


def _masks(numbers: list[int]) -> tuple[tuple[int, int], ...]:
    masks: dict[int, int] = {}
    for number in numbers:
        masks[number // 64] = masks.get(number // 64, 0) | 1 << (number % 64)
    return tuple(sorted(masks.items()))


def _holding(test: _Test, bits: np.ndarray) -> np.ndarray:
    """Clauses that contain every needed class and no banned one."""
    clauses = None
    for word, mask in test.need:
        flag = np.uint64(mask)
        if clauses is None:
            clauses = ((bits[word] & flag) == flag).nonzero()[0]
        else:
            clauses = clauses[(bits[word][clauses] & flag) == flag]
        if not len(clauses):
            return clauses
    if test.ban and clauses is not None and len(clauses):
        for word, mask in test.ban:
            clauses = clauses[(bits[word][clauses] & np.uint64(mask)) == 0]
    return clauses


def _opening_bits(batch: Batch) -> np.ndarray:
    """Word-class bits of the first words of each sentence."""
    starts = batch.sentence_starts
    last = np.append(starts[1:], batch.size) - 1
    bits = batch.bits.take(starts, axis=0)
    for step in range(1, OPENING):
        bits |= batch.bits.take(np.minimum(starts + step, last), axis=0)
    return bits.T


def _weak_sentences(batch: Batch, plan: _Plan, opening: np.ndarray) -> np.ndarray:
    """Sentences in which a plan without word order holds."""
    count = len(batch.sentence_starts)
    holds: np.ndarray | None = None
    for test in plan.tests:
        clauses = _holding(test, batch.clause_bits)
        own = batch.clause_sentence[clauses]
        for place in test.opening:
            word, flag = test.atoms[place]
            at_start = opening[word][own] & np.uint64(flag) > 0
            clauses, own = clauses[at_start], own[at_start]
        if not len(clauses):
            return clauses
        # Clauses ascend: the last one written into a sentence's place stays.
        last = np.full(count, -1)
        last[own] = clauses
        if holds is None:
            holds, first = last >= 0, last.copy()
            first[own[::-1]] = clauses[::-1]
        else:
            holds &= (last > first) if plan.ordered else (last >= 0)
    sentences = np.flatnonzero(holds)
    for word, mask in plan.ban:
        sentences = sentences[batch.sentence_bits[word][sentences] & np.uint64(mask) == 0]
    return sentences


def _banned(batch: Batch, clause: int, ban: tuple[tuple[int, int], ...]) -> bool:
    sentence = batch.clause_sentence[clause] if ban else 0
    return any(int(batch.sentence_bits[word, sentence]) & mask for word, mask in ban)


def _joined(batch: Batch, plan: _Plan, found: list[np.ndarray]) -> Iterator[Match]:
    """Rules of several parts: the parts' clauses lie in one sentence."""
    shared = np.ones(len(batch.sentence_starts), dtype=bool)
    for clauses in found:
        here = np.zeros(len(shared), dtype=bool)
        here[batch.clause_sentence[clauses]] = True
        shared &= here
    by_sentence: list[dict[int, list[int]]] = []
    for clauses in found:
        clauses = clauses[shared[batch.clause_sentence[clauses]]]
        groups: dict[int, list[int]] = {}
        sentences = batch.clause_sentence[clauses].tolist()
        for clause, sentence in zip(clauses.tolist(), sentences, strict=True):
            groups.setdefault(sentence, []).append(clause)
        by_sentence.append(groups)
    for sentence in by_sentence[0]:
        chosen: list[int] = []
        cue: tuple[int, ...] = ()
        for test, groups in zip(plan.tests, by_sentence, strict=True):
            after = chosen[-1] if plan.ordered and chosen else -1
            for clause in groups[sentence]:
                tokens = _cue(batch, clause, test) if clause > after else ()
                if tokens:
                    chosen.append(clause)
                    cue += tokens
                    break
            else:
                break
        if len(chosen) == len(plan.tests) and not _banned(batch, chosen[0], plan.ban):
            yield Match(plan.rule, sentence, tuple(chosen), cue, plan.shadow)


def _cue(batch: Batch, clause: int, test: _Test) -> tuple[int, ...]:
    """The tokens that fill the slots, or nothing if the word order does not hold."""
    start, end = batch.clause_range(clause)
    bits = batch.bits
    places = []
    for word, flag in test.atoms:
        column = bits[start:end, word].tolist()
        places.append([token for token, value in enumerate(column, start) if value & flag])
    if test.opening:
        first, _ = batch.sentence_range(int(batch.clause_sentence[clause]))
        for place in test.opening:
            places[place] = [token for token in places[place] if token < first + OPENING]
    if not all(places):
        return ()
    chosen = [where[0] for where in places]
    for before, after in test.order:
        for first in places[before]:
            second = next((p for p in places[after] if first < p <= first + GAP + 1), None)
            if second is not None:
                chosen[before], chosen[after] = first, second
                break
        else:
            return ()
    return tuple(chosen)


def _shadow(pattern: Pattern) -> Pattern | None:
    """The same pattern told of somebody else, or None if the writer has no slot in it."""
    changed = False
    parts = []
    for part in pattern.parts:
        need = []
        for atom in part.need:
            replaced = tuple(_SHADOW.get(choice, choice) for choice in atom)
            changed |= replaced != atom
            need.append(replaced)
        parts.append(Part(tuple(need), part.ban, part.order, part.opening))
    return Pattern(tuple(parts), pattern.ban, pattern.ordered) if changed else None
