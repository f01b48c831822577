"""The audit: every identifier that is left in the texts of a corpus, the risky ones first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reflect.anonymity.addresses import localities
from reflect.anonymity.clues import Usage
from reflect.anonymity.facts import job_titles, small_groups
from reflect.anonymity.found import RISK, Found, resolve
from reflect.anonymity.lists import vocabulary
from reflect.anonymity.organisations import organisations
from reflect.anonymity.patterns import patterns
from reflect.anonymity.scripts import foreign_names
from reflect.anonymity.tagger import Tagger
from reflect.anonymity.text_columns import text_fields
from reflect.anonymity.words import Word, words
from reflect.errors import ReflectError

if TYPE_CHECKING:
    from reflect.corpus import Corpus

COLUMNS = ["entry_id", "start", "end", "kind", "text", "score", "recogniser", "field"]
#: Where diary texts stand, as the column ``field`` of the findings names it.
ENTRY_TEXT = "entries.text"
_PROMPT = "entries.prompt"
#: Findings at or above this score are open until somebody decides.
THRESHOLD = 0.5
#: A person is worth a second look sooner than a place: missing one costs more.
_LEAST = 0.2
_LARGE = 0.3


def audit(
    corpus: Corpus | pd.DataFrame,
    *,
    least: float = _LEAST,
    models: Mapping[str, str | Path] | None = None,
    known: Iterable[str] = (),
    presidio: bool = False,
) -> pd.DataFrame:
    """Find residual identifiers.

    Parameters
    ----------
    corpus : Corpus or DataFrame
        A corpus: its entries with their prompts, the descriptions of events and outcomes, and all
        columns of its own that hold texts, each under the id of its row.
        Or a table with ``entry_id, text`` and optionally ``language`` (``de`` where missing).
    least : float
        Probability that a word must have to be named as person, place or organisation.
    models : mapping of str to str or Path, optional
        Trained spaCy pipelines by language, whose entities are added (``spacy:PER``).
    known : iterable of str
        Names that certainly occur, such as those of the participants: always found.
    presidio : bool
        Add what Presidio's recognisers for the language find (ids of many countries); slower.

    Returns
    -------
    DataFrame
        ``entry_id, start, end`` (half-open character offsets into the text), ``kind`` (person,
        place, org, email, phone, iban, url, handle, date_of_birth, address, id_number, vehicle,
        job_title, small_group), ``text, score`` (0 to 1), ``recogniser, field`` (``entries.text``,
        ``events.description`` …: ids are unique within a table only). Findings do not overlap.
        The riskiest come first: by score times the weight of the kind, then in order of the text.

    Raises
    ------
    ReflectError
        If a column is missing or a text is none.

    Notes
    -----
    Where findings overlap, one with a form (a number, an address) goes before a name, and longer
    before shorter, as in Presidio's conflict resolution.
    """
    table = texts_of(corpus)
    ids, texts, languages = table["entry_id"].tolist(), table["text"].tolist(), table["language"]
    fields = (table["table"] + "." + table["column"]).tolist()
    languages = ["en" if code == "en" else "de" for code in languages]
    split = [words(text) for text in texts]
    # A prompt that stands in every row tells no more of its words than one that stands once.
    first: dict[object, int] = {}
    for number, (text, field) in enumerate(zip(texts, fields, strict=True)):
        first.setdefault(text if field == _PROMPT else number, number)
    usage = Usage()
    for number in first.values():
        usage.add(split[number], languages[number])
    tagger = Tagger(usage)
    for number in first.values():
        tagger.learn(split[number], languages[number])
    tagger.agree()
    titles = job_titles(texts)
    entities = _spacy(texts, languages, models) if models else [[]] * len(texts)
    sure = frozenset(known)
    numbers = _presidio(texts, languages) if presidio else [[]] * len(texts)
    rows = []
    for number, (text, language) in enumerate(zip(texts, languages, strict=True)):
        found = list(patterns(text))
        found += localities(text)
        found += organisations(text)
        found += small_groups(text)
        found += titles[number]
        found += entities[number]
        found += numbers[number]
        found += foreign_names(text)
        found += _names(tagger, split[number], language, text, least)
        if sure:
            found += _known(split[number], sure)
        for item in resolve(found):
            rows.append(
                (
                    ids[number],
                    item.start,
                    item.end,
                    item.kind,
                    text[item.start : item.end],
                    round(item.score, 3),
                    item.recogniser,
                    fields[number],
                )
            )
    result = pd.DataFrame(rows, columns=COLUMNS).astype({"start": "int64", "end": "int64"})
    risk = result["score"].astype("float64") * result["kind"].map(RISK).fillna(0.5)
    order = (-risk).sort_values(kind="stable").index
    return result.loc[order].reset_index(drop=True).astype({"score": "float64"})


def texts_of(corpus: Corpus | pd.DataFrame) -> pd.DataFrame:
    """All running texts of a corpus: ``entry_id, text, language, table, column``."""
    if isinstance(corpus, pd.DataFrame):
        missing = [name for name in ("entry_id", "text") if name not in corpus]
        if missing:
            raise ReflectError(f"entries lack the column {missing[0]}: add it, one row an entry")
        if not all(isinstance(text, str) for text in corpus["text"]):
            raise ReflectError("an entry has no text: fill it in or drop the row")
        language = corpus.get("language", "de")
        return pd.DataFrame(
            {"entry_id": corpus["entry_id"], "text": corpus["text"], "language": language}
        ).assign(table="entries", column="text")
    parts = []
    for name, key, column in text_fields(corpus):
        table = getattr(corpus, name)
        own = pd.DataFrame({"entry_id": table[key], "text": table[column]})
        language = table["language"] if name == "entries" else corpus.languages[0]
        own = own.assign(language=language, table=name, column=column)
        parts.append(own[own["text"] != ""])
    return pd.concat(parts, ignore_index=True)


def _names(
    tagger: Tagger, tokens: Sequence[Word], language: str, text: str, least: float
) -> Iterable[Found]:
    large = vocabulary()["large_place"]
    for mention in tagger.mentions(tokens, language, text, least):
        score = mention.score
        if mention.kind == "place" and text[mention.start : mention.end].lower() in large:
            # Where everybody is from tells nobody apart.
            score = min(score, _LARGE)
        yield Found(mention.start, mention.end, mention.kind, score, f"names:{mention.clue}")


def _known(tokens: Sequence[Word], names: frozenset[str]) -> Iterable[Found]:
    for word in tokens:
        if not word.hidden and (word.text in names or word.text.removesuffix("s") in names):
            yield Found(word.start, word.end, "person", 1.0, "known")


def _presidio(texts: Sequence[str], languages: Sequence[str]) -> list[list[Found]]:
    from reflect.anonymity.presidio import recognise

    return [recognise(text, code) for text, code in zip(texts, languages, strict=True)]


_SPACY = {
    "PER": "person",
    "PERSON": "person",
    "LOC": "place",
    "GPE": "place",
    "FAC": "place",
    "ORG": "org",
}


def _spacy(
    texts: Sequence[str], languages: Sequence[str], models: Mapping[str, str | Path]
) -> list[list[Found]]:
    from reflect.text import pipeline

    found: list[list[Found]] = [[] for _ in texts]
    for language in sorted(set(languages) & set(models)):
        places = [n for n, code in enumerate(languages) if code == language]
        nlp = pipeline(language, models[language])
        for place, doc in zip(places, nlp.pipe(texts[n] for n in places), strict=True):
            found[place] = [
                Found(ent.start_char, ent.end_char, _SPACY[ent.label_], 0.6, f"spacy:{ent.label_}")
                for ent in doc.ents
                if ent.label_ in _SPACY and "[" not in ent.text
            ]
    return found
