"""The words of a corpus: those that carry topics, and the form in which people read them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from reflect.lemmas import LANGUAGES, lemma, stop_words
from reflect.sentence_bounds import PLACEHOLDER, data_lines

_PLACEHOLDER = re.compile(PLACEHOLDER + r"[^\W\d_]*")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’*:_][^\W\d_]+)*")
_HYPHEN = re.compile(r"[-'’]")
#: Stop words of the other language that are words with a content here.
_CONTENT = {
    "de": frozenset("kind name part last made mine front".split()),
    "en": frozenset("die war man hat gut halt tag bald dank den gross elf gab gar mag".split()),
}


def words(text: str) -> list[str]:
    """Words of a text as they stand, without placeholders, numbers, greetings and closings."""
    return _WORD.findall(_PLACEHOLDER.sub(" ", without_formulas(text)))


def content_lemmas(text: str, language: str) -> list[str]:
    """Lemmas of a text in lower case, without stop words and calendar words.

    Examples
    --------
    >>> content_lemmas("Am Montag haben wir mit [PERSON_2] über die Prüfungen geredet.", "de")
    ['prüfung', 'reden']
    """
    parts = (part for word in words(text) for part in _HYPHEN.split(word))
    return [found for part in parts if (found := content_lemma(part, language))]


@lru_cache(maxsize=200_000)
def content_lemma(word: str, language: str) -> str:
    """Lemma of a word in lower case, empty where the word carries no topic."""
    left_out = left_out_words(language)
    lower = word.lower()
    if len(word) < 2 or lower in left_out:
        return ""
    base = lemma(word, language).lower()
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
    return own.union(*foreign) - (_CONTENT[language] - own) | formulas


# A greeting stands at the start of a text or line and ends with it, a comma or an exclamation mark.
_GREETING = re.compile(
    r"^[ \t|]*(?:(?:mein\w*|my)[ \t]+)?(?:sehr[ \t]+)?"
    r"(?:lieb(?:e|er|es|ste|ster|stes)|geehrte[rs]?|verehrte[rs]?|verehrtester|hochverehrte[rs]?|"
    r"hochgeehrte[rs]?|werte[rs]?|hallo|hi|hey|dear|dearest|hello|guten (?:tag|morgen|abend))\b"
    r"[^\n.!?,:;]{0,50}[ \t]*(?:[!,.:|]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING = re.compile(
    r"(?:^|(?<=[.!?–\-\n]))[ \t|]*(?:(?:mit|viele|beste|liebe|schöne|allerherzlichste|kind)\w*[ \t]+)?"
    r"(?:\w+[ \t]+){0,3}?"
    r"(?:gr[uü](?:ß|ss)(?:e|en|t)?|regards|wishes|sincerely|greetings|herzlichst|hochachtungsvoll|"
    r"ergebenst|cheers|yours|love)\b"
    r"[^.!?]{0,80}\Z",
    re.IGNORECASE | re.MULTILINE,
)


def without_formulas(text: str) -> str:
    """``text`` without letter greetings and the closing with its signature.

    Examples
    --------
    >>> without_formulas("Lieber Paul, ich komme am Abend. Herzliche Grüße, Dein Otto").strip()
    'ich komme am Abend.'
    """
    return _CLOSING.sub(" ", _GREETING.sub(" ", text, count=1))


@dataclass(frozen=True)
class Vocabulary:
    """Maps each word of a corpus to the form that people read; words left out have no entry."""

    forms: dict[str, str]

    def __call__(self, text: str) -> list[str]:
        """The readable words of ``text`` (the analyser of a scikit-learn vectoriser)."""
        return [form for word in words(text) if (form := self.forms.get(word))]


def learn_vocabulary(
    texts: Sequence[str], languages: Sequence[str], ignore: Iterable[str] = ()
) -> Vocabulary:
    """The readable vocabulary of a corpus: lemmas, nouns with their capital, no names.

    Parameters
    ----------
    texts, languages : sequences of str
        One entry each, with its language code.
    ignore : iterable of str
        Further words to leave out, such as the writers' names.
    """
    spoken: dict[str, Counter[str]] = {}
    for text, language in zip(texts, languages, strict=True):
        for word in words(text):
            spoken.setdefault(word, Counter())[language] += 1
    left_out = {word.lower() for word in ignore}
    forms: dict[str, str] = {}
    shown: dict[tuple[str, str], Counter[str]] = {}
    for word in sorted(spoken):
        language = min(spoken[word], key=lambda code: (-spoken[word][code], code))
        base = content_lemma(word, language)
        if len(base) < 3 or base in left_out or word.lower() in left_out:
            continue
        written = lemma(word, language)
        shown.setdefault((base, language), Counter())[written] += sum(spoken[word].values())
    best = {
        key: min(counts, key=lambda form: (-counts[form], form)) for key, counts in shown.items()
    }
    for word in sorted(spoken):
        language = min(spoken[word], key=lambda code: (-spoken[word][code], code))
        base = content_lemma(word, language)
        if (base, language) in best and base not in left_out:
            forms[word] = best[base, language]
    return Vocabulary(forms)
