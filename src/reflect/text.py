"""Diary entries as spaCy documents: language, tokens, sentences, lemmas."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from reflect.diary_tokenizer import diary_tokenizer
from reflect.doc_cache import DocCache
from reflect.errors import ReflectError
from reflect.lemmas import LANGUAGES, check_language, lemma, lemmas, stop_words
from reflect.sentence_bounds import EMOJI, PLACEHOLDER

if TYPE_CHECKING:
    from lingua import LanguageDetector

__all__ = [
    "detect_languages",
    "iter_docs",
    "lemmas",
    "parse",
    "pipeline",
    "sentences",
    "stop_words",
    "tokens",
]

_BATCH = 256
#: Below this confidence or number of letters a text's language is taken from its neighbours.
_SURE = 0.75
_LETTERS = 12
_NOT_LANGUAGE = re.compile(rf"{PLACEHOLDER}|https?://\S+|\S+@\S+|[\d_#@]+")
_NUMBER = re.compile(r"[+\-–−]?[€$£]?\d(?:[\d.,:/%°€$£'’–-]*)(?:\.|st|nd|rd|th|er|ern|h)?")
_FACE = re.compile(rf"[:;=8xX][-o^']?[DPpOoSsxX(){EMOJI}|/\\3]+|[xX]D+|<3+")
_PLACEHOLDER = re.compile(PLACEHOLDER)


def detect_languages(texts: Iterable[str], languages: Sequence[str] = LANGUAGES) -> list[str]:
    """Language of each text, one of those asked for.

    Parameters
    ----------
    texts : iterable of str
        Diary entries; placeholders, numbers and addresses are left out of account.
    languages : sequence of str, default ("de", "en")
        ISO 639-1 codes to choose from.

    Returns
    -------
    list of str
        One code a text. A text that is too short to tell (under 12 letters, or lingua less than
        75 % sure) gets the language most of the other texts of the call are in; where there
        are none, or as many of each, lingua's guess, else the first of `languages`.

    Raises
    ------
    ReflectError
        If no language is asked for, or one that lingua does not know.

    Notes
    -----
    lingua (Stahl, https://github.com/pemistahl/lingua-py) compares character n-grams by naive
    Bayes; a text in two languages gets the one that prevails.

    Examples
    --------
    >>> detect_languages(["Heute war ich bei ihr im Büro und habe viel gelernt.", "Ok", ""])
    ['de', 'de', 'de']
    """
    languages = tuple(dict.fromkeys(languages))
    texts = list(texts)
    if len(languages) == 1:
        return list(languages) * len(texts)
    detector = _detector(languages)
    cleaned = [_NOT_LANGUAGE.sub(" ", text) for text in texts]
    guesses: list[str | None] = []
    sure: list[bool] = []
    for text in cleaned:
        values = detector.compute_language_confidence_values(text)
        best = values[0] if values else None
        found = best is not None and best.value > 0
        guesses.append(best.language.iso_code_639_1.name.lower() if found else None)
        letters = sum(map(str.isalpha, text[:200]))
        sure.append(found and best.value >= _SURE and letters >= _LETTERS)
    counts = Counter(guess for guess, known in zip(guesses, sure, strict=True) if known)
    ranked = sorted(languages, key=lambda code: -counts[code])
    clear = len(counts) == 1 or (len(counts) > 1 and counts[ranked[0]] > counts[ranked[1]])
    return [
        guess if known and guess else (ranked[0] if clear else guess or languages[0])
        for guess, known in zip(guesses, sure, strict=True)
    ]


def given_or_detected(given: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Language of each text as given, detected where it is "".

    Parameters
    ----------
    given : sequence of str
        Language codes, one a text.
    texts : sequence of str
        All are looked at where any is missing: a short text follows the others.

    Examples
    --------
    >>> given_or_detected(["de", ""], ["Tee.", "We walked home along the river."])
    ['de', 'en']
    """
    if all(given):
        return list(given)
    return [code or found for code, found in zip(given, detect_languages(texts), strict=True)]


@cache
def _detector(languages: tuple[str, ...]) -> LanguageDetector:
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    if not languages:
        raise ReflectError("no language to choose from: name at least one, such as 'de'")
    codes = []
    for code in languages:
        if not hasattr(IsoCode639_1, str(code).upper()):
            raise ReflectError(f"unknown language {code!r}: use ISO 639-1 codes such as 'de'")
        codes.append(getattr(IsoCode639_1, code.upper()))
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()


@cache
def pipeline(language: str, model: str | Path | None = None) -> Language:
    """A spaCy pipeline whose tokenizer knows diaries; built once and shared, so do not alter it.

    Parameters
    ----------
    language : str
        ``"de"`` or ``"en"``.
    model : str or Path, optional
        Name or folder of an installed trained pipeline. Without one the pipeline is blank: tokens
        and sentences only.

    Returns
    -------
    spacy.Language
        Its tokenizer keeps gender forms (``Mentor*innen``) and placeholders (``[PERSON_2]``) as one
        token each: ``[PERSON_2]s`` is the placeholder and ``s``. It sets sentence starts, so they
        are there before a trained parser, which keeps them.

    Raises
    ------
    ReflectError
        If the language has no rules, the model cannot be loaded, or it is for another language.
    """
    check_language(language)
    if model is None:
        nlp = spacy.blank(language)
    else:
        try:
            nlp = spacy.load(model, exclude=["senter", "sentencizer"])
        except (OSError, ValueError, ImportError) as error:
            raise ReflectError(
                f"cannot load the spaCy pipeline {str(model)!r}: install it with "
                f"'python -m spacy download NAME' or leave the model out"
            ) from error
        if nlp.lang != language:
            raise ReflectError(
                f"the spaCy pipeline {str(model)!r} is for {nlp.lang!r}, not {language!r}: "
                "name one for each language"
            )
    nlp.tokenizer = diary_tokenizer(nlp)
    return nlp


def parse(
    entries: pd.DataFrame,
    *,
    models: Mapping[str, str | Path] | None = None,
    cache: str | Path | None = None,
) -> list[Doc]:
    """Parse diary entries, in their order.

    Parameters
    ----------
    entries : DataFrame
        Columns ``entry_id, text`` and optionally ``language``; detected where missing.
    models : mapping of str to str or Path, optional
        Trained pipeline for a language, such as ``{"de": "de_core_news_md"}``; blank otherwise.
    cache : str or Path, optional
        Folder that keeps the documents of trained pipelines between runs. Blank pipelines are
        not cached: reading a document back takes as long as tokenizing it.

    Returns
    -------
    list of spacy.tokens.Doc
        ``doc.user_data["entry_id"]`` is the entry, ``doc.lang_`` its language, ``doc.text`` its
        text to the character; sentence starts are set.

    Raises
    ------
    ReflectError
        If a column is missing, a text is not a string, or a language or model cannot be used.
    """
    return list(iter_docs(entries, models=models, cache=cache))


def iter_docs(
    entries: pd.DataFrame,
    *,
    models: Mapping[str, str | Path] | None = None,
    cache: str | Path | None = None,
    batch_size: int = _BATCH,
) -> Iterator[Doc]:
    """Parse diary entries as a stream that holds one batch at a time.

    Parameters
    ----------
    entries, models, cache
        As for :func:`parse`.
    batch_size : int, default 256
        Entries held at once.

    Yields
    ------
    spacy.tokens.Doc
        As :func:`parse` returns them.

    Raises
    ------
    ReflectError
        As :func:`parse`, before the first document.
    """
    rows = _rows(entries)
    used = sorted({language for _, _, language in rows})
    pipes = {code: pipeline(code, (models or {}).get(code)) for code in used}
    stores = {
        code: DocCache(cache, nlp)
        for code, nlp in pipes.items()
        if cache is not None and nlp.pipe_names
    }
    return _stream(rows, pipes, stores, batch_size)


def _rows(entries: pd.DataFrame) -> list[tuple[str, str, str]]:
    missing = [name for name in ("entry_id", "text") if name not in entries.columns]
    if missing:
        raise ReflectError(
            f"entries lack the column {' and '.join(missing)}: add it, one row a diary entry"
        )
    texts = entries["text"].tolist()
    for row, text in enumerate(texts, start=1):
        if not isinstance(text, str):
            raise ReflectError(f"entry {row} of the table has no text: fill it in or drop the row")
    if "language" in entries.columns:
        given = [code if isinstance(code, str) else "" for code in entries["language"]]
    else:
        given = [""] * len(texts)
    told = given_or_detected(given, texts)
    return list(zip(entries["entry_id"].tolist(), texts, told, strict=True))


def _stream(
    rows: list[tuple[str, str, str]],
    pipes: dict[str, Language],
    stores: dict[str, DocCache],
    batch_size: int,
) -> Iterator[Doc]:
    pending = iter(rows)
    while batch := list(islice(pending, batch_size)):
        found: dict[int, Doc] = {}
        for code, nlp in pipes.items():
            places = [place for place, row in enumerate(batch) if row[2] == code]
            store = stores.get(code)
            if store:
                found.update((p, doc) for p in places if (doc := store.get(batch[p][1])))
                places = [place for place in places if place not in found]
            for place, doc in zip(places, nlp.pipe(batch[p][1] for p in places), strict=True):
                found[place] = doc
                if store:
                    store.put(doc)
        for place, (entry_id, _, _) in enumerate(batch):
            doc = found.pop(place)
            doc.user_data["entry_id"] = entry_id
            yield doc


def sentences(docs: Iterable[Doc]) -> pd.DataFrame:
    """Sentences of parsed entries.

    Parameters
    ----------
    docs : iterable of Doc
        From :func:`parse` or :func:`iter_docs`.

    Returns
    -------
    DataFrame
        Columns ``entry_id, sentence`` (from 0 within the entry), ``start, end`` (half-open
        character offsets into the entry, white space around the sentence left out), ``text``.
    """
    columns: dict[str, list] = {
        name: [] for name in ("entry_id", "sentence", "start", "end", "text")
    }
    for doc in docs:
        entry_id, text = doc.user_data.get("entry_id", ""), doc.text
        for number, (start, end) in enumerate(sentence_offsets(doc)):
            columns["entry_id"].append(entry_id)
            columns["sentence"].append(number)
            columns["start"].append(start)
            columns["end"].append(end)
            columns["text"].append(text[start:end])
    return _table(columns, ("sentence", "start", "end"))


def sentence_offsets(doc: Doc) -> list[tuple[int, int]]:
    """Half-open character offsets of a document's sentences, without white space around them."""
    if not len(doc):
        return []
    text = doc.text
    offsets = []
    for span in doc.sents:
        inner = text[span.start_char : span.end_char]
        bare = inner.strip()
        if bare:
            start = span.start_char + len(inner) - len(inner.lstrip())
            offsets.append((start, start + len(bare)))
    return offsets


def tokens(docs: Iterable[Doc]) -> pd.DataFrame:
    """Tokens of parsed entries, white space left out.

    Parameters
    ----------
    docs : iterable of Doc
        From :func:`parse` or :func:`iter_docs`.

    Returns
    -------
    DataFrame
        Columns ``entry_id, sentence`` (as in :func:`sentences`), ``token`` (from 0 within the
        entry), ``start, end`` (half-open character offsets), ``text, lower, lemma, kind`` with
        kind one of word, number, placeholder, punct (emoji and emoticons are punct). See
        :func:`reflect.lemmas.lemmas` for what a lemma is.
    """
    names = ("entry_id", "sentence", "token", "start", "end", "text", "lower", "lemma", "kind")
    columns: dict[str, list] = {name: [] for name in names}
    for doc in docs:
        _add_tokens(columns, doc)
    return _table(columns, ("sentence", "token", "start", "end"))


def _add_tokens(columns: dict[str, list], doc: Doc) -> None:
    entry_id = doc.user_data.get("entry_id", "")
    language = doc.lang_ if doc.lang_ in LANGUAGES else "en"
    sentence, number, fresh, opener = -1, 0, True, True
    for token in doc:
        if token.is_sent_start or not token.i:
            fresh = True
        if token.is_space:
            continue
        if fresh:
            sentence, fresh, opener = sentence + 1, False, True
        word = token.text
        kind = token_kind(word)
        columns["entry_id"].append(entry_id)
        columns["sentence"].append(sentence)
        columns["token"].append(number)
        columns["start"].append(token.idx)
        columns["end"].append(token.idx + len(word))
        columns["text"].append(word)
        columns["lower"].append(word.lower())
        columns["lemma"].append(lemma(word, language, opener) if kind == "word" else word)
        columns["kind"].append(kind)
        # A quotation after a colon begins a sentence within the sentence.
        opener = kind == "punct" and (opener or word == ":")
        number += 1


@cache
def token_kind(word: str) -> str:
    """What a token is: ``word, number, placeholder`` or ``punct``."""
    if word.isalpha():
        return "punct" if _FACE.fullmatch(word) else "word"
    if _PLACEHOLDER.fullmatch(word):
        return "placeholder"
    if _NUMBER.fullmatch(word):
        return "number"
    if any(map(str.isalpha, word)) and not _FACE.fullmatch(word):
        return "word"
    return "punct"


def _table(columns: dict[str, list], numbers: Iterable[str]) -> pd.DataFrame:
    table = pd.DataFrame(columns).astype(dict.fromkeys(numbers, "int64"))
    return table.astype({name: "str" for name in columns if name not in set(numbers)})
