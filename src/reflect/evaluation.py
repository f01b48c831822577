"""How good codes are: precision, recall and F1 against human annotations, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reflect.errors import ReflectError
from reflect.stats import wilson
from reflect.text import given_or_detected, parse, sentences

_SCORES = ("precision", "recall", "f1")


def evaluation(
    codes: pd.DataFrame, annotations: pd.DataFrame, entries: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Scores by language and family, sentence by sentence where both tables carry offsets.

    Parameters
    ----------
    codes, annotations : DataFrame
        ``entry_id, marker``, optional ``direction, start, end``; codes also ``gate``.
    entries : DataFrame
        ``entry_id, text``, optional ``language`` (detected where missing): everything that people
        read, the entries without a code included.

    Returns
    -------
    tuple of DataFrame
        Codes and annotations with the compared unit (sentence or entry) as ``entry_id``, and the
        scores: `score` by ``language`` and ``marker``.

    Raises
    ------
    ReflectError
        As `score` does.
    """
    # Units would drop codes of unknown entries in silence.
    _check_known(codes, annotations, entries)
    given = entries["language"].tolist() if "language" in entries else [""] * len(entries)
    units = entries.assign(language=given_or_detected(given, entries["text"].tolist()))
    if all({"start", "end"} <= set(table.columns) for table in (codes, annotations)):
        units = sentence_units(units)
        codes, annotations = on_units(codes, units), on_units(annotations, units)
    return codes, annotations, score(codes, annotations, units, by=("language", "marker"))


def score(
    codes: pd.DataFrame,
    annotations: pd.DataFrame,
    entries: pd.DataFrame,
    by: Sequence[str] = ("marker",),
) -> pd.DataFrame:
    """Precision, recall and F1 of codes against annotations, entry by entry.

    Parameters
    ----------
    codes : DataFrame
        Columns ``entry_id, marker`` and optionally ``direction, gate``, such as
        :func:`reflect.annotate` returns; gated rows are not counted.
    annotations : DataFrame
        Columns ``entry_id, marker`` and optionally ``direction``: what humans coded.
    entries : DataFrame
        Column ``entry_id`` and those that `by` names: everything that was coded. Where an entry
        is one sentence, scores are by sentence.
    by : sequence of str, default ("marker",)
        ``marker`` and columns of `entries`, such as ``("language", "marker")``.

    Returns
    -------
    DataFrame
        One row a group: the columns of `by`, ``found, annotated, both`` (numbers of
        entry-marker pairs), ``precision, recall, f1``, Wilson bounds ``precision_low,
        precision_high, recall_low, recall_high``, ``direction_right`` (share of the pairs
        found in both and annotated with a direction whose direction agrees) and
        ``directions`` (their number). NaN where a share has no base.

    Raises
    ------
    ReflectError
        If a column is missing or codes name an entry that `entries` lacks.
    """
    by = list(by)
    _check(codes, ("entry_id", "marker"), "codes")
    _check(annotations, ("entry_id", "marker"), "annotations")
    _check(entries, ("entry_id", *(name for name in by if name != "marker")), "entries")
    _check_known(codes, annotations, entries)
    counted = codes[codes["gate"] == ""] if "gate" in codes.columns else codes
    pairs = _pairs(counted).merge(
        _pairs(annotations),
        on=["entry_id", "marker"],
        how="outer",
        suffixes=("_found", "_annotated"),
        indicator="where",
    )
    about = ["entry_id", *(name for name in by if name != "marker")]
    pairs = pairs.merge(entries[about], on="entry_id")
    rows = []
    for group, part in pairs.groupby(by, sort=True, observed=True):
        rows.append((*group, *_scores(part)))
    names = ["found", "annotated", "both", *_SCORES, "precision_low", "precision_high"]
    names += ["recall_low", "recall_high", "direction_right", "directions"]
    return pd.DataFrame(rows, columns=[*by, *names])


def gate_confusion(codes: pd.DataFrame, annotations: pd.DataFrame) -> pd.DataFrame:
    """What became of the hits behind each gate.

    Parameters
    ----------
    codes : DataFrame
        From :func:`reflect.annotate` with ``gated=True``.
    annotations : DataFrame
        Columns ``entry_id, marker``.

    Returns
    -------
    DataFrame
        One row a gate ('' = counted): ``gate, hits, annotated`` (hits whose marker humans coded
        in that entry) and ``share``. A high share behind a gate says that it closes wrongly.

    Raises
    ------
    ReflectError
        If a column is missing.
    """
    _check(codes, ("entry_id", "marker", "gate"), "codes")
    _check(annotations, ("entry_id", "marker"), "annotations")
    truth = set(zip(annotations["entry_id"], annotations["marker"], strict=True))
    keys = zip(codes["entry_id"], codes["marker"], strict=True)
    table = pd.DataFrame(
        {"gate": codes["gate"].to_numpy(), "right": [key in truth for key in keys]}
    )
    groups = table.groupby("gate", sort=True)["right"]
    result = groups.agg(hits="size", annotated="sum").reset_index()
    return result.assign(share=result["annotated"] / result["hits"])


def sentence_units(entries: pd.DataFrame) -> pd.DataFrame:
    """The sentences of entries as units of their own, for codes that carry offsets.

    Parameters
    ----------
    entries : DataFrame
        ``entry_id, text`` and any others such as ``language``.

    Returns
    -------
    DataFrame
        A row a sentence: ``entry_id`` (entry and offset, ``e1:0``), ``entry, start, end`` and the
        other columns of `entries` but the text.
    """
    found = sentences(parse(entries)).drop(columns=["text", "sentence"])
    units = found.merge(entries.drop(columns="text"), on="entry_id")
    name = units["entry_id"] + ":" + units["start"].astype(str)
    return units.rename(columns={"entry_id": "entry"}).assign(entry_id=name)


def on_units(codes: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Codes with the unit that each overlaps most as ``entry_id``; those in none are left out.

    Parameters
    ----------
    codes : DataFrame
        ``entry_id, start, end`` (offsets, half-open) and any others.
    units : DataFrame
        From `sentence_units`, or any table with ``entry_id`` (of the unit), ``entry, start, end``.

    Examples
    --------
    >>> units = pd.DataFrame({"entry_id": ["e:0", "e:9"], "entry": "e"})
    >>> units = units.assign(start=[0, 9], end=[8, 20])
    >>> codes = pd.DataFrame({"entry_id": ["e"], "start": [7], "end": [15]})
    >>> on_units(codes, units)["entry_id"].tolist()
    ['e:9']
    """
    places = units[["entry_id", "entry", "start", "end"]].rename(
        columns={"entry_id": "_unit", "entry": "entry_id", "start": "_start", "end": "_end"}
    )
    numbered = codes.reset_index(drop=True).assign(_code=range(len(codes)))
    pairs = numbered.merge(places, on="entry_id")
    shared = np.minimum(pairs["end"], pairs["_end"]) - np.maximum(pairs["start"], pairs["_start"])
    pairs = pairs.assign(_shared=shared)[shared > 0]
    pairs = pairs.sort_values(["_code", "_shared"], kind="stable")
    best = pairs.drop_duplicates("_code", keep="last").drop(columns="entry_id")
    best = best.rename(columns={"_unit": "entry_id"})
    return best[list(codes.columns)].reset_index(drop=True)


def macro_f1(scores: pd.DataFrame) -> float:
    """Mean F1 over the rows of :func:`score`; a row without any pair counts as nothing."""
    return float(scores["f1"].mean())


def _pairs(table: pd.DataFrame) -> pd.DataFrame:
    """One row an entry and marker with its directions, as a set in stable order."""
    if "direction" not in table.columns:
        table = table.assign(direction="")
    grouped = table.groupby(["entry_id", "marker"], sort=True)["direction"]
    return grouped.agg(lambda values: "|".join(sorted(set(values) - {""}))).reset_index()


def _scores(part: pd.DataFrame) -> tuple:
    both = int((part["where"] == "both").sum())
    found = int((part["where"] != "right_only").sum())
    annotated = int((part["where"] != "left_only").sum())
    shared = part[(part["where"] == "both") & (part["direction_annotated"] != "")]
    agree = [
        bool(set(a.split("|")) & set(b.split("|")))
        for a, b in zip(shared["direction_found"], shared["direction_annotated"], strict=True)
    ]
    return (
        found,
        annotated,
        both,
        both / found if found else float("nan"),
        both / annotated if annotated else float("nan"),
        2 * both / (found + annotated),
        *wilson(both, found),
        *wilson(both, annotated),
        float(np.mean(agree)) if agree else float("nan"),
        len(agree),
    )


def _check_known(codes: pd.DataFrame, annotations: pd.DataFrame, entries: pd.DataFrame) -> None:
    known = set(entries["entry_id"])
    for name, table in (("codes", codes), ("annotations", annotations)):
        if not set(table["entry_id"]) <= known:
            raise ReflectError(f"score: {name} name entries that entries lacks; pass all entries")


def _check(table: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ReflectError(f"score: {name} lack the column {missing[0]}; add it")
