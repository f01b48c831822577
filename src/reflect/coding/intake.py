"""Codes into a corpus from whatever holds them, and out again: what the commands forward to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reflect.anonymity.gate import CONSENT
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
        store = Store.open(corpus.path / FILE, sample)
        fresh = store.codes(sample)
        merged = merge_codes(corpus.codes, fresh, said=store.places(sample))
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
        merged = merge_codes(corpus.codes, fresh, said=fresh)
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


def write_out(
    corpus: Corpus, output: Path, kind: str, language: str, *, quotable_only: bool = False
) -> int:
    """Write codes as ``qdpx``, ``qdc``, ``csv`` or ``cas``.

    Parameters
    ----------
    corpus : Corpus
        What to write.
    output : Path
        File, or for ``cas`` the folder.
    kind : str
        One of the four.
    language : str
        Of code names, de or en.
    quotable_only : bool
        Leave out entries and codes of people who did not agree to be quoted.

    Returns
    -------
    int
        Entries in the export whose writers did not agree to be quoted.

    Raises
    ------
    ReflectError
        For another kind, or a place that cannot be written to.
    """
    quotable = corpus.participants["consent"] == CONSENT
    if quotable_only:
        corpus = corpus.filter(participants=corpus.participants.loc[quotable, "participant_id"])
    if kind == "qdpx":
        from reflect.coding.qda import write_qdpx

        write_qdpx(corpus, output, language=language)
    elif kind == "qdc":
        from reflect.coding.qda import write_qdc

        write_qdc(output, codes=corpus.codes, language=language)
        return 0
    elif kind == "cas":
        write_cas(corpus, output)
    elif kind == "csv":
        write_table(corpus.codes, output)
    else:
        raise ReflectError(
            f"{output}: no known ending. Name it .qdpx, .qdc or .csv, or give --format"
        )
    others = corpus.participants.loc[corpus.participants["consent"] != CONSENT, "participant_id"]
    return int(corpus.entries["participant_id"].isin(others).sum())


def learn(
    corpus: Corpus, *, seed: int = 0, more: int = 0, tables: Path | None = None
) -> tuple[Learned, int]:
    """Train on a corpus's codes, keep the model beside them, and add sentences to code next.

    Parameters
    ----------
    corpus : Corpus
        With rows in ``codes``.
    seed : int
        Of folds and resampling.
    more : int
        How many of the most uncertain sentences to add to the sample.
    tables : Path, optional
        Folder for ``comparison.csv`` and ``out_of_fold.csv``.

    Returns
    -------
    Learned
        The models. Where none beats the rules, no file is kept, and the report goes by the rules.
    int
        Sentences added to the sample.

    Raises
    ------
    ReflectError
        If the corpus has too few codes, or no sample to add to.
    """
    from reflect.coding import own_model
    from reflect.coding.assessment import coded_units
    from reflect.coding.learn import train
    from reflect.coding.uncertain import next_sentences
    from reflect.coding.validity import present_hits

    if corpus.codes.empty:
        raise ReflectError(f"{corpus.path}: has no codes. Bring them in with `reflect code import`")
    frame = sentence_frame(corpus.diary())
    coded, sampled = coded_units(corpus, frame)
    if more and not sampled:
        raise ReflectError(
            f"{corpus.path}: whole entries were coded, no sample. Leave --next out, or draw one "
            "with `reflect code sample`"
        )
    units = present_hits(coded, frame)
    learned = train(consensus(corpus.codes, units), units, seed=seed)
    chosen = next_sentences(learned, frame, units, more) if more else units.head(0)
    if tables:
        write_table(learned.comparison, tables / "comparison.csv")
        write_table(learned.out_of_fold, tables / "out_of_fold.csv")
    if more:
        save_sample(pd.concat([coded, chosen], ignore_index=True), corpus.path)
    if learned.markers:
        own_model.save(learned, corpus)
    else:
        (corpus.path / own_model.FILE).unlink(missing_ok=True)
    return learned, len(chosen)
