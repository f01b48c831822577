"""What speaks for and against a word being a name: lists, shape, neighbours, use in the corpus."""

# ruff: noqa: E501 (a pattern is easier to check on one line)

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache

from reflect.anonymity.lists import (
    COMPOUND,
    FAMILY,
    GIVEN,
    NAMED,
    NOUN,
    OTHER,
    PLACE,
    PLAIN,
    WORD,
    flags,
    signature,
    vocabulary,
)
from reflect.anonymity.words import Word

_ADJECTIVE = re.compile(r"[^\W\d_]{3,}e[nmrs]?")
_PLACE_END = re.compile(
    r".{2,}(?:burg|dorf|stadt|heim|hausen|hofen|ing|berg|bach|au|see|tal|kirchen|feld|wald|brück|furt"
    r"|stetten|stein|thal|höhe|kogel|klamm|insel|matrei|wörth|ton|ville|abad|stan|ien|land|grad|ow)e?s?",
    re.IGNORECASE,
)
_STREET_END = re.compile(
    r".{2,}(?:gasse|erg|straße|strasse|str|platz|pl|allee|weg|ring|ufer|kai|damm|park|brücke|markt|steig)",
    re.IGNORECASE,
)
_HOUSE_END = re.compile(
    r".{2,}(?:theater|theaters|th|bühne|spiele|spielen|oper|kirche|kapelle|bahnhof|bahn|hotel|schloss"
    r"|schloß|hof|haus|garten|saal|museum|kloster|dom|café)",
    re.IGNORECASE,
)
_ORG_END = re.compile(
    r".{2,}(?:verein|verband|bund|bank|schule|verlag|verlags|zeitung|ztg|blatt|blattes|presse|post|gmbh|gesellschaft|werke|werk"
    r"|preis|rundschau|journal|courier|hochschule|universität|akademie|klinik|stiftung)",
    re.IGNORECASE,
)
_PERSON_END = re.compile(
    r".{2,}(?:mann|manns|ski|sky|skyj|ska|enko|chuk|tschuk|yuk|ić|ič|vić|vic|witsch|vych|ov|ova|ev|eva|ew|ow|ullah|zada|zadeh|zai|pour"
    r"|nejad|oğlu|oglu|shvili|dze|yan|jan|ian|oui|ou|allah|eddin|gül|nur|bauer|meier|mayr|mayer|ek|ik"
    r"|hofer|egger|inger|auer|acher|etti|elli|ini|son|sen|addin|mariam|selassie|ay|wit)s?",
    re.IGNORECASE,
)
MARKS = frozenset('.!?:;\n„“”"»«–—-(|…•*')
CLASSES = ("person", "place", "org")


@cache
def groups_of() -> dict[str, tuple[str, ...]]:
    """Groups of context words that each word belongs to."""
    found: dict[str, list[str]] = defaultdict(list)
    for group, members in vocabulary().items():
        for word in sorted(members):
            found[word].append(group)
    return {word: tuple(groups) for word, groups in found.items()}


@lru_cache(maxsize=200_000)
def neighbour(word: str, language: str) -> str:
    """The class of a word that stands beside a name."""
    lower = word.lower()
    groups = groups_of().get(lower)
    if groups:
        for group in _PRIORITY:
            if group in groups:
                return group
    if word[0].isdigit():
        return "number"
    if not word[0].isalpha():
        return "line" if word[0] == "\n" else word[0]
    if word[0].isupper():
        known = flags(word, language)
        if not known & PLAIN and (known & NAMED or len(word) > 2):
            return "Name" if known & NAMED else "Unknown"
        return "Noun"
    if lower not in vocabulary()["no_verb"] and _VERB[language == "en"].fullmatch(word):
        return "verb"
    if _ADJECTIVE.fullmatch(word) and word.endswith(("e", "en", "er", "es", "em")):
        return "adjective"
    return "lower"


#: Third persons by their form: German -t and the past tense of long verbs, English -ed.
_VERB = (
    re.compile(r"[^\W\d_]{3,}t|[^\W\d_]{3,}(?:ier|el|er)te"),
    re.compile(r"[^\W\d_]{2,}ed"),
)


_PRIORITY = (
    "title",
    "named",
    "role",
    "definite",
    "possessive",
    "indefinite",
    "fused",
    "be",
    "say",
    "where",
    "at",
    "with",
    "month",
    "org_noun",
    "place_noun",
)


@lru_cache(maxsize=200_000)
def of_word(word: str, language: str) -> tuple[str, ...]:
    """Clues that a word itself gives."""
    value = flags(word, language)
    shape = _shape(word)
    letters = signature(value)
    found = ["bias", f"lists={letters}", f"shape={shape}"]
    lower = word.lower()
    groups = groups_of().get(lower, ())
    found += [
        f"is={group}"
        for group in ("brand", "abbreviation", "month", "role", "title", "say")
        if group in groups
    ]
    if "-" in word:
        found.append("hyphen")
    if shape == "cap" and not value & (GIVEN | FAMILY):
        known = "plain" if value & PLAIN else "place" if value & PLACE else "x"
        for name, pattern in (
            ("place", _PLACE_END),
            ("street", _STREET_END),
            ("house", _HOUSE_END),
            ("org", _ORG_END),
            ("person", _PERSON_END),
        ):
            if pattern.fullmatch(word):
                found.append(f"end={name}/{known}")
        if word.endswith("er") and flags(word[:-2], language) & PLACE:
            found.append("inhabitant")
    if not value & PLAIN and len(word) > 3:
        bare = lower.removesuffix("s")
        found += [f"ends={bare[-2:]}", f"ends={bare[-3:]}", f"begins={lower[:2]}"]
    if value == 0:
        found.append(f"length={min(len(word), 9)}")
        if language == "de" and not re.search(r"[aeiouyäöü]", lower):
            found.append("no_vowel")
    return tuple(found)


@lru_cache(maxsize=200_000)
def kinds_of(word: str, language: str) -> str:
    """What a word may be, coarsely: ``person``, ``place``, or a name that is a word as well.

    >>> kinds_of("Olena", "de"), kinds_of("Wolf", "de"), kinds_of("Tisch", "de")
    ('person', 'given/plain', 'plain')
    """
    value = flags(word, language)
    if value & (GIVEN | FAMILY):
        if not value & PLAIN:
            return "person"
        return "given/plain" if value & GIVEN else "family/plain"
    if value & PLACE:
        return "place/plain" if value & PLAIN else "place"
    return "plain" if value & PLAIN else "unknown"


def _shape(word: str) -> str:
    if word.islower():
        return "lower"
    if len(word) <= 2 and word[0].isupper():
        return "initial" if len(word) == 1 else "short"
    if word.isupper():
        return "caps"
    return "cap"


@lru_cache(maxsize=200_000)
def small_name(word: str, language: str) -> bool:
    """Whether a word in small letters could be a name, if its neighbours say so.

    >>> small_name("merhawit", "de"), small_name("gehen", "de")
    (True, False)
    """
    return (
        word[0].islower()
        and len(word) > 2
        and (not flags(word, language) & WORD or _trade(word, language))
    )


def _trade(word: str, language: str) -> bool:
    """Whether a word is a noun and a surname (*schuster*), whatever else it is."""
    return not ~flags(word.capitalize(), language) & (NOUN | FAMILY)


@lru_cache(maxsize=200_000)
def standing(word: str, language: str, before: str = "") -> str:
    """Whether a word can be a name: "name", "noun" (only where its neighbours say so) or "".

    Learners write names small, also after a title (*Frau vogel*).

    >>> standing("Olena", "de"), standing("Tisch", "de"), standing("gehen", "de")
    ('name', 'noun', '')
    """
    if not word[0].isupper():
        if word in vocabulary()["function"]:
            return ""
        value = flags(word, language) if len(word) > 2 and word[0].isalpha() else WORD
        if before == "title" and (not value & WORD or _trade(word, language)):
            return "name" if not value or flags(word.capitalize(), language) & NAMED else ""
        if before and not value and len(word) > 3 and word.isalpha():
            return "name"
        # Names that learners write small; only those that are no words can be told.
        kinds = NAMED if language == "de" else GIVEN | PLACE
        small = not value & (PLAIN | OTHER) and flags(word.capitalize(), language) & kinds
        return "name" if small and word.isalpha() else ""
    value = flags(word, language)
    if word.lower() in vocabulary()["brand"]:
        return "noun"
    if value & NAMED or not value & (PLAIN | OTHER) or len(word) < 3:
        return "name"
    telling = (_STREET_END, _HOUSE_END, _PLACE_END, _ORG_END)
    if value & (NOUN | COMPOUND) and any(end.fullmatch(word) for end in telling):
        return "name"
    if word.endswith(("er", "ern")) and flags(word.removesuffix("n")[:-2], language) & PLACE:
        return "name"
    return "noun"


class Usage:
    """How each capitalised word is used in a corpus: counts by kind of neighbour."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = {}
        self.small: dict[str, int] = defaultdict(int)

    def add(self, tokens: Sequence[Word], language: str) -> None:
        """Count the words of one entry."""
        counts = self.counts
        before = "line"
        size = len(tokens)
        for place, word in enumerate(tokens):
            text = word.text
            first = text[0]
            if first.isupper() and not word.hidden:
                own = counts.get(text)
                if own is None:
                    own = counts[text] = [0] * 8
                own[0] += 1
                if before in ("definite", "indefinite", "possessive", "fused", "adjective"):
                    own[1] += 1
                elif before in ("title", "role", "named"):
                    own[2] += 1
                elif before in ("where",):
                    own[3] += 1
                elif before in ("at", "with", "Name"):
                    own[4] += 1
                if before not in MARKS and before != "line":
                    own[5] += 1
                follows = tokens[place + 1].text if place + 1 < size else "\n"
                if follows == ".":
                    own[6] += 1
                elif neighbour(follows, language) == "say":
                    own[7] += 1
            elif first.isalpha():
                self.small[text] += 1
            if word.hidden:
                before = "placeholder"
            elif text != "." or before != "title":
                # The full stop of a title (Dr.) is part of it.
                before = neighbour(text, language)

    def is_bare(self, word: str) -> bool:
        """Whether a noun is used as nouns seldom are: never after an article, but as names are."""
        own = self.counts.get(word)
        return own is not None and own[1] <= 0.34 * own[0] and bool(own[2] or own[4])

    def clues(self, word: str) -> tuple[str, ...]:
        """Clues from all uses of a word."""
        own = self.counts.get(word)
        if own is None:
            return ()
        count, article, title, where, bare, inside, stop, say = own
        found = [f"count={min(count, 4) if count < 8 else 8}"]
        if self.small.get(word.lower(), 0):
            found.append("also_small")
        share = article / count
        found.append("article=" + ("0" if not article else "<" if share < 0.25 else ">"))
        if title:
            found.append("ever_title")
        if where:
            found.append("ever_where" + (">" if where > 0.3 * count else ""))
        if bare:
            found.append("ever_bare" + (">" if bare > 0.3 * count else ""))
        if say:
            found.append("ever_say")
        if count > 1 and stop > 0.8 * count:
            found.append("always_stop")
        if not inside:
            found.append("never_inside")
        return tuple(found)
