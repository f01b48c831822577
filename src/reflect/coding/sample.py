"""Which sentences people should code: rare families enriched, and weights that undo it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reflect.errors import ReflectError
from reflect.markers import FAMILIES
from reflect.tables import write_table

if TYPE_CHECKING:
    from reflect.corpus import Corpus

FILE = "coding/sample.csv"
COLUMNS = (
    "unit_id",
    "entry_id",
    "start",
    "end",
    "language",
    "side",
    "phase",
    "tandem_id",
    "hits",
    "near",
    "stratum",
    "population",
    "sampled",
    "weight",
    "check",
)
#: At least this share of the sample are sentences that no rule marks: recall needs them.
MISSES = 0.25
#: This part of the misses are near ones, where a rule fired but a gate held it back.
NEAR = 1 / 3
_LEAST = 2
#: Stratum of sentences that `reflect.coding.uncertain` chose; they stand for no others.
CHOSEN = "chosen"


def sentence_frame(diary: pd.DataFrame, spans: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every sentence of a diary with the rules' hits.

    Parameters
    ----------
    diary : DataFrame
        From `Corpus.diary`; at least ``entry_id, text, language``.
    spans : DataFrame, optional
        From ``reflect.annotate(diary, gated=True)``; computed where missing.

    Returns
    -------
    DataFrame
        ``entry_id, sentence, start, end, text, language, side, phase, tandem_id, date`` ("" where
        the diary lacks them), ``hits`` (families whose rules mark the sentence, joined by ``|``)
        and ``near`` (no hit, but a rule fired and a gate held it back).
    """
    from reflect import annotate
    from reflect.text import iter_docs, sentences

    table = sentences(iter_docs(diary))
    if spans is None:
        spans = annotate(diary, gated=True)
    known = diary.set_index("entry_id")
    for name in ("language", "side", "phase", "tandem_id", "date"):
        values = known[name].astype("str") if name in known else pd.Series("", known.index)
        table[name] = table["entry_id"].map(values).astype("str")
    table["hits"], table["near"] = _hits(table, spans)
    return table


def sentence_of(table: pd.DataFrame, spans: pd.DataFrame) -> np.ndarray:
    """Row of the sentence that each span belongs to: the one its cue stands in.

    Parameters
    ----------
    table : DataFrame
        ``entry_id, start, end`` of sentences, all of the spans' entries among them.
    spans : DataFrame
        ``entry_id, start`` and, where there is one, ``cue_start``.
    """
    number = {name: place for place, name in enumerate(dict.fromkeys(table["entry_id"]))}
    at = spans["cue_start"] if "cue_start" in spans else spans["start"]
    # One number line for all entries; an entry is far shorter than the step.
    step = int(max(table["end"].max(), 1)) + 1 if len(table) else 1
    starts = table["entry_id"].map(number).to_numpy("int64") * step + table["start"].to_numpy()
    order = np.argsort(starts, kind="stable")
    points = spans["entry_id"].map(number).to_numpy("int64") * step + at.to_numpy("int64")
    return order[np.maximum(np.searchsorted(starts[order], points, side="right") - 1, 0)]


def _hits(table: pd.DataFrame, spans: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """The families of each sentence, and whether only a gate kept a rule from it."""
    spans = spans[spans["entry_id"].isin(table["entry_id"])]
    gate = spans["gate"] if "gate" in spans else pd.Series("", spans.index)
    found: dict[int, set[str]] = {}
    fired = np.zeros(len(table), dtype=bool)
    for place, marker, reason in zip(sentence_of(table, spans), spans["marker"], gate, strict=True):
        if reason:
            fired[place] = True
        else:
            found.setdefault(int(place), set()).add(marker)
    hits = ["|".join(sorted(found.get(place, ()), key=_rank)) for place in range(len(table))]
    return hits, fired & (np.array(hits, dtype=object) == "")


def _rank(marker: str) -> tuple[int, str]:
    return (FAMILIES.index(marker) if marker in FAMILIES else len(FAMILIES), marker)


def draw_sample(
    diary: pd.DataFrame,
    spans: pd.DataFrame | None = None,
    *,
    size: int = 400,
    positives: int = 10,
    seed: int = 0,
) -> pd.DataFrame:
    """Draw sentences for coding.

    Strata of hits are side, language and the set of families a sentence carries; each gives
    enough sentences that every family has `positives` hits in every language, all it has
    where it has fewer. Strata of misses are side, language, phase and whether a gate held a
    rule back (a near miss). Within a stratum, sentences are drawn by systematic sampling in the
    order of phase, tandem and date with a random start, so each has the same chance,
    and the phases and tandems are spread as in the corpus.

    Parameters
    ----------
    diary, spans
        As for :func:`sentence_frame`.
    size : int
        Sentences wanted. More come if the positives need them, since a quarter of `size` is
        kept for misses.
    positives : int
        Hits wanted for each family and language.
    seed : int
        Same seed and corpus, same sample.

    Returns
    -------
    DataFrame
        In random order: ``unit_id`` (u00001 …), ``entry_id, start, end, text, language, side,
        phase, tandem_id, date, hits, near, stratum, population`` (sentences in the stratum),
        ``sampled, weight`` (population / sampled: the inverse of the chance to be drawn) and
        ``check`` (a digest that shows a later change of the text).

    Raises
    ------
    ReflectError
        For a size or number that is not positive, or a diary without sentences.

    Notes
    -----
    Systematic sampling with equal chances within strata: Cochran (1977), Sampling Techniques,
    chapters 5 and 8.
    """
    if size < 1 or positives < 0:
        raise ReflectError("size must be at least 1 and positives at least 0. Give larger numbers")
    frame = sentence_frame(diary, spans)
    if frame.empty:
        raise ReflectError("the diary has no sentences to sample. Choose other entries")
    hit = frame["hits"] != ""
    labels = frame["side"] + " / " + frame["language"] + " / "
    near = np.where(frame["near"], " / near", " / none")
    frame["stratum"] = np.where(hit, labels + frame["hits"], labels + frame["phase"] + near)
    wanted = _hit_allocation(frame[hit], positives)
    budget = max(size - sum(wanted.values()), round(MISSES * size))
    wanted |= _miss_allocation(frame[~hit], budget)
    random = np.random.default_rng(seed)
    frame = frame.sort_values(
        ["stratum", "phase", "tandem_id", "date", "entry_id", "start"], kind="stable"
    )
    drawn = []
    for stratum, part in frame.groupby("stratum", sort=True):
        count = min(wanted.get(stratum, 0), len(part))
        start = random.random()
        if count:
            chosen = np.floor((start + np.arange(count)) * len(part) / count).astype(int)
            drawn.append(part.iloc[chosen].assign(population=len(part), sampled=count))
    sample = pd.concat(drawn, ignore_index=True)
    sample["weight"] = sample["population"] / sample["sampled"]
    sample = sample.iloc[random.permutation(len(sample))].reset_index(drop=True)
    sample["check"] = [digest(text) for text in sample["text"]]
    sample.insert(0, "unit_id", [f"u{number:05d}" for number in range(1, len(sample) + 1)])
    return sample.drop(columns="sentence")


def _hit_allocation(hits: pd.DataFrame, positives: int) -> dict[str, int]:
    """Sentences from each stratum of hits, so that no family falls short in any language."""
    families = hits["hits"].str.split("|")
    long = hits.assign(family=families).explode("family")
    totals = long.groupby(["language", "family"], sort=True).size()
    wanted: dict[str, int] = {}
    for (stratum, language, profile), count in (
        hits.groupby(["stratum", "language", "hits"], sort=True).size().items()
    ):
        need = max(
            -(-count * min(positives, total) // total)
            for total in (totals[language, family] for family in profile.split("|"))
        )
        wanted[stratum] = int(min(count, max(need, 1)))
    return wanted


def _miss_allocation(misses: pd.DataFrame, budget: int) -> dict[str, int]:
    """The budget spread in proportion to the strata, near misses taken more often."""
    wanted: dict[str, int] = {}
    near = misses[misses["near"]]
    share = min(len(near), round(NEAR * budget))
    for part, count in ((near, share), (misses[~misses["near"]], budget - share)):
        sizes = part.groupby("stratum", sort=True).size()
        if len(sizes):
            exact = sizes / sizes.sum() * min(count, sizes.sum())
            floor = np.floor(exact).astype(int)
            rest = int(round(exact.sum())) - int(floor.sum())
            order = (exact - floor).sort_values(ascending=False, kind="stable").index[:rest]
            floor[order] += 1
            wanted |= {
                name: int(min(sizes[name], max(number, _LEAST))) for name, number in floor.items()
            }
    return wanted


def digest(text: str) -> str:
    """Twelve hexadecimal digits by which a changed sentence is noticed."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def save_sample(sample: pd.DataFrame, folder: Path) -> Path:
    """Write a sample as ``coding/sample.csv`` into a corpus folder, without the texts.

    Raises
    ------
    ReflectError
        If the place cannot be written to.
    """
    path = folder / FILE
    write_table(sample[list(COLUMNS)], path)
    return path


def load_sample(folder: Path, entries: pd.DataFrame) -> pd.DataFrame:
    """The sample of a corpus with its texts.

    Parameters
    ----------
    folder : Path
        The corpus folder.
    entries : DataFrame
        ``entry_id, text`` and optionally ``date``.

    Returns
    -------
    DataFrame
        As from :func:`draw_sample`. Sentences of entries that are no longer there (somebody
        withdrew) are left out.

    Raises
    ------
    ReflectError
        If there is no sample, it is damaged, or a text has changed since it was drawn.
    """
    path = folder / FILE
    if not path.is_file():
        raise ReflectError(f"{path}: no such file. Draw a sample with `reflect code sample`")
    try:
        sample = pd.read_csv(
            path, dtype={"population": "int64", "sampled": "int64", "start": "int64"},
            keep_default_na=False, encoding="utf-8",
        )  # fmt: skip
        sample["near"] = sample["near"].astype("str") == "True"
        sample["weight"] = sample["weight"].replace("", "nan").astype("float64")
        for name in ("unit_id", "entry_id", "hits", "side", "tandem_id", "phase", "check"):
            sample[name] = sample[name].astype("str")
    except (ValueError, KeyError, OSError) as fault:
        raise ReflectError(
            f"{path}: damaged. Draw the sample again with the same --seed"
        ) from fault
    known = entries.set_index("entry_id")
    sample = sample[sample["entry_id"].isin(known.index)].reset_index(drop=True)
    texts = known["text"]
    sample["text"] = [
        texts[entry][start:end]
        for entry, start, end in zip(
            sample["entry_id"], sample["start"], sample["end"], strict=True
        )
    ]
    if "date" in known:
        sample["date"] = sample["entry_id"].map(known["date"].astype("str")).astype("str")
    changed = [
        row.entry_id for row in sample.itertuples(index=False) if digest(row.text) != row.check
    ]
    if changed:
        raise ReflectError(
            f"{path}: entry {changed[0]} has changed since the sample was drawn"
            + (f", and {len(set(changed)) - 1} more" if len(set(changed)) > 1 else "")
            + ". Restore the text, or draw a new sample"
        )
    return sample


def with_side_names(sample: pd.DataFrame, corpus: Corpus, language: str) -> pd.DataFrame:
    """A sample as coders see it: sides by their names in a language; for showing only."""
    return sample.assign(side=sample["side"].map(corpus.side_labels(language)).fillna(""))


def context(sample: pd.DataFrame, entries: pd.DataFrame, width: int = 300) -> pd.DataFrame:
    """What stands before and behind each sentence, cut at a word.

    Returns
    -------
    DataFrame
        ``before, after``, in the order of `sample`; at most `width` characters each.
    """
    texts = entries.set_index("entry_id")["text"]
    rows = []
    for row in sample.itertuples(index=False):
        text = texts[row.entry_id]
        before, after = text[: row.start], text[row.end :]
        if len(before) > width:
            before = "…" + before[-width:].partition(" ")[2]
        if len(after) > width:
            after = after[:width].rpartition(" ")[0] + "…"
        rows.append((before.strip(), after.strip()))
    return pd.DataFrame(rows, columns=["before", "after"], index=sample.index)
