"""The appendix of a report: codebook, validity of the markers, datasheet, list of tables."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import as_file, files

import pandas as pd

from reflect.assemble import Document, pipe_table
from reflect.coding.definitions import codebook
from reflect.corpus import Corpus
from reflect.labels import label, number
from reflect.markers.codebook import FAMILIES

DATASHEET = "DATASHEET.md"


def appendix(corpus: Corpus, document: Document, language: str) -> str:
    """The appendix in Markdown, to follow the rest of the document.

    Parameters
    ----------
    corpus : Corpus
        Its languages choose the rows on validity; its ``DATASHEET.md``, where there is one, is
        printed.
    document : Document
        What the notebooks made: its tables are listed.
    language : str
        ``de`` or ``en``; a datasheet stays in the language it was written in.
    """
    parts = [f"# {label(language, 'appendix.heading')}"]
    parts += [f"## {label(language, 'appendix.codebook')}", _codebook(language)]
    parts += [
        f"## {label(language, 'appendix.validity')}",
        label(language, "appendix.validity_note"),
    ]
    parts.append(_validity(corpus, language))
    sheet = corpus.path / DATASHEET
    if sheet.is_file():
        parts.append(f"## {label(language, 'appendix.datasheet')}")
        parts += [label(language, "appendix.datasheet_note"), _lowered(sheet.read_text("utf-8"))]
    if document.captions:
        parts += [f"## {label(language, 'appendix.tables')}", _tables(document, language)]
    return "\n\n".join(parts)


@cache
def measured() -> pd.DataFrame:
    """How right the markers were on this project's own test sentences.

    Returns
    -------
    DataFrame
        ``language, marker, annotated`` (sentences that people marked), ``found, both, precision,
        precision_low, precision_high, recall, recall_low, recall_high, f1``, written by
        ``tests/evaluation/markers.py``.
    """
    with as_file(files("reflect.markers").joinpath("validity.csv")) as path:
        return pd.read_csv(path)


def _codebook(language: str) -> str:
    book = codebook(language)
    rows = book[["name", "when", "unless"]].to_numpy().tolist()
    columns = [label(language, f"appendix.{name}") for name in ("marker", "when", "unless")]
    return pipe_table(columns, rows, [False] * 3, label(language, "appendix.codebook_caption"))


def _validity(corpus: Corpus, language: str) -> str:
    table = measured()
    table = table[table["language"].isin(corpus.languages)]
    order = {marker: place for place, marker in enumerate(FAMILIES)}
    table = table.assign(_place=table["marker"].map(order))
    rows = []
    for row in table.sort_values(["language", "_place"]).itertuples():
        name = label(language, f"marker.{row.marker}")
        spoken = label(language, f"language.{row.language}")
        precision = _interval(row.precision, row.precision_low, row.precision_high, language)
        recall = _interval(row.recall, row.recall_low, row.recall_high, language)
        rows.append([spoken, name, str(row.annotated), precision, recall])
    columns = [
        label(language, f"appendix.{name}")
        for name in ("language", "marker", "annotated", "precision", "recall")
    ]
    numeric = [False, False, True, True, True]
    return pipe_table(columns, rows, numeric, label(language, "appendix.validity_caption"))


def _interval(value: float, low: float, high: float, language: str) -> str:
    return f"{number(value, language, 2)} [{number(low, language, 2)}, {number(high, language, 2)}]"


def _tables(document: Document, language: str) -> str:
    """One row a table; those that every portrait has stand together."""
    captions = pd.Series(document.captions).sort_index()
    rows = []
    for caption, names in captions.groupby(captions, sort=False).groups.items():
        lines = sum(document.tables[name].count(b"\n") - 1 for name in names)
        shown = names[0] if len(names) == 1 else "*-" + names[0].partition("-")[2]
        rows.append([f"tables/{shown}", caption, str(lines)])
    columns = [label(language, f"appendix.{name}") for name in ("file", "content", "rows")]
    return pipe_table(
        columns, rows, [False, False, True], label(language, "appendix.tables_caption")
    )


def _lowered(markdown: str) -> str:
    """A datasheet below our headings, without its title and without links to files beside it."""
    body = re.sub(r"\A\s*# .*\n", "", markdown)
    # Pandoc wants an empty line before a list, which people leave out.
    body = re.sub(r"^(?![-*+ ])(.*\S.*)\n(?=[-*+] )", r"\1\n\n", body, flags=re.MULTILINE)
    body = re.sub(r"\[([^\]]*)\]\((?!https?:)[^)]*\)", r"\1", body)
    return re.sub(r"^(#+ )", r"#\1", body, flags=re.MULTILINE).strip()
