"""The words of a corpus: those that carry topics, and the form in which people read them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from reflect.lemmas import LANGUAGES, lemma, stop_words
from reflect.sentence_bounds import PLACEHOLDER, data_lines
from reflect.spelling import respelled

_PLACEHOLDER = re.compile(PLACEHOLDER + r"[^\W\d_]*")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’*:_][^\W\d_]+)*")
#: Words run together (HermannWien), as happens where line breaks were lost; not MentorInnen.
_GLUED = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ](?!n(?:nen)?(?![^\W\d_])))")
_ROMAN = re.compile(r"[IVXLC]{2,}")
_GENITIVE = re.compile(r"['’]s?$")
_HYPHEN = re.compile(r"[-'’]")
#: Stop words of the other language that are words with a content here.
_CONTENT = {
    "de": "kind name part last made mine front",
    "en": "die war man hat gut halt tag bald dank den gross elf gab gar mag",
}


def words(text: str) -> list[str]:
    """Words of a text as they stand, without placeholders, numbers, greetings and closings."""
    plain = _PLACEHOLDER.sub(" ", without_formulas(text))
    return _WORD.findall(unglued(plain))


def unglued(text: str) -> str:
    """``text`` with words apart that lost the space between them (*HermannWien*)."""
    return _GLUED.sub(" ", text)


def content_lemmas(text: str, language: str) -> list[str]:
    """Lemmas of a text in lower case, without stop words and calendar words.

    Examples
    --------
    >>> content_lemmas("Am Montag haben wir mit [PERSON_2] über die Prüfungen geredet.", "de")
    ['prüfung', 'reden']
    """
    found = []
    for word in words(text):
        for part in _HYPHEN.split(word) if "-" in word or "'" in word or "’" in word else (word,):
            base = content_lemma(part, language)
            if base:
                found.append(base)
    return found


@lru_cache(maxsize=200_000)
def content_lemma(word: str, language: str) -> str:
    """Lemma of a word in lower case, empty where the word carries no topic."""
    left_out = left_out_words(language)
    lower = word.lower()
    if len(word) < 2 or lower in left_out or _ROMAN.fullmatch(word):
        return ""
    base = respelled(lemma(word, language), language).lower()
    return "" if base in left_out else base


@cache
def left_out_words(language: str) -> frozenset[str]:
    """Stop words, calendar words, and the words of greetings and closings.

    Writers mix languages, so the other language's stop words are left out too, but for those that
    mean something in this one (*kind*, *war*).
    """
    own = stop_words(language)
    foreign = [stop_words(code) for code in LANGUAGES if code != language]
    formulas = frozenset(" ".join(data_lines(language, "formulas.txt")).split())
    return own.union(*foreign) - (set(_CONTENT[language].split()) - own) | formulas


#: Characters at either end of a text among which greeting and closing are looked for.
_EDGE = 300
# A greeting stands at the start of a text or line and ends with it, a comma or an exclamation mark.
_GREETING = re.compile(
    r"^[ \t|]*(?:(?:mein\w*|my)[ \t]+)?(?:sehr[ \t]+)?"
    r"(?:lieb(?:e|er|es|ste|ster|stes)|geehrte[rs]?|verehrte[rs]?|verehrtester|hochverehrte[rs]?|"
    r"hochgeehrte[rs]?|werte[rs]?|hallo|hi|hey|dear|dearest|hello|guten (?:tag|morgen|abend))\b"
    r"[^\n.!?,:;]{0,50}[ \t]*(?:[!,.:|]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING = re.compile(
    r"(?:^|(?<=[.!?–\-\n]))[ \t|]*"
    r"(?:(?:mit|viele|beste|liebe|schöne|allerherzlichste|kind)\w*[ \t]+)?"
    r"(?:\w+[ \t]+){0,6}?"
    r"(?:(?:ge)?gr[uü](?:ß|ss)(?:e|en|t)?|regards|wishes|sincerely|greetings|herzlichst|hochachtungsvoll|"
    r"ergebenst|cheers|yours|love)\b"
    r"[^.!?]{0,80}[.!]?\s*\Z",
    re.IGNORECASE | re.MULTILINE,
)
#: A last line such as "Ihr treuer A. S." or "Dein Otto"; the first words may stand on lines above.
_SIGNATURE = re.compile(
    r"(?:^|(?<=[,–]))[ \t|]*(?:herzlich\w*|immer|stets|in \w+ \w+)?[\s,]*"
    r"(?:ihr|dein|euer|eure|yours)(?:er|e|s)?(?:\s+[^\W\d_]+){0,3}(?:\s+[^\W\d_]{1,2}\.)*\s*\Z",
    re.IGNORECASE | re.MULTILINE,
)


def without_formulas(text: str) -> str:
    """``text`` without letter greetings and the closing with its signature.

    Examples
    --------
    >>> without_formulas("Lieber Paul, ich komme am Abend. Herzliche Grüße, Dein Otto").strip()
    'ich komme am Abend.'
    """
    greeted = _GREETING.sub(" ", text[:_EDGE], count=1) + text[_EDGE:]
    unsigned = _SIGNATURE.sub("", greeted[-_EDGE:], count=1)
    return greeted[:-_EDGE] + _CLOSING.sub(" ", unsigned, count=1)


@dataclass(frozen=True)
class Vocabulary:
    """Maps each word of a corpus to the form that people read; words left out have no entry."""

    forms: dict[str, str]

    def __call__(self, text: str) -> list[str]:
        """The readable words of ``text`` (the analyser of a scikit-learn vectoriser)."""
        return self.read(words(text))

    def read(self, found: Iterable[str]) -> list[str]:
        """The readable forms of words as they stand in a text."""
        forms = self.forms
        return [forms[word] for word in found if word in forms]


def learn_vocabulary(
    tokens: Sequence[Sequence[str]],
    languages: Sequence[str],
    names: Collection[str] = (),
    ignore: Iterable[str] = (),
) -> Vocabulary:
    """The readable vocabulary of a corpus: lemmas, nouns with their capital, no names.

    Parameters
    ----------
    tokens : sequence of sequence of str
        The `words` of each entry.
    languages : sequence of str
        Language code of each entry.
    names : collection of str
        Words to leave out as they are written, see `reflect.names.find_names`.
    ignore : iterable of str
        Further words to leave out, in any case.
    """
    spoken: dict[str, Counter[str]] = {code: Counter() for code in sorted(set(languages))}
    for entry, language in zip(tokens, languages, strict=True):
        spoken[language].update(entry)
    left_out = {word.lower() for word in ignore}
    bases: dict[str, tuple[str, str]] = {}
    written: dict[tuple[str, str], Counter[str]] = {}
    for word in sorted(set().union(*spoken.values())):
        if word in names or all(part in names for part in _name_parts(word)):
            continue
        language = max(spoken, key=lambda code: (spoken[code][word], code))
        base = content_lemma(word, language)
        if len(base) < 3 or base in left_out or word.lower() in left_out:
            continue
        bases[word] = base, language
        count = sum(counts[word] for counts in spoken.values())
        written.setdefault((base, language), Counter())[word] += count
    shown = {key: _shown(forms, key[1], spoken[key[1]]) for key, forms in written.items()}
    return Vocabulary({word: shown[key] for word, key in bases.items()})


def _name_parts(word: str) -> list[str]:
    """What must be names for the word to be one: Otto's, Baden-Baden."""
    stem = _GENITIVE.sub("", word)
    return stem.split("-")


def _shown(forms: Counter[str], language: str, spoken: Mapping[str, object]) -> str:
    """The lemma if the corpus has it, else the commonest form: dictionaries err on rare forms."""
    common = min(forms, key=lambda form: (form.isupper(), -forms[form], form))
    plain = lemma(common, language)
    base = respelled(plain, language)
    if base != plain or base in spoken or base.lower() in spoken and language == "en":
        return base
    # A verb's infinitive is right where it begins like the form (bezahlt, gefaltet).
    stem = common.lower().removeprefix("ge")
    if base.islower() and base.endswith("n") and base[:3] in (stem[:3], common[:3].lower()):
        return base
    return common
