"""Who learned from whom, who advised whom.

The partner is a role noun, the tandem's placeholder, a name, or a third-person pronoun
unless the last person named before it is a third party.
"""

from __future__ import annotations

import numpy as np

from reflect.markers.clauses import Batch
from reflect.markers.codebook import Rule
from reflect.markers.lexicon import Lexicon
from reflect.markers.matching import Match

DIRECTION_CLASSES = (
    "PARTNER",
    "THIRD",
    "PRONOUN_3",
    "PRONOUN_3_OBJECT",
    "NAME",
    "PLACEHOLDER",
    "FROM",
    "EACH_OTHER",
    "BOTH",
    "I",
    "ME",
    "GET",
)
_PEOPLE = ("PARTNER", "THIRD", "PRONOUN_3", "PRONOUN_3_OBJECT", "NAME", "PLACEHOLDER")
_LOOK_BACK = 2
_REACH = 5


class Direction:
    """Resolves persons with the word classes of one codebook."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.forms = lexicon.forms
        self._flag = {name: 1 << lexicon.bit((name,)) for name in DIRECTION_CLASSES}
        self._people = sum(self._flag[name] for name in _PEOPLE)
        self._named = sum(self._flag[name] for name in _PEOPLE if "PRONOUN" not in name)
        self._outside = self._flag["THIRD"] | self._flag["PLACEHOLDER"]

    def is_a(self, batch: Batch, token: int, name: str) -> bool:
        """Whether a token belongs to a class."""
        return bool(int(batch.bits[token, 0]) & self._flag[name])

    def _holds(self, batch: Batch, sentence: int, name: str) -> bool:
        """Whether a sentence contains a class."""
        return bool(int(batch.sentence_bits[0, sentence]) & self._flag[name])

    def resolve(self, batch: Batch, match: Match, rule: Rule, partner: str = "") -> str:
        """Direction of a match: the rule's, corrected by the persons in the sentence."""
        if rule.family == "learning":
            return self._learning(batch, match, rule.direction, partner)
        if rule.family == "advice":
            return self._advice(batch, match, rule.direction, partner)
        return ""

    def _learning(self, batch: Batch, match: Match, given: str, partner: str) -> str:
        if given in ("to_partner", "mutual"):
            return given
        if self._holds(batch, match.sentence, "EACH_OTHER"):
            return "mutual"
        source = self._source(batch, match.sentence, partner)
        if source:
            return f"from_{source}"
        if given == "from_partner":
            return f"from_{self.party(batch, match, partner) or 'partner'}"
        if given == "from_other":
            return given
        return "unspecified"

    def _advice(self, batch: Batch, match: Match, given: str, partner: str) -> str:
        if given == "given" or given == "mutual":
            return given
        if given == "received_other":
            return given
        return "received_other" if self.party(batch, match, partner) == "other" else "received"

    def party(self, batch: Batch, match: Match, partner: str = "") -> str:
        """'partner' or 'other' for the person acting in a match, '' if nobody is named."""
        start, _ = batch.clause_range(match.clauses[0])
        _, end = batch.clause_range(match.clauses[-1])
        people = [p for t in range(start, end) if (p := self._person(batch, t, partner))]
        if "partner" in people:
            return "partner"
        if "other" in people:
            return "other"
        if "pronoun" in people:
            return self._antecedent(batch, match, partner)
        return ""

    def third_party(self, batch: Batch, match: Match, partner: str = "") -> bool:
        """Whether a sentence names nobody but a stranger, or by pronouns that mean a third party.

        A stranger is a placeholder that is not the partner's.
        """
        held = int(batch.sentence_bits[0, match.sentence])
        if held & self._named:
            if not partner or not held & self._flag["PLACEHOLDER"]:
                return False
            start, end = batch.sentence_range(match.sentence)
            people = {self._person(batch, token, partner) for token in range(start, end)}
            return "partner" not in people
        first = max(match.sentence - _LOOK_BACK, 0)
        before = np.bitwise_or.reduce(batch.sentence_bits[0, first : match.sentence], initial=0)
        if not held & self._people or not int(before) & self._outside:
            return False
        return self._antecedent(batch, match, partner) == "other"

    def _person(self, batch: Batch, token: int, partner: str) -> str:
        if not int(batch.bits[token, 0]) & self._people:
            return ""
        if self.is_a(batch, token, "PLACEHOLDER"):
            form = self.forms[batch.rows[token]].strip("[]")
            return "partner" if not partner or form == partner.strip("[]") else "other"
        if self.is_a(batch, token, "PARTNER") or self.is_a(batch, token, "NAME"):
            return "partner"
        if self.is_a(batch, token, "THIRD"):
            return "other"
        if self.is_a(batch, token, "PRONOUN_3") or self.is_a(batch, token, "PRONOUN_3_OBJECT"):
            return "pronoun"
        return ""

    def _source(self, batch: Batch, sentence: int, partner: str) -> str:
        """The person or thing after from, thanks to, through."""
        if not self._holds(batch, sentence, "FROM"):
            return ""
        start, end = batch.sentence_range(sentence)
        for token in range(start, end):
            if not self.is_a(batch, token, "FROM"):
                continue
            for after in range(token + 1, min(token + 1 + _REACH, end)):
                person = self._person(batch, after, partner)
                if person == "pronoun":
                    return "partner"
                if person:
                    return person
                if self.is_a(batch, after, "I") or self.forms[batch.rows[after]] == ",":
                    break
        return ""

    def _antecedent(self, batch: Batch, match: Match, partner: str) -> str:
        doc, _ = batch.locate(batch.sentence_range(match.sentence)[0])
        floor = max(int(batch.doc_starts[doc]), 0)
        first = max(match.sentence - _LOOK_BACK, 0)
        start = max(batch.sentence_range(first)[0], floor)
        stop = batch.clause_range(match.clauses[0])[0]
        for token in range(stop - 1, start - 1, -1):
            person = self._person(batch, token, partner)
            if person in ("partner", "other"):
                return person
        return "partner"
