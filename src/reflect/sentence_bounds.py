"""Where sentences begin in diary German and English, from the raw text alone.

One regular expression finds the places where a sentence could end (closing punctuation, line
breaks, emoticons); a short decision follows at each. Rules cover what the usual splitters miss in
diaries: German quotation marks, abbreviations with spaces (z. B.), ordinals and dates
(am 3. April), placeholders, a lower-case word after the full stop or a missing space (learner
texts).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

#: A pseudonym such as ``[PERSON_2]``, ``[FIRMA_1]`` or ``[PARTNER]``.
PLACEHOLDER = r"\[[A-ZÄÖÜ][A-ZÄÖÜ0-9]+(?:[_-][A-ZÄÖÜ0-9]+)*\]"
#: Emoji blocks, dingbats and the joiners that build longer emoji from them.
EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2764"
_SMILEY = r"(?:[:;=][-o^']?[)(\]\[DPp|/\\3*]+(?!\w)|<3)"
_FACE = rf"(?:[{EMOJI}][{EMOJI}\u200d\ufe0f]*|{_SMILEY})"
_QUOTES = "\"'“”’‘»«›‹"
_OPENING = frozenset("\"'„“”»«‚‘’›‹([–—-*")
_NO_START = frozenset(".,;:!?…)]/")
_CANDIDATE = re.compile(
    rf"""[.!?…\n:;={EMOJI}](?:
      (?<=[.!?…])(?P<more>[.!?…]*)(?P<close>[{_QUOTES})\]]*(?:[ \u00a0\u202f][“”»](?=\s))?)
          (?:[ ]*{_FACE})*(?:[–—](?=\s))?(?P<stop>\s*)
    | (?<=\n)(?P<line>\s*)
    | (?<=[{EMOJI}])[{EMOJI}\u200d\ufe0f]*(?:[ ]*{_FACE})*(?P<emoji>\s+)
    | (?<=[:;=])[-o^']?[)(\]\[DPp|/\\3*]+(?:[ ]*{_FACE})*(?P<smiley>\s+)
    )""",
    re.VERBOSE,
)
_BULLET = re.compile(r"(?:[-–—•‣▪●◦*·✓➔→]+|\(?\d{1,2}[.)]|\(?[a-z]\))\s+\S")
_WORD = re.compile(r"[^\W\d_]+")
_PLACEHOLDER_HERE = re.compile(PLACEHOLDER)
_TIGHT = re.compile(r"[^\W\d_]{2,}\Z")
_SPACED_PARTS = re.compile(r"(?:[^\W\d_]{1,3}\.\s?){1,3}[^\W\d_]{1,3}\Z")
_NUMBER = re.compile(r"(?:\d+[.,:/])*(\d+)\Z")
_ROMAN = re.compile(r"[IVX]+\Z")
_VOWEL = re.compile(r"[aeiouyäöüáéíóúàèâêô]", re.IGNORECASE)
#: -lich cut to -l (persönl., wöchentl.): no German word ends so.
_CUT_LICH = re.compile(r"[bdfgkmnstßhcr]l\Z")
_SPEECH = re.compile(
    rf"(?:{PLACEHOLDER}|[^\W\d_]+)(?:\s[A-Z][^\W\d_]+)?\s"
    r"(?:said|asked|replied|answered|told|thought|shouted|whispered|laughed|wondered|added|cried)\b"
)
#: Lines shorter than this end because the writer pressed Enter, longer ones may be wrapped prose.
_SHORT_LINE = 50


class _Rules(NamedTuple):
    abbreviations: dict[str, str]
    openers: frozenset[str]
    lower_openers: frozenset[str]
    ordinals: bool


def data_lines(language: str, name: str) -> list[str]:
    """Lines of a word list of the package without its comments."""
    text = files("reflect").joinpath("data", language, name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def _rules(language: str) -> _Rules:
    words = " ".join(data_lines(language, "openers.txt")).split()
    return _Rules(
        abbreviations=dict(line.split() for line in data_lines(language, "abbreviations.txt")),
        openers=frozenset(word.lstrip("+") for word in words),
        lower_openers=frozenset(word[1:] for word in words if word.startswith("+")),
        ordinals=language == "de",
    )


@cache
def tight_openers(language: str) -> str:
    """Regular expression for openers that may follow a full stop without a space (``müde.dann``).

    Words of two letters are left out: ``.es`` or ``.er`` may be the end of an address.
    """
    words = sorted(word for word in _rules(language).lower_openers if len(word) > 2)
    return rf"(?:{'|'.join(words)})\b"


@lru_cache(maxsize=20_000)
def _known(word: str, language: str) -> bool:
    from simplemma import is_known

    return is_known(word, lang=language)


def sentence_starts(text: str, language: str) -> list[int]:
    """Offsets at which a sentence begins, the first one (0) left out.

    Parameters
    ----------
    text : str
        One diary entry.
    language : str
        ``"de"`` or ``"en"``.

    Returns
    -------
    list of int
        Rising character offsets, each of a character that is no white space.

    Examples
    --------
    >>> text = "Am 3. April war ich z. B. müde. dann bin ich gegangen."
    >>> [text[start:] for start in sentence_starts(text, "de")]
    ['dann bin ich gegangen.']
    """
    rules = _rules(language)
    size = len(text)
    starts: list[int] = []
    last = size - len(text.lstrip())
    for match in _CANDIDATE.finditer(text):
        start = match.end()
        if start >= size:
            break
        kind = match.lastgroup
        if kind == "stop":
            if match["stop"]:
                ends = _ends(text, match, start, last, rules, language)
            else:
                start, ends = _ends_tightly(text, match, start, rules, language)
        elif kind == "line":
            ends = _line_ends(text, match.start(), start)
        else:
            before = text[match.start() - 1 : match.start()]
            word = _WORD.match(text, start)
            ends = (
                (kind == "emoji" or before.isspace() or before.isalpha())
                and word is not None
                and word[0][0].isupper()
                and word[0].lower() in rules.openers
            )
        if ends and start > last:
            starts.append(start)
            last = start
    return starts


def _first_letter(text: str, start: int) -> int:
    """Offset of the first character from `start` that opens no quotation or bracket."""
    size = len(text)
    while start < size and text[start] in _OPENING:
        if text[start] == "[" and _PLACEHOLDER_HERE.match(text, start):
            break
        start += 1
        if start < size and text[start] == " " and text[start - 1] in "–—-":
            start += 1
    return min(start, size - 1)


def _ends(
    text: str, match: re.Match[str], start: int, last: int, rules: _Rules, language: str
) -> bool:
    """Whether the sentence ends at punctuation that white space follows."""
    mark = match.start()
    gap = match["stop"]
    if "\n" in gap and (
        gap.count("\n") > 1 or _BULLET.match(text, start) or _line_ends(text, mark, start)
    ):
        return True
    here = _first_letter(text, start)
    char = text[here]
    if char in _NO_START or (char in _OPENING and char != "["):
        return False  # only punctuation is left
    upper = char.isupper() or char == "["
    stops = text[mark] + match["more"]
    if "…" in stops or ".." in stops:
        if mark == 0 or text[mark - 1].isspace():
            return upper and _opens(text, here, rules)
        return upper or char.isdigit()
    if stops != ".":
        if mark and text[mark - 1] in "([":
            return False
        if match["close"]:
            return not char.islower() and not _SPEECH.match(text, here)
        return True
    chunk = text[max(last, mark - 30) : mark].rsplit(None, 1)
    word = chunk[-1] if chunk else ""
    if word and word[0] in _OPENING:
        word = word.lstrip("\"'„“”»«‚‘’›‹(–—-*")
    if not word:
        return upper
    plain = word.isalpha()
    if plain and len(word) > 3 and upper:  # the usual case, decided first
        verdict = rules.abbreviations.get(word.lower()) or rules.abbreviations.get(word)
        return verdict is None or (verdict != "never" and _may_end(verdict, text, here, rules))
    if word[-1].isdigit():
        return _number_ends(text, word, mark, here, last, rules)
    if len(word) == 1 and plain:
        parts = _SPACED_PARTS.search(text, max(0, mark - 14), mark)
        if parts:
            word = re.sub(r"\s", "", parts[0])
    verdict = rules.abbreviations.get(word.lower()) or rules.abbreviations.get(word)
    if verdict == "number":  # No. 5, but: I said no.
        verdict = "never" if char.isdigit() else None
    if verdict:
        return verdict != "never" and upper and _may_end(verdict, text, here, rules)
    tail = word.rpartition(".")[2]
    if len(tail) == 1 and tail.isalpha():
        if tail == "I" and language == "en":
            return upper
        return tail.isupper() and upper and _opens(text, here, rules)
    if plain and (
        _ROMAN.match(word) or (len(word) < 6 and not word.isupper() and not _VOWEL.search(word))
    ):
        return upper and _opens(text, here, rules)
    if not char.islower():
        return True
    if match["close"]:
        return False
    return _lower_case_opens(text, word, here, rules, language)


def _opens(text: str, here: int, rules: _Rules) -> bool:
    word = _WORD.match(text, here)
    return word is not None and word[0].lower() in rules.openers


def _may_end(verdict: str, text: str, here: int, rules: _Rules) -> bool:
    return verdict == "capital" or _opens(text, here, rules)


def _number_ends(text: str, word: str, mark: int, here: int, last: int, rules: _Rules) -> bool:
    """A full stop after a number: ordinal, date, list marker or the end of a sentence."""
    number = _NUMBER.search(word)
    if number is None:
        return text[here].isupper()
    begin = mark - len(word)
    if number[0] == word and (begin == last or text[begin - 1 : begin] == "\n"):
        return False
    char = text[here]
    if char.islower():
        return False
    if len(number[1]) > 2 or not rules.ordinals:
        return char.isupper() or char == "["
    return char.isupper() and _opens(text, here, rules)


def _lower_case_opens(text: str, word: str, here: int, rules: _Rules, language: str) -> bool:
    """Whether a lower-case word after a full stop begins a sentence.

    Cut words that no list names (Feuill., dram.) would be taken for sentence ends, so the word
    before must be one of the dictionary unless the next word is a plain opener.
    """
    if word.endswith("]"):
        return True
    letters = _TIGHT.search(word)
    if letters is None:
        return not word[-1:].isalnum()
    if rules.ordinals and _CUT_LICH.search(word):
        return False
    following = _WORD.match(text, here)
    if following is None:
        return False
    if following[0] in rules.lower_openers and len(letters[0]) > 2:
        return True
    return _known(letters[0], language)


def _ends_tightly(
    text: str, match: re.Match[str], start: int, rules: _Rules, language: str
) -> tuple[int, bool]:
    """Punctuation without white space after it: ``müde.Dann``, ``gesagt.„Komm``."""
    mark = match.start()
    before = _TIGHT.search(text, max(0, mark - 20), mark)
    if before is None or match["more"].startswith(".") and not match["close"]:
        return start, False
    word = before[0]
    close = match["close"]
    if close and _opens_quotation(text, start - len(close), language):
        start -= len(close)
    here = _first_letter(text, start)
    char = text[here]
    if not char.isalpha() and char != "[":
        return start, False
    abbreviated = word.lower() in rules.abbreviations or word in rules.abbreviations
    if abbreviated or not word[-1].islower() or not _VOWEL.search(word):
        return start, False
    if char.isupper() or char == "[":
        return start, True
    following = _WORD.match(text, here)
    return start, (
        not close
        and following is not None
        and len(following[0]) > 2
        and len(word) > 2
        and following[0] in rules.lower_openers
    )


def _opens_quotation(text: str, quote: int, language: str) -> bool:
    """Whether the mark at `quote`, letters on both sides, opens a quotation or closes one."""
    mark = text[quote]
    if mark == '"':
        return text.count('"', 0, quote) % 2 == 0
    if mark in "»«":
        other = "«" if mark == "»" else "»"
        return text.count(other, 0, quote) <= text.count(mark, 0, quote)
    return mark == "“" and language == "en"


def _line_ends(text: str, end: int, start: int) -> bool:
    """Whether a line break without a full stop ends a sentence: blank or short lines, bullets."""
    if text.count("\n", end, start) > 1 or _BULLET.match(text, start):
        return True
    line = text[text.rfind("\n", 0, end) + 1 : end].rstrip()
    if not line or len(line) >= _SHORT_LINE or line[-1] in ",;-–":
        return False
    char = text[_first_letter(text, start)]
    return char.isupper() or char.isdigit() or char == "["
