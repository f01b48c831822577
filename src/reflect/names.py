"""Names and abbreviations among the words of a corpus, told by how they are used.

For reading only: topics are not to be called by whom somebody met. This is no anonymisation; see
`reflect.anonymity` for that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from simplemma import is_known

from reflect.anonymity.clues import Usage
from reflect.anonymity.lists import NAMED, PLAIN, flags
from reflect.anonymity.tagger import Tagger
from reflect.anonymity.words import words as marked_words
from reflect.bilingual import lexicon
from reflect.fields import is_listed
from reflect.lemmas import lemma
from reflect.vocabulary import unglued

_TOKEN = re.compile(r"[^\W\d_]+|[.!?:;,\n–—\"“”„»«()\[\]]")
_DETERMINER = re.compile(
    r"(?:[dk]?ein|[msd]ein|unser|ihr|euer|dies|jed|welch|all|viel|einig|manch|solch|beid)"
    r"(?:e[nmrs]?)?|d(?:er|ie|as|en|em|es)|zum|zur|im|am|vom|beim|ins|ans|aufs|zwei|drei|the|an?|"
    r"my|your|his|our|their|this|that|these|those|some|any|no|every|each",
)
_ENDING = re.compile(r"[^\W\d_]{3,}e[nmrs]?")
_TITLES = (
    "herr herrn frau fräulein frl dr prof professor onkel tante lieber liebe lieb "
    "mr mrs ms miss dear aunt uncle sir"
)
_TITLE = frozenset(_TITLES.split())
_PREPOSITIONS = "mit bei von und an zu für nach über gegen ohne with by from and to for"
_BARE = frozenset(_PREPOSITIONS.split())
_QUOTED = re.compile(r"[»„“\"›‚]([^\W\d_]+)[«“”\"‹‘]")
_STREET = re.compile(r"[^\W\d_]{3,}(?:gasse|stra(?:ß|ss)e|str)")
#: Texts in which a doubtful word is looked up.
_LOOKED_UP = 8
#: Share of its places in which an abbreviation unknown to dictionaries has a full stop.
_STOPPED = 0.6
#: Abbreviations have at most this many letters (Nachm.).
_SHORT = 6
_VOWEL = re.compile(r"[aeiouyäöüáéíóúàèâêô]", re.IGNORECASE)


def find_names(texts: Sequence[str], languages: Sequence[str]) -> frozenset[str]:
    """Words that are used as names or abbreviations, as they are written.

    A word counts as a name if it is nearly always capitalised and follows titles, or is on a list
    of names or in no dictionary and seldom follows an article or adjective; or if the recogniser
    of the anonymity audit (`reflect.anonymity.tagger`) takes it for one in at least half of the
    places.
    It counts as a title of a work if it mostly stands alone between quotation marks.
    It counts as an abbreviation if it has no vowel or nearly always a full stop behind it. The
    words of the domain lexicon and of the semantic fields are never names.

    Parameters
    ----------
    texts, languages : sequences of str
        One entry each, with its language code.

    Examples
    --------
    >>> texts = ["Mit Kolwitz im Garten.", "Frau Kolwitz kam in den Garten."]
    >>> sorted(find_names(texts, ["de"] * 2))
    ['Kolwitz']
    """
    pairs: Counter[tuple[str, str]] = Counter()
    quoted: Counter[str] = Counter()
    spoken: dict[str, Counter[str]] = {code: Counter() for code in sorted(set(languages))}
    for text, language in zip(texts, languages, strict=True):
        tokens = _TOKEN.findall(unglued(text))
        pairs.update(zip([".", *tokens], [*tokens, "."], strict=True))
        spoken[language].update(tokens)
        quoted.update(_QUOTED.findall(text))
    uses = _uses(pairs)
    found, doubtful = set(_abbreviations(pairs, spoken)), set()
    for word, use in uses.items():
        if len(word) < 3:
            continue
        language = max(spoken, key=lambda code: (spoken[code][word], code))
        lower = sum(counts[word.lower()] for counts in spoken.values())
        title = 2 * quoted[word] >= max(use["all"], 3)
        if _is_name(word, use, lower, language) or (title and not _is_protected(word, language)):
            found.add(word)
        elif use["all"] > 1 and lower <= use["all"] and _is_doubtful(word, use, language):
            doubtful.add(word)
    return frozenset(found.union(_recognised(texts, languages, doubtful)))


def _abbreviations(
    pairs: Mapping[tuple[str, str], int], spoken: Mapping[str, Counter[str]]
) -> Iterable[str]:
    """Words in small letters that no dictionary knows and mostly have a full stop behind them."""
    for (word, after), count in pairs.items():
        if after != "." or count < 2 or not word.islower() or len(word) < 3:
            continue
        language = max(spoken, key=lambda code: (spoken[code][word], code))
        every = sum(counts[word] for counts in spoken.values())
        if count >= _STOPPED * every and not _in_dictionary(word, language):
            yield word


def _is_doubtful(word: str, uses: Counter[str], language: str) -> bool:
    """Whether it takes the sentences around the word to tell: Bauer, Schwarzkopf, Baden."""
    if not word[0].isupper() or _is_protected(word, language):
        return False
    if flags(word, language) & NAMED or not is_known(word, lang=language):
        return True
    count = uses["all"]
    return count >= 5 and uses["article"] < 0.12 * count and uses["bare"] >= 0.1 * count


def _recognised(
    texts: Sequence[str], languages: Sequence[str], doubtful: set[str]
) -> Iterable[str]:
    """Doubtful words that are names to the audit in half of the places, in some texts of each."""
    open_words = Counter({word: _LOOKED_UP for word in doubtful})
    chosen = []
    for text, language in zip(texts, languages, strict=True):
        own = doubtful.intersection(_TOKEN.findall(unglued(text)))
        if any(open_words[word] > 0 for word in own):
            open_words.subtract(own)
            chosen.append((text, "en" if language == "en" else "de", marked_words(text)))
    usage = Usage()
    for _, language, marked in chosen:
        usage.add(marked, language)
    tagger = Tagger(usage)
    for _, language, marked in chosen:
        tagger.learn(marked, language)
    tagger.agree()
    every: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for text, language, marked in chosen:
        every.update(word.text for word in marked if word.text in doubtful)
        for mention in tagger.mentions(marked, language, text):
            named.update(_TOKEN.findall(text[mention.start : mention.end]))
    return [word for word in sorted(doubtful) if every[word] and 2 * named[word] >= every[word]]


def _uses(pairs: Mapping[tuple[str, str], int]) -> dict[str, Counter[str]]:
    """How often each capitalised or vowelless word stands behind what, and before a full stop."""
    uses: dict[str, Counter[str]] = {}
    for (before, word), count in pairs.items():
        if word[0].isupper() or (word[0].isalpha() and not _VOWEL.search(word)):
            use = uses.setdefault(word, Counter())
            use["all"] += count
            use[_kind(before)] += count
    for (before, word), count in pairs.items():
        if word == "." and before in uses:
            uses[before]["stop"] += count
    return uses


@lru_cache(maxsize=100_000)
def _kind(before: str) -> str:
    lower = before.lower()
    if not lower[0].isalpha():
        return "start"
    if lower in _TITLE:
        return "title"
    if lower in _BARE:
        return "bare"
    ending = before.islower() and _ENDING.fullmatch(lower)
    return "article" if ending or _DETERMINER.fullmatch(lower) else "inside"


def _is_name(word: str, uses: Counter[str], lower: int, language: str) -> bool:
    count = uses["all"]
    if not word[0].isupper():
        return not _in_dictionary(word, language)
    if _STREET.fullmatch(word):
        return True
    if lower > 0.05 * count or count < 2:
        return False
    if len(word) <= _SHORT and count >= 5 and uses["stop"] >= 0.9 * count:
        return True
    if len(word) <= 3 and uses["stop"] >= _STOPPED * count:
        return True
    if _is_protected(word, language):
        return False
    known = _in_dictionary(word, language)
    if not known and not _VOWEL.search(word):
        return True
    if not known and count >= 3 and uses["stop"] >= 0.8 * count:
        return True
    article, title = uses["article"] / count, uses["title"] / count
    listed = flags(word, language)
    if listed & NAMED and not listed & PLAIN and article < 0.34:
        return True
    if title >= 0.1 and article < 0.2:
        return True
    if language == "en":
        return uses["start"] < count and not known
    return not known and article < 0.34


def _in_dictionary(word: str, language: str) -> bool:
    if language == "en":
        return is_known(word.lower(), lang="en") or word.lower() != lemma(word, "en").lower()
    return is_known(word, lang="de") or _compound_of_known(word)


@cache
def _compound_of_known(word: str) -> bool:
    return any(
        is_known(word[cut:].capitalize(), lang="de") and is_known(word[:cut].rstrip("s"), lang="de")
        for cut in range(4, len(word) - 3)
    )


def _is_protected(word: str, language: str) -> bool:
    base = lemma(word, language).lower()
    return base in _protected() or is_listed(base, language)


@cache
def _protected() -> frozenset[str]:
    return frozenset(lexicon("de", "en")) | frozenset(lexicon("en", "de"))
