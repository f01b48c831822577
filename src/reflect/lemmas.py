"""Dictionary forms and stop words for German and English.

simplemma's dictionary does the bulk; what it gets wrong or does not know in diaries is mended here:
pronouns, irregular and separable verbs, gender forms, compounds, learner spellings (muede) and
capitalised words at the start of a sentence. spaCy's German lookup lemmas are not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from simplemma import is_known, lemmatize

from reflect.errors import ReflectError
from reflect.sentence_bounds import PLACEHOLDER, data_lines

LANGUAGES = ("de", "en")
_PLACEHOLDER = re.compile(PLACEHOLDER)
_PERSON_FORM = re.compile(
    r"(?P<stem>[^\W\d_][\w-]*?[^\W\d_])"
    r"(?:(?:[*:_·.]|/-?)[iI]n(?:nen)?|(?<=[a-zäöüß])In(?:nen)?(?![a-z]+[A-Z])|\(in\)|\(inn\)en|\(innen\))"
    r"(?P<rest>[^\W\d_]*)"
)
_PRONOUN_FORM = re.compile(r"(?P<stem>[^\W\d_]+)(?:[*:_·/]|\()(?P<end>[^\W\d_]+)\)?")
_UMLAUT = {"ae": "ä", "oe": "ö", "ue": "ü", "Ae": "Ä", "Oe": "Ö", "Ue": "Ü"}
_DIGRAPH = re.compile(r"(?<![aeqAEQ])(?:[aou]e|[AOU]e)")
_PREFIXES = (
    "zusammen|zurück|kennen|vorbei|weiter|wieder|herum|heraus|hinaus|herein|hinein|"
    "statt|durch|fest|fort|nach|teil|über|unter|dazu|ab|an|auf|aus|bei|ein|her|hin|los|mit|um|"
    "vor|weg|zu"
)
_SEPARABLE = re.compile(rf"(?P<prefix>{_PREFIXES})(?P<verb>.{{3,}})")
_PARTICIPLE = re.compile(rf"(?P<prefix>{_PREFIXES})?ge(?P<stem>[^\W\d_]{{2,}}?)(?P<end>e?t|en)")
_INGS = re.compile(r"[a-z]{2,}ings")


def lemmas(words: Iterable[str], language: str) -> list[str]:
    """Dictionary form of each word, out of context.

    Parameters
    ----------
    words : iterable of str
        Word forms as they stand in the text.
    language : str
        ``"de"`` or ``"en"``.

    Returns
    -------
    list of str
        One lemma a word. German nouns keep their capital. Personal pronouns are their own lemma
        in every case (``mir`` stays ``mir``), so who is meant can still be read. A gender form
        gets the lemma of the generic plural (``Kolleg*innen``, ``KollegInnen`` and ``Kolleg:in``
        all become ``Kollege``); ``jede*r`` becomes ``jeder``. Placeholders stay as they are.

    Raises
    ------
    ReflectError
        If the language is neither German nor English.

    Examples
    --------
    >>> lemmas(["Gesprächen", "Mentor*innen", "ging", "mir"], "de")
    ['Gespräch', 'Mentor', 'gehen', 'mir']
    """
    check_language(language)
    return [lemma(word, language) for word in words]


@lru_cache(maxsize=100_000)
def lemma(word: str, language: str, opener: bool = False) -> str:
    """Lemma of one word; `opener` says that its capital may only come from the sentence's start."""
    if not any(map(str.isalpha, word)) or _PLACEHOLDER.match(word):
        return word
    fixed = _exceptions(language)
    if word in fixed:
        return fixed[word]
    lower = word.lower()
    if opener and word[0].isupper():
        function_word = lower in fixed or lower in stop_words(language)
    else:
        function_word = lower in fixed and (language == "en" or word.isupper())
    if function_word:
        word = lower
    if word in fixed:
        return fixed[word]
    return _german(word, opener) if language == "de" else _english(word)


@cache
def stop_words(language: str) -> frozenset[str]:
    """Function words of a language, in lower case.

    spaCy's list with the additions and, marked ``-``, the removals of the package's word list:
    diaries are full of *eigentlich* and *halt*, while *neue* or *Zeit* are what they are about.

    Parameters
    ----------
    language : str
        ``"de"`` or ``"en"``.

    Returns
    -------
    frozenset of str

    Raises
    ------
    ReflectError
        If the language is neither German nor English.
    """
    check_language(language)
    if language == "de":
        from spacy.lang.de.stop_words import STOP_WORDS
    else:
        from spacy.lang.en.stop_words import STOP_WORDS
    words = set(STOP_WORDS)
    for entry in " ".join(data_lines(language, "stop_words.txt")).split():
        if entry.startswith("-"):
            words.discard(entry[1:])
        else:
            words.add(entry)
    return frozenset(words)


def check_language(language: str) -> None:
    """Raise a ReflectError unless there are rules for the language."""
    if language not in LANGUAGES:
        raise ReflectError(f"no text rules for language {language!r}: use 'de' or 'en'")


@cache
def _exceptions(language: str) -> dict[str, str]:
    table = {}
    for line in data_lines(language, "lemmas.txt"):
        form, _, target = line.partition(":")
        for word in form.split():
            table[word] = target.strip() or word
    return table


def _german(word: str, opener: bool) -> str:
    form = _PERSON_FORM.fullmatch(word)
    if form:
        base = _person(form["stem"])
        return _german(base + form["rest"], opener) if form["rest"] else base
    form = _PRONOUN_FORM.fullmatch(word)
    if form:
        return lemma(form["stem"] if len(form["stem"]) < 4 else _with_end(form), "de", opener)
    spelled = _umlauts(word)
    if spelled != word:
        return lemma(spelled, "de", opener)
    if is_known(word, lang="de"):
        return _known_german(word, opener)
    split = _SEPARABLE.fullmatch(word)
    if split:
        verb = split["verb"].removeprefix("zu")
        base = lemmatize(verb, lang="de")
        if base.islower() and base.endswith("n") and is_known(verb, lang="de"):
            return split["prefix"] + base
    if word[0].isupper():
        compound = _compound(word)
        if compound:
            return compound
    return lemmatize(word, lang="de", greedy=len(word) > 6)


def _known_german(word: str, opener: bool) -> str:
    base = lemmatize(word, lang="de")
    if word.islower():
        return _participle(word) if base == word else _without_prefix(word, base)
    if opener and word[0].isupper() and base == word:
        lower = lemmatize(word.lower(), lang="de")
        # Gehen wir ...: an infinitive that is also a noun stays one; other words lose the capital.
        if lower != word.lower() and is_known(word.lower(), lang="de"):
            return lower
    return base


def _without_prefix(word: str, base: str) -> str:
    """The dictionary's verb without a separable prefix that the form has not (gegessen: essen)."""
    split = _SEPARABLE.fullmatch(base) if base.islower() and base.endswith("n") else None
    if split and not word.startswith(split["prefix"]) and is_known(split["verb"], lang="de"):
        return split["verb"]
    return base


def _participle(word: str) -> str:
    """Infinitive of a participle that the dictionary takes for a word of its own (gefaltet).

    Not of one in -en that has forms like an infinitive's (gehören is not from hören).
    """
    if word.endswith("iert") and is_known(f"{word[:-1]}en", lang="de"):
        return f"{word[:-1]}en"
    form = _PARTICIPLE.fullmatch(word)
    if form and not (form["end"] == "en" and _infinitive(word[:-2])):
        verb = _infinitive(form["stem"])
        if verb and (form["end"] != "en" or verb == form["stem"] + "en"):
            return (form["prefix"] or "") + verb
    split = _SEPARABLE.fullmatch(word)
    if form and split and split["verb"].startswith("ge"):  # mitgebracht: gebracht, bringen
        verb = lemmatize(split["verb"], lang="de")
        if verb.endswith("n") and not verb.startswith("ge"):
            return split["prefix"] + verb
    return word


@lru_cache(maxsize=20_000)
def _infinitive(stem: str) -> str:
    """The infinitive of a regular stem, told by one of its finite forms; empty if there is none."""
    for verb in (f"{stem}en", f"{stem}n"):
        if is_known(verb, lang="de") and lemmatize(verb, lang="de") == verb:
            forms = (f"{stem}e", f"{stem}t", f"{stem}te")
            if any(is_known(f, lang="de") and lemmatize(f, lang="de") == verb for f in forms):
                return verb
    return ""


def _with_end(form: re.Match[str]) -> str:
    stem, end = form["stem"], form["end"]
    if len(end) > 2:  # der*die, sie*er: the first word stands for both
        return stem
    return stem + end if stem[-1:] == "e" else stem


def _person(stem: str) -> str:
    """Generic form of a person noun from its stem: Kolleg -> Kollege, Ärzt -> Arzt."""
    plain = stem.replace("Ä", "A").replace("ä", "a").replace("ö", "o").replace("ü", "u")
    capital = stem[:1].upper() + stem[1:]
    for plural in (f"{stem}en", stem, f"{plain}e", f"{stem}n"):
        if plural.endswith("ogen") or not is_known(plural, lang="de"):
            continue
        base = lemmatize(plural, lang="de")
        if base[:1].isupper() and base.lower().startswith(plain[:3].lower()):
            return base
    for guess in (f"{stem}e", plain):
        if is_known(guess, lang="de"):
            return lemmatize(guess, lang="de")
    return capital


def _umlauts(word: str) -> str:
    """Learner and keyboard spellings: muede -> müde, unless that makes no word (aktuell, Poet).

    Tried before the dictionary, which has taken in many such spellings from the web. After a, e and
    q the ue is no umlaut (neue, Bauer).
    """
    if not _DIGRAPH.search(word):
        return word
    spelled = _DIGRAPH.sub(lambda match: _UMLAUT[match[0]], word)
    for guess in (spelled, spelled.lower()):
        if is_known(guess, lang="de") or guess in _exceptions("de"):
            return guess
    return word


@lru_cache(maxsize=20_000)
def _compound(word: str) -> str | None:
    """Lemma of a compound noun through its longest last part that is a known noun."""
    for cut in range(3, len(word) - 3):
        last = word[cut:]
        if last[0] == "-":
            last = last[1:]
            cut += 1
        last = last[:1].upper() + last[1:]
        if len(last) > 3 and is_known(last, lang="de"):
            base = lemmatize(last, lang="de")
            if base[:1].isupper():
                return word[:cut] + (base if word[cut].isupper() else base.lower())
    return None


def _english(word: str) -> str:
    lower = word.lower()
    if _INGS.fullmatch(lower):
        return lower[:-1]
    return lemmatize(
        lower if word[1:].islower() and is_known(lower, lang="en") else word, lang="en"
    )
