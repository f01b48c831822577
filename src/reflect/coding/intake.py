"""Codes into a corpus from whatever holds them, and out again: what the commands forward to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reflect.coding.consensus import consensus
from reflect.coding.exchange import merge_codes, read_codes, write_cas, write_codes
from reflect.coding.sample import load_sample, save_sample, sentence_frame
from reflect.coding.store import FILE, Store
from reflect.coding.tei import read_tei
from reflect.errors import ReflectError
from reflect.tables import write_table

if TYPE_CHECKING:
    from reflect.coding.learn import Learned
    from reflect.corpus import Corpus


@dataclass(frozen=True)
class Arrival:
    """What came in: codes new in this call, codes now, and what the reader should know."""

    fresh: int
    total: int
    remarks: tuple[str, ...] = ()


def bring_in(
    corpus: Corpus,
    source: Path | None,
    *,
    coder: str = "",
    names: Iterable[str] = (),
    own: bool = False,
) -> Arrival:
    """Bring codes into ``codes.csv``.

    Parameters
    ----------
    corpus : Corpus
        As loaded from its folder.
    source : Path, optional
        .qdpx, .xlsx, .csv or .xml; without it the codes of the coding page.
    coder : str
        Who filled in a sheet, or a table that does not say.
    names : iterable of str
        ``NAME=marker`` for codes of other names.
    own : bool
        Keep codes that are no family.

    Raises
    ------
    ReflectError
        With every fault of the source; ``codes.csv`` is then as it was.
    """
    remarks: list[str] = []
    kind = source.suffix.lower() if source else ""
    if source is not None and not source.is_file():
        raise ReflectError(f"{source}: no such file. Check the path")
    if source is None:
        sample = load_sample(corpus.path, corpus.entries)
        if not (corpus.path / FILE).is_file():
            raise ReflectError(
                f"{corpus.path / FILE}: no such file. Code with `reflect code serve`"
            )
        fresh = Store.open(corpus.path / FILE, sample).codes(sample)
        merged = merge_codes(corpus.codes, fresh, spans=True)
    elif kind == ".qdpx":
        fresh, merged, remarks = _from_project(corpus, source, names, own)
    elif kind in (".xml", ".tei"):
        fresh = _from_tei(corpus, source, own)
        merged = merge_codes(corpus.codes, fresh)
    elif _is_sheet(source):
        from reflect.coding.sheets import read_sheets

        if not coder:
            raise ReflectError(f"{source.name}: who coded? Give --coder NAME")
        fresh = read_sheets(source, load_sample(corpus.path, corpus.entries), coder)
        merged = merge_codes(corpus.codes, fresh, spans=True)
    else:
        fresh = read_codes(source, corpus.entries, coder=coder, own=own)
        merged = merge_codes(corpus.codes, fresh)
    write_codes(corpus.path, merged)
    return Arrival(len(fresh), len(merged), tuple(remarks))


def _is_sheet(source: Path) -> bool:
    from reflect.coding.sheets import first_sheet
    from reflect.spreadsheets import table_rows

    return "unit_id" in table_rows(source, first_sheet(source))[0]


def _from_project(
    corpus: Corpus, source: Path, names: Iterable[str], own: bool
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    from reflect.coding.qda_codes import matched_entries, project_codes
    from reflect.coding.qda_reader import read_qdpx

    project = read_qdpx(source)
    pairs = [tuple(map(str.strip, name.rpartition("=")[::2])) for name in names]
    if any(not name or not meant for name, meant in pairs):
        raise ReflectError('--map needs NAME=marker, such as --map "Aha=insight"')
    fresh = project_codes(project, corpus.entries, names=pairs, own=own)
    entries = matched_entries(project, corpus.entries)
    merged = merge_codes(corpus.codes, fresh, coders=project.users, entries=entries)
    remarks = [
        f"{source.name}: {count} of {kind} were not read" for kind, count in project.skipped.items()
    ]
    if len(project.annotations):
        remarks.append(f"{source.name}: {len(project.annotations)} comments without code left out")
    return fresh, merged, remarks


def _from_tei(corpus: Corpus, source: Path, own: bool) -> pd.DataFrame:
    from reflect.coding.definitions import known_markers

    entries, codes = read_tei(source)
    texts = corpus.entries.set_index("entry_id")["text"]
    for row in entries.itertuples(index=False):
        if row.entry_id not in texts or texts[row.entry_id] != row.text:
            raise ReflectError(
                f"{source.name}: entry {row.entry_id} is not in the corpus with this text. Bring "
                "the texts in first, with `reflect code tei` and `reflect import`"
            )
    strange = sorted(set(codes["marker"]) - set(known_markers()))
    if strange and not own:
        raise ReflectError(
            f"{source.name}: unknown marker {strange[0][:20]!r}. Correct it, or add --own-codes"
        )
    return codes


def write_out(corpus: Corpus, output: Path, kind: str, language: str) -> Path:
    """Write codes as ``qdpx``, ``qdc``, ``csv`` or ``cas``.

    Raises
    ------
    ReflectError
        For another kind, or a place that cannot be written to.
    """
    if kind == "qdpx":
        from reflect.coding.qda import write_qdpx

        return write_qdpx(corpus, output, language=language)
    if kind == "qdc":
        from reflect.coding.qda import write_qdc

        return write_qdc(output, codes=corpus.codes, language=language)
    if kind == "cas":
        return write_cas(corpus, output)
    if kind == "csv":
        write_table(corpus.codes, output)
        return output
    raise ReflectError(f"{output}: no known ending. Name it .qdpx, .qdc or .csv, or give --format")


def learn(corpus: Corpus, output: Path, *, seed: int = 0, more: int = 0) -> tuple[Learned, int]:
    """Train on a corpus's codes, write what came of it, and add sentences to code next.

    Writes ``comparison.csv``, ``out_of_fold.csv`` and ``predictions.csv`` (every sentence and
    family with a model: probability, and whether it carries the family).

    Returns
    -------
    Learned
        The models.
    int
        Sentences added to the sample.

    Raises
    ------
    ReflectError
        If the corpus has no sample or too few codes.
    """
    from reflect.coding.learn import train
    from reflect.coding.uncertain import next_sentences

    if corpus.codes.empty:
        raise ReflectError(f"{corpus.path}: has no codes. Bring them in with `reflect code import`")
    sample = load_sample(corpus.path, corpus.diary())
    learned = train(consensus(corpus.codes, sample), sample, seed=seed)
    frame = sentence_frame(corpus.diary())
    write_table(learned.comparison, output / "comparison.csv")
    write_table(learned.out_of_fold, output / "out_of_fold.csv")
    write_table(learned.predict(frame), output / "predictions.csv")
    if not more:
        return learned, 0
    chosen = next_sentences(learned, frame, sample, more)
    save_sample(pd.concat([sample, chosen], ignore_index=True), corpus.path)
    return learned, len(chosen)
