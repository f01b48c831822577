"""How even an exchange is: a profile of each tandem, and never one score.

The measures are about what was written down. None of them grades a relationship, and they are
not to be added up: a tandem may be uneven in advice and even in curiosity, and both may be right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from reflect.dyad import MINIMUM_HITS, learning_flow
from reflect.markers.exposure import count_words
from reflect.markers.lexical import profiles
from reflect.overview import MIXED, main_languages
from reflect.pseudo_tandems import pairing_test
from reflect.resampling import bootstrap_t
from reflect.sentence_bounds import data_lines
from reflect.text import iter_docs, sentences

DRAWS = 4000
#: Least I and we of a person, together, for a share of we.
MINIMUM_PRONOUNS = 10
REASONS = ("", "side_missing", "two_languages", "too_few")
_COUNTS = (
    "entries",
    "words",
    "learning",
    "advice",
    "perspective",
    "we",
    "i",
    "individuated",
    "generalised",
)

Rates = dict[str, np.ndarray]


class Measure(NamedTuple):
    """A measure of a pair: what of each side, put together how.

    Attributes
    ----------
    name : str
    quantity : str
        ``learning, advice, perspective, we`` or ``personal``.
    join : callable
        From the quantities of the first and the second side to the measure.
    depends : bool
        Whether its mean depends on who is paired with whom, so that re-pairing tests it.
    """

    name: str
    quantity: str
    join: Callable[[np.ndarray, np.ndarray], np.ndarray]
    depends: bool


def balance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """``(a - b) / (a + b)``: 1 if only the first side has any, -1 if only the second; else nan."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return (first - second) / (first + second)


def reciprocity(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """``1 - |a - b| / (a + b)``: 1 where both have as much, 0 where one has all."""
    return 1 - np.abs(balance(first, second))


def min_max(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """``min(a, b) / max(a, b)``: 1 where both are alike, nan where both are 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.minimum(first, second) / np.maximum(first, second)


MEASURES = (
    Measure("learning_balance", "learning", balance, False),
    Measure("learning_reciprocity", "learning", reciprocity, True),
    Measure("advice_balance", "advice", balance, False),
    Measure("advice_reciprocity", "advice", reciprocity, True),
    Measure("perspective_reciprocity", "perspective", min_max, True),
    Measure("we_ness", "we", lambda first, second: (first + second) / 2, False),
    Measure("we_gap", "we", lambda first, second: np.abs(first - second), True),
    Measure("personalisation", "personal", lambda first, second: (first + second) / 2, False),
)


def side_components(
    spans: pd.DataFrame, diary: pd.DataFrame, sides: tuple[str, str]
) -> pd.DataFrame:
    """What the measures of evenness are made of, for each person.

    Parameters
    ----------
    spans : DataFrame
        From `reflect.annotate`.
    diary : DataFrame
        From `Corpus.diary`.

    Returns
    -------
    DataFrame
        ``tandem_id, side, language`` (that of at least 80 % of the words, else ``mixed``),
        ``entries, words, learning`` and ``advice`` (sentences that say the writer received it),
        ``perspective`` (entries with perspective taking), ``we`` and ``i`` (pronouns),
        ``individuated`` (sentences on the partner as one person: placeholder or phrase of
        ``individuation.txt``), ``generalised`` (sentences with a generalisation).
    """
    table = diary[["entry_id", "tandem_id", "side", "language"]].copy()
    table["words"] = count_words(diary).to_numpy()
    flow = learning_flow(spans, diary, sides)
    received = flow[flow["learner_side"] == flow["writer_side"]]
    for marker in ("learning", "advice"):
        own = received[received["marker"] == marker].drop_duplicates(["entry_id", "start"])
        table[marker] = _by_entry(own, table)
    perspective = spans.loc[spans["marker"] == "perspective_taking", "entry_id"]
    table["perspective"] = table["entry_id"].isin(perspective).astype("int64")
    lexical = profiles(diary)
    for name in ("we", "i"):
        hits = (lexical[name] * lexical["tokens"] / 1000).fillna(0).round().astype("int64")
        table[name] = hits.to_numpy()
    table["individuated"] = _individuated(diary)
    table["generalised"] = _by_entry(spans[spans["marker"] == "generalization"], table)
    keys = ["tandem_id", "side"]
    sums = table.drop(columns=["language", "entry_id"]).groupby(keys, sort=True).sum()
    sums.insert(0, "entries", table.groupby(keys, sort=True).size())
    sums.insert(0, "language", main_languages(table))
    return sums.reset_index()


def evenness(
    components: pd.DataFrame, sides: tuple[str, str], *, draws: int = DRAWS, seed: int = 0
) -> pd.DataFrame:
    """The profile of each tandem, one row a measure.

    ======================== ==============================================================
    measure                  formula, with a and b of the first and the second side
    ======================== ==============================================================
    learning_balance,        (a - b) / (a + b) of what each side says to have received, per
    advice_balance           word; positive where the first side receives more
    learning_reciprocity,    1 - |balance|
    advice_reciprocity
    perspective_reciprocity  min(a, b) / max(a, b) of the share of entries that take the
                             other's view
    we_ness, we_gap          mean and distance of we / (we + I)
    personalisation          mean of (individuated + .5) / (individuated + generalised + 1)
    ======================== ==============================================================

    Own operationalisations (theory.md, section 2). Reciprocities and the minimum over maximum
    cannot exceed 1, so chance always pulls them down: hold them against pairs that never met
    (`evenness_cohort`), never against 1. *We* may mean the tandem, the firm or the family. With
    much mention of the partner personalisation is near its ceiling.

    Parameters
    ----------
    components : DataFrame
        From `side_components`.

    Returns
    -------
    DataFrame
        ``tandem_id, measure, first, second`` (the quantity of each side: hits per 1,000 words,
        or a share), ``value, low, high`` (95 % credible interval under uniform priors, hits taken
        as independent), ``hits`` (what the value rests on), ``reason``: "" or why it is missing:
        ``side_missing``, ``two_languages`` (rates of two languages are not compared),
        ``too_few`` (below three hits, or ten pronouns on a side).
    """
    generator = np.random.default_rng(seed)
    rows = []
    for tandem in sorted(components["tandem_id"].unique()):
        own = components[components["tandem_id"] == tandem].set_index("side")
        missing = "" if set(sides) <= set(own.index) else "side_missing"
        people = own.reindex(list(sides))
        if not missing and not _comparable(*people["language"]):
            missing = "two_languages"
        for measure in MEASURES:
            values, hits, enough = _quantity(people, measure.quantity)
            reason = missing or (
                "" if enough.all() and _many(hits, measure.quantity) else "too_few"
            )
            value = low = high = float("nan")
            if not reason:
                value = float(measure.join(values[0], values[1]))
                sample = _posterior(people, measure.quantity, draws, generator)
                low, high = np.quantile(measure.join(sample[0], sample[1]), [0.025, 0.975])
            scale = 1000 if measure.quantity in ("learning", "advice") else 1
            shown = [scale * float(number) for number in values]
            about = (tandem, measure.name, *shown, value, float(low), float(high))
            rows.append((*about, int(np.nansum(hits)), reason))
    names = ["tandem_id", "measure", "first", "second", "value", "low", "high", "hits", "reason"]
    return pd.DataFrame(rows, columns=names)


def evenness_cohort(
    components: pd.DataFrame, sides: tuple[str, str], *, resamples: int = 2000, seed: int = 0
) -> pd.DataFrame:
    """Each measure over all tandems, held against pairs that never met.

    Returns
    -------
    DataFrame
        One row a measure: ``measure, tandems`` (with a value), ``mean, low, high`` (95 %, tandems
        resampled, from ten tandems on), ``expected`` (mean of all pairs that never met), ``p``
        (two-sided, see `reflect.pseudo_tandems.pairing_test`; nan below five tandems and for
        measures that do not depend on who is paired with whom), ``verdict``: ``above`` or
        ``below`` what pairs that never met show, ``none``, ``described`` (not tested).
    """
    tandems = sorted(components["tandem_id"].unique())
    first, second = (
        components[components["side"] == side].set_index("tandem_id").reindex(tandems)
        for side in sides
    )
    alike = np.array(
        [[_comparable(one, two) for two in second["language"]] for one in first["language"]]
    ).reshape(len(tandems), len(tandems))
    rows = []
    for measure in MEASURES:
        values, hits, enough = zip(
            *(_quantity(part, measure.quantity) for part in (first, second)), strict=True
        )
        matrix = measure.join(values[0][:, None], values[1][None, :])
        fair = alike & enough[0][:, None] & enough[1][None, :]
        fair &= _many(
            np.stack(np.broadcast_arrays(hits[0][:, None], hits[1][None, :])), measure.quantity
        )
        matrix = np.where(fair, matrix, np.nan)
        test = pairing_test(matrix, resamples=resamples, seed=seed)
        interval = bootstrap_t(np.diag(matrix), resamples=resamples, seed=seed)
        p = test.p if measure.depends else float("nan")
        verdict = "described"
        if np.isfinite(p):
            verdict = "none" if p >= 0.05 else "above" if test.value > test.expected else "below"
        about = (measure.name, test.tandems, *interval, test.expected, p)
        rows.append((*about, verdict))
    names = ["measure", "tandems", "mean", "low", "high", "expected", "p", "verdict"]
    return pd.DataFrame(rows, columns=names)


def _quantity(people: pd.DataFrame, quantity: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Value, hits and whether there is enough, for each person."""
    table = people[list(_COUNTS)].astype("float64")
    with np.errstate(invalid="ignore", divide="ignore"):
        if quantity in ("learning", "advice"):
            hits, value = table[quantity], table[quantity] / table["words"]
            enough = table["words"] > 0
        elif quantity == "perspective":
            hits, value = table["perspective"], table["perspective"] / table["entries"]
            enough = table["entries"] > 0
        elif quantity == "we":
            hits = table["we"] + table["i"]
            value, enough = table["we"] / hits, hits >= MINIMUM_PRONOUNS
        else:
            hits = table["individuated"] + table["generalised"]
            value, enough = (table["individuated"] + 0.5) / (hits + 1), hits > 0
    return value.to_numpy(float), hits.to_numpy(float), enough.to_numpy(bool)


def _many(hits: np.ndarray, quantity: str) -> np.ndarray:
    """Whether both sides together have enough hits for the measure."""
    least = 1 if quantity == "we" else MINIMUM_HITS
    return np.nansum(hits, axis=0) >= least


def _posterior(
    people: pd.DataFrame, quantity: str, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Draws of both sides' quantity: gamma for rates, beta for shares, under uniform priors."""
    sample = []
    for person in people.to_dict("records"):
        if quantity in ("learning", "advice"):
            sample.append(generator.gamma(1 + person[quantity], 1 / person["words"], draws))
            continue
        part, rest = {
            "perspective": (person["perspective"], person["entries"] - person["perspective"]),
            "we": (person["we"], person["i"]),
            "personal": (person["individuated"], person["generalised"]),
        }[quantity]
        sample.append(generator.beta(1 + part, 1 + rest, draws))
    return np.stack(sample)


def _comparable(first: object, second: object) -> bool:
    return isinstance(first, str) and first == second and first != MIXED


def _by_entry(hits: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    return table["entry_id"].map(hits["entry_id"].value_counts()).fillna(0).astype("int64")


def _individuated(diary: pd.DataFrame) -> list[int]:
    """Sentences of each entry that speak of the partner as one person."""
    docs = iter_docs(diary)
    partners = diary["partner_placeholder"].tolist()
    found = []
    for doc, partner in zip(docs, partners, strict=True):
        phrases = _phrases(doc.lang_)
        texts = sentences([doc])["text"]
        found.append(
            sum(
                bool((partner and partner in text) or phrases.search(text.lower()))
                for text in texts
            )
        )
    return found


@cache
def _phrases(language: str) -> re.Pattern[str]:
    def word(forms: str) -> str:
        return "(?:" + "|".join(re.escape(f).replace(r"\*", r"\S*") for f in forms.split("/")) + ")"

    lines = [
        r"\s+".join(map(word, line.split())) for line in data_lines(language, "individuation.txt")
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(lines)})(?!\w)")
