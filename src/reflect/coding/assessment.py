"""All that a report says about the human codes of a corpus, in one call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from reflect.coding.agreement import agreement, confusion, disputed, pairwise
from reflect.coding.consensus import ADJUDICATOR, consensus, open_cases
from reflect.coding.own_model import annotate, unseen
from reflect.coding.ratings import place
from reflect.coding.sample import FILE, load_sample, sentence_frame
from reflect.coding.validity import uneven, validity
from reflect.moments import ANY, SHIFT_MARKERS

if TYPE_CHECKING:
    from reflect.corpus import Corpus


@dataclass(frozen=True)
class Assessment:
    """Human codes of a corpus, judged.

    Attributes
    ----------
    sampled : bool
        Whether a drawn sample was coded; else whole entries were, and the figures hold for these.
    sentences : int
        Sentences with a settled judgement.
    coders : list of str
        The adjudicator not among them.
    agreement, pairwise, confusion, disputed, consensus, open, validity, uneven : DataFrame
        As the functions of these names return them.
    """

    sampled: bool
    sentences: int
    coders: list[str]
    agreement: pd.DataFrame = field(repr=False)
    pairwise: pd.DataFrame = field(repr=False)
    confusion: pd.DataFrame = field(repr=False)
    disputed: pd.DataFrame = field(repr=False)
    consensus: pd.DataFrame = field(repr=False)
    open: pd.DataFrame = field(repr=False)
    validity: pd.DataFrame = field(repr=False)
    uneven: pd.DataFrame = field(repr=False)


def assess(
    corpus: Corpus, spans: pd.DataFrame | None = None, *, resamples: int = 2000, seed: int = 0
) -> Assessment | None:
    """Agreement, consensus and validity of a corpus's own codes.

    Parameters
    ----------
    corpus : Corpus
        With rows in ``codes``; ``coding/sample.csv`` tells what was sampled.
    spans : DataFrame, optional
        From ``reflect.coding.annotate``; computed where missing. With ``gated=True`` or without.

    Returns
    -------
    Assessment or None
        None where the corpus has no codes.

    Raises
    ------
    ReflectError
        If the sample does not fit the corpus any more.
    """
    if corpus.codes.empty:
        return None
    diary = corpus.diary()
    if spans is None:
        spans = annotate(diary, corpus, gated=True)
    units, sampled = coded_units(corpus, sentence_frame(diary, spans))
    votes = corpus.codes[corpus.codes["coder_id"] != ADJUDICATOR]
    given = votes if len(votes) else corpus.codes
    settled = consensus(corpus.codes, units)
    judged = validity(
        settled, units, spans, diary, unseen=unseen(corpus), unions={ANY: SHIFT_MARKERS}
    )
    return Assessment(
        sampled=sampled,
        sentences=settled.loc[settled["value"].notna(), "unit_id"].nunique(),
        coders=sorted(votes["coder_id"].unique()),
        agreement=agreement(given, units, resamples=resamples, seed=seed),
        pairwise=pairwise(given, units, resamples=resamples, seed=seed),
        confusion=confusion(given, units),
        disputed=disputed(given, units),
        consensus=settled,
        open=open_cases(settled),
        validity=judged,
        uneven=uneven(judged),
    )


def agreement_table(judged: Assessment | None) -> pd.DataFrame:
    """Agreement as a report shows it: one row a marker; no rows without human codes.

    Returns
    -------
    DataFrame
        ``marker, alpha, low, high, percent, coders, units, positives, verdict``, without the rows
        of directions, whose names are no markers.
    """
    if judged is None:
        return pd.DataFrame()
    table = judged.agreement
    return table[~table["marker"].str.contains(":")].reset_index(drop=True)


def validity_table(judged: Assessment | None) -> pd.DataFrame:
    """Validity of each marker, whole and by side and language; no rows without codes.

    Returns
    -------
    DataFrame
        Columns of `reflect.coding.validity.validity`; the last marker is any shift.
    """
    return pd.DataFrame() if judged is None else judged.validity


def coded_units(corpus: Corpus, frame: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """The sentences that people coded, and whether they were a drawn sample.

    Parameters
    ----------
    corpus : Corpus
        With rows in ``codes``.
    frame : DataFrame
        From `reflect.coding.sample.sentence_frame`.

    Raises
    ------
    ReflectError
        If the sample does not fit the corpus any more.
    """
    if (corpus.path / FILE).is_file():
        units = load_sample(corpus.path, corpus.entries)
        # A sample may be drawn, and nobody has coded it yet.
        if not place(corpus.codes, units).empty:
            return units, True
    return whole_entries(corpus.codes, frame), False


def whole_entries(codes: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Sentences of entries that carry codes, as a sample in which each stands for itself.

    Parameters
    ----------
    codes : DataFrame
        ``entry_id`` and others.
    frame : DataFrame
        From `reflect.coding.sample.sentence_frame`.
    """
    units = frame[frame["entry_id"].isin(codes["entry_id"])].reset_index(drop=True)
    stratum = units["side"] + " / " + units["language"]
    size = units.groupby(stratum)["start"].transform("size") if len(units) else 0
    return units.assign(
        unit_id=[f"u{number:05d}" for number in range(1, len(units) + 1)],
        stratum=stratum,
        population=size,
        sampled=size,
        weight=1.0,
    )
