"""Why a hit does not count: the first gate that closes, or none."""

from __future__ import annotations

import re

import numpy as np

from reflect.markers.clauses import Batch
from reflect.markers.codebook import Rule
from reflect.markers.lexicon import Lexicon
from reflect.markers.matching import Match
from reflect.markers.pattern import OPENING

# Classes the gates read, besides those of the clause structure.
GATE_CLASSES = (
    "IF",
    "SUBJUNCTIVE",
    "HOPE",
    "SPEECH",
    "REPORT_OPENER",
    "ACCORDING",
    "GENERIC",
    "I",
    "ME",
    "MY",
    "SINCE_IF",
    "OTHER_I",
    "WE",
    "EACH_OTHER",
    "BOTH",
    "HOPE_OPENER",
    "COUNTERFACTUAL",
    "CONDITIONAL",
    "DENIAL",
    "NAMING",
    "CLAIM",
    "ASKING",
    "TURN",
    "GROUP",
    "WHETHER",
)
# Families whose cues live in questions, hypotheticals or plans.
_ALWAYS_ALLOWED = {
    "self_questioning": frozenset({"question", "irrealis", "negated"}),
    "expectation_violation": frozenset({"irrealis"}),
    "revision": frozenset({"irrealis", "negated"}),
    "generalization": frozenset({"generic"}),
    "difference": frozenset({"generic", "negated"}),
    "perspective_taking": frozenset({"generic", "irrealis"}),
    "commitment": frozenset({"irrealis"}),
    "difficulty": frozenset({"negated", "irrealis"}),
    "key_moment": frozenset({"generic", "negated"}),
    "commonality": frozenset({"generic"}),
}
# "Hopefully", "with any luck" at the start: told as a hope, unless the family lives on doubt.
_HOPE_ALLOWED = frozenset({"perspective_taking", "self_questioning", "key_moment"})
# "Had I known", "suppose", "were he here" as the first words.
_COUNTERFACTUAL_ALLOWED = _HOPE_ALLOWED | {"expectation_violation", "commitment"}
# "I wouldn't call it", "it's not that": what these are denied of, wherever the cue stands.
_DENIED = frozenset(
    {"key_moment", "self_efficacy", "learning", "advice", "commitment", "commonality"}
)
_OURS = ("I", "ME", "MY", "WE", "EACH_OTHER", "BOTH")
# A sentence most of which stands in quotation marks is its speaker's.
_MOSTLY = 0.5
_VERB_FINAL = re.compile(
    r"(^|.*[a-zäöü])ge\w+(t|en)$|\w+iert$|^(er|ver|be|ent|miss|über)\w+(t|en)$"
)


class Gates:
    """Gates of one language, reading the word classes of its codebook."""

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        self.late_negation = language == "de"
        self.forms = lexicon.forms
        names = (*GATE_CLASSES, "NEG", "NEG_NEUTRAL")
        self._flag = {name: 1 << lexicon.bit((name,)) for name in names}
        self._ours = sum(self._flag[name] for name in _OURS)

    def token(self, batch: Batch, token: int, name: str) -> bool:
        """Whether a token belongs to a class."""
        return bool(int(batch.bits[token, 0]) & self._flag[name])

    def clause(self, batch: Batch, clause: int, name: str) -> bool:
        """Whether a clause contains a class."""
        return bool(batch.clause_heads[clause] & self._flag[name])

    def reason(self, batch: Batch, match: Match, rule: Rule) -> str:
        """The gate that closes for a match, '' if it counts."""
        allowed = (rule.allow | _ALWAYS_ALLOWED.get(rule.family, frozenset())) - rule.deny
        if any(batch.quoted[token] for token in match.cue):
            return "quoted"
        if match.shadow or self._theirs(batch, match.sentence, rule.family):
            return "other_subject"
        if "reported" not in allowed and self._reported(batch, match):
            return "reported"
        if "question" not in allowed and batch.question[match.sentence]:
            return "question"
        if "negated" not in allowed and self._negated(batch, match):
            return "negated"
        if "irrealis" not in allowed and self._irrealis(batch, match):
            return "irrealis"
        near = self._around(batch, batch.clauses(match.sentence), match.cue)
        if "irrealis" not in rule.allow and self._hoped(batch, match.sentence, rule.family, near):
            return "irrealis"
        if "irrealis" not in allowed and self._conditional(batch, near):
            return "irrealis"
        if "negated" not in rule.allow and self._denied(batch, near, rule.family):
            return "negated"
        if "reported" not in allowed and self._said_by_others(batch, near, rule.family, match.cue):
            return "reported"
        if "generic" not in allowed and self._generic(batch, match):
            return "generic"
        return ""

    def sentence_reason(
        self, batch: Batch, sentence: int, clauses: range, family: str, cue: tuple[int, ...]
    ) -> str:
        """The gate that closes over a whole sentence, '' if none: for hits without a rule."""
        allowed = _ALWAYS_ALLOWED.get(family, frozenset())
        start, end = batch.sentence_range(sentence)
        if np.count_nonzero(batch.quoted[start:end]) > _MOSTLY * (end - start):
            return "quoted"
        if self._theirs(batch, sentence, family):
            return "other_subject"
        if "question" not in allowed and batch.question[sentence]:
            return "question"
        near = self._around(batch, clauses, cue)
        if self._hoped(batch, sentence, family, near):
            return "irrealis"
        if self._denied(batch, near, family):
            return "negated"
        if self._said_by_others(batch, near, family, cue):
            return "reported"
        for before in clauses[:-1]:
            if (
                self.clause(batch, before, "SPEECH")
                and not any(self.clause(batch, before, name) for name in ("I", "ME"))
                and self.clause(batch, before, "OTHER_I")
                and before == clauses[0]
                and self.token(batch, batch.clause_range(before + 1)[0], "REPORT_OPENER")
                and family != "advice"
            ):
                return "reported"
        if "irrealis" not in allowed and self._conditional(batch, near):
            return "irrealis"
        return ""

    @staticmethod
    def _around(batch: Batch, clauses: range, cue: tuple[int, ...]) -> tuple[int, int, int]:
        """The clause of a cue with those before and after it among a sentence's, -1 for none."""
        first = min(cue)
        own = next(k for k in reversed(clauses) if batch.clause_range(k)[0] <= first)
        before = own - 1 if own > clauses[0] else -1
        return before, own, own + 1 if own < clauses[-1] else -1

    def _conditional(self, batch: Batch, near: tuple[int, int, int]) -> bool:
        """Whether a cue says what would be if, in either half of the sentence."""
        before, own, after = near
        if self._would(batch, own):
            return any(self._if(batch, clause) for clause in (before, own, after))
        return self._if(batch, own) and self._would(batch, after)

    def _would(self, batch: Batch, clause: int) -> bool:
        return clause >= 0 and (
            self.clause(batch, clause, "SUBJUNCTIVE") or self.clause(batch, clause, "CONDITIONAL")
        )

    def _if(self, batch: Batch, clause: int) -> bool:
        """Whether a clause sets a condition: not "whether", nor "he asked me if"."""
        if clause < 0 or not self.clause(batch, clause, "IF"):
            return False
        start, end = batch.clause_range(clause)
        return any(
            self.token(batch, token, "IF")
            and not self.token(batch, token, "WHETHER")
            and not (token > start and self.token(batch, token - 1, "ASKING"))
            for token in range(start, end)
        )

    def _denied(self, batch: Batch, near: tuple[int, int, int], family: str) -> bool:
        """Whether a cue, or the clause before it, says what something was not."""
        if family not in _DENIED:
            return False
        before, own, _ = near
        if self.clause(batch, own, "DENIAL"):
            return True
        turned = self.clause(batch, own, "TURN")
        return before >= 0 and not turned and self.clause(batch, before, "DENIAL")

    def _said_by_others(
        self, batch: Batch, near: tuple[int, int, int], family: str, cue: tuple[int, ...]
    ) -> bool:
        """Whether a cue is what others say: "according to", "he claims that all managers ...".

        The latter of groups only, unless they are the ones who say it; and of key moments, where
        somebody calls something one.
        """
        before, own, _ = near
        ours = self.clause(batch, own, "I") or self.clause(batch, own, "ME")
        if family != "advice" and (
            self.clause(batch, own, "ACCORDING")
            or (before >= 0 and not ours and self.clause(batch, before, "ACCORDING"))
        ):
            return True
        if family == "key_moment":
            return self._speaks(batch, own, min(cue), "NAMING")
        return family == "generalization" and any(
            clause >= 0 and self._speaks(batch, clause, min(cue), "CLAIM")
            for clause in (before, own)
        )

    def _speaks(self, batch: Batch, clause: int, until: int, name: str) -> bool:
        """Whether somebody else than the writer or a group claims or names something there."""
        if self.clause(batch, clause, "I") or self.clause(batch, clause, "WE"):
            return False
        start, end = batch.clause_range(clause)
        for token in range(start, min(end, until)):
            if self.token(batch, token, "GROUP"):
                return False
            if self.token(batch, token, name):
                return True
        return False

    def _negated(self, batch: Batch, match: Match) -> bool:
        for clause in match.clauses:
            if not self.clause(batch, clause, "NEG"):
                continue
            start, end = batch.clause_range(clause)
            cue = [token for token in match.cue if start <= token < end]
            if not cue:
                continue
            last = max(cue)
            late = self.late_negation and not _VERB_FINAL.match(
                self.forms[batch.rows[last]].lower()
            )
            for token in range(start, end if late else last):
                if token in cue or not self.token(batch, token, "NEG"):
                    continue
                if token + 1 < end and self.token(batch, token + 1, "NEG_NEUTRAL"):
                    continue
                return True
        return False

    def _irrealis(self, batch: Batch, match: Match) -> bool:
        for clause in match.clauses:
            if self.clause(batch, clause, "IF") and not self.clause(batch, clause, "SINCE_IF"):
                return True
            if self.clause(batch, clause, "SUBJUNCTIVE"):
                return True
            if self.clause(batch, clause, "HOPE"):
                return True
        first = match.clauses[0]
        before = first - 1
        return bool(
            before >= 0
            and batch.clause_sentence[before] == match.sentence
            and self.clause(batch, before, "HOPE")
        )

    def _hoped(self, batch: Batch, sentence: int, family: str, near: tuple[int, int, int]) -> bool:
        """Whether a sentence opens as a hope, a guess or contrary to fact, and the cue with it."""
        start, end = batch.sentence_range(sentence)
        if family not in _COUNTERFACTUAL_ALLOWED and self.token(batch, start, "COUNTERFACTUAL"):
            before, own, _ = near
            if before < 0 or self._would(batch, own):
                return True
        flag = self._flag["HOPE_OPENER"]
        if family in _HOPE_ALLOWED or not int(batch.sentence_bits[0, sentence]) & flag:
            return False
        return any(
            int(batch.bits[place, 0]) & flag for place in range(start, min(start + OPENING, end))
        )

    def _theirs(self, batch: Batch, sentence: int, family: str) -> bool:
        """Whether a sentence about learning names others and nobody of the tandem's writer."""
        if family != "learning":
            return False
        held = int(batch.sentence_bits[0, sentence])
        return bool(held & self._flag["OTHER_I"]) and not held & self._ours

    def _generic(self, batch: Batch, match: Match) -> bool:
        clause = match.clauses[0]
        return self.clause(batch, clause, "GENERIC") and not any(
            self.clause(batch, clause, name) for name in ("I", "ME", "MY")
        )

    def _reported(self, batch: Batch, match: Match) -> bool:
        clause = match.clauses[0]
        before = clause - 1
        if before < 0 or batch.clause_sentence[before] != match.sentence:
            return False
        if not self.clause(batch, before, "SPEECH") or self.clause(batch, before, "I"):
            return False
        start, _ = batch.clause_range(clause)
        return self.token(batch, start, "REPORT_OPENER") and self.clause(batch, before, "OTHER_I")
