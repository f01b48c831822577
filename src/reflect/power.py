"""What a corpus of this size could have shown: power of the planned contrasts, by simulation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from reflect.change import DIFFERENCE, PHASES, log_ratio
from reflect.markers.exposure import count_words
from reflect.resampling import EXACT_FLIPS
from reflect.stats import COMPARE_TANDEMS, wilson

RATIOS = (1.5, 2.0, 3.0)
_FLIPS = 2000


class Rates(NamedTuple):
    """How a marker is written on one side.

    Attributes
    ----------
    rate : float
        Hits per 1,000 words.
    dispersion : float
        Variance of an entry's hits beyond Poisson: ``variance = m + dispersion * m^2``.
    person_sd : float
        Standard deviation of the persons' log rates.
    """

    rate: float
    dispersion: float
    person_sd: float


def marker_rates(
    spans: pd.DataFrame, diary: pd.DataFrame, sides: tuple[str, str], marker: str
) -> dict[str, Rates]:
    """Rate, dispersion and spread of persons of one marker on each side, by moments.

    Dispersion is taken within persons, around each person's own rate; the spread of persons is
    what their rates vary more than dispersed counts would. Both are 0 where the data show none,
    and rough in small corpora.
    """
    table = diary[["entry_id", "tandem_id", "side"]].copy()
    table["words"] = count_words(diary).to_numpy()
    hits = spans.loc[spans["marker"] == marker, "entry_id"].value_counts()
    table["hits"] = table["entry_id"].map(hits).fillna(0).astype(float)
    found = {}
    for side in sides:
        own = table[(table["side"] == side) & (table["words"] > 0)]
        total, words = own["hits"].sum(), own["words"].sum()
        if not total:
            found[side] = Rates(0.0, 0.0, 0.0)
            continue
        people = own.groupby("tandem_id")[["hits", "words"]].sum()
        entries = own.groupby("tandem_id").size()
        mean = own["words"] * own["tandem_id"].map(people["hits"] / people["words"])
        # Fitting each person's rate uses up one entry a person.
        freedom = own["tandem_id"].map((entries / (entries - 1).clip(lower=1)).clip(upper=2))
        excess = ((own["hits"] - mean) ** 2 * freedom - mean).sum()
        dispersion = max(0.0, float(excess / (mean**2).sum()))
        expected = people["words"] * total / words
        noise = expected + dispersion * expected**2 / entries
        spread = ((people["hits"] - expected) ** 2 - noise).sum() / (expected**2).sum()
        person_sd = float(np.sqrt(np.log1p(max(0.0, float(spread)))))
        found[side] = Rates(1000 * float(total / words), dispersion, person_sd)
    return found


def phase_entries(diary: pd.DataFrame) -> pd.DataFrame:
    """Words of each entry of the first and last third: ``tandem_id, side, phase, words``."""
    table = diary[["tandem_id", "side"]].assign(
        phase=diary["phase"].astype("str"), words=count_words(diary).to_numpy()
    )
    return table[table["phase"].isin(PHASES) & (table["words"] > 0)].reset_index(drop=True)


def simulated_power(
    entries: pd.DataFrame,
    sides: tuple[str, str],
    rates: dict[str, Rates],
    ratio: float,
    *,
    contrast: str,
    alpha: float = 0.05,
    simulations: int = 500,
    seed: int = 0,
) -> float:
    """Share of simulated cohorts in which the sign-flip test finds a given change.

    Cohorts have the entries of `entries`; hits are Poisson with a gamma-distributed rate for each
    entry (negative binomial) and a log-normal one for each person. The rate of the changing side
    is multiplied by `ratio` in the last third. With a ratio of 1 this is the false-alarm rate.

    Parameters
    ----------
    entries : DataFrame
        From `phase_entries`.
    rates : dict
        From `marker_rates`.
    contrast : str
        A side, or ``difference``: the first side changes, the second does not.

    Returns
    -------
    float
        nan for fewer than five tandems.
    """
    generator = np.random.default_rng(seed)
    changes = {}
    for side in [contrast] if contrast != DIFFERENCE else list(sides):
        factor = ratio if side in (contrast, sides[0]) else 1.0
        own = entries[entries["side"] == side]
        changes[side] = _simulate(own, rates[side], factor, simulations, generator)
    tandems = sorted(set.intersection(*(set(change) for change in changes.values())))
    if len(tandems) < COMPARE_TANDEMS:
        return float("nan")
    values = np.stack([_contrast(changes, tandem, sides) for tandem in tandems])
    return float((_sign_flips(values, generator) < alpha).mean())


def power(
    spans: pd.DataFrame,
    diary: pd.DataFrame,
    sides: tuple[str, str],
    markers: Sequence[str],
    *,
    ratios: Sequence[float] = RATIOS,
    alpha: float = 0.05,
    simulations: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """How likely this corpus was to show a change of a given size, marker by marker.

    Own rates, dispersion, spread, entries and number of tandems of the corpus are used, so it says
    what could have been found, not what was. A change is a ratio of the last to the first third;
    a doubling that builds up evenly from first to last week is one of about 1.66 here. Power is of
    the sign-flip test at `alpha` without correction for several markers; below ten tandems no test
    is reported, and the figure only shows why.

    Returns
    -------
    DataFrame
        ``marker, contrast`` (each side, ``difference``), ``ratio, tandems`` (with entries in both
        thirds), ``rate, dispersion, person_sd`` (of the changing side), ``power, low, high``
        (Wilson, of the simulation); power is missing below five tandems and for a marker that was
        never found.
    """
    entries = phase_entries(diary)
    wrote = entries.groupby(["tandem_id", "side"])["phase"].nunique()
    whole = wrote[wrote == len(PHASES)].reset_index()
    people = {side: set(whole.loc[whole["side"] == side, "tandem_id"]) for side in sides}
    people[DIFFERENCE] = people[sides[0]] & people[sides[1]]
    rows = []
    for marker in markers:
        known = marker_rates(spans, diary, sides, marker)
        for contrast in (*sides, DIFFERENCE):
            changing = known[sides[0] if contrast == DIFFERENCE else contrast]
            for ratio in ratios:
                value, low, high = (float("nan"),) * 3
                if changing.rate and len(people[contrast]) >= COMPARE_TANDEMS:
                    value = simulated_power(
                        entries,
                        sides,
                        known,
                        ratio,
                        contrast=contrast,
                        alpha=alpha,
                        simulations=simulations,
                        seed=seed,
                    )
                    low, high = wilson(round(value * simulations), simulations)
                about = (marker, contrast, ratio, len(people[contrast]))
                rows.append((*about, *changing, value, low, high))
    names = ["marker", "contrast", "ratio", "tandems", "rate", "dispersion", "person_sd"]
    return pd.DataFrame(rows, columns=[*names, "power", "low", "high"])


def _simulate(
    own: pd.DataFrame,
    rates: Rates,
    ratio: float,
    simulations: int,
    generator: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Log ratios of each tandem's person in each simulated cohort."""
    changes = {}
    for tandem, person in own.groupby("tandem_id", sort=True):
        words = {phase: person.loc[person["phase"] == phase, "words"] for phase in PHASES}
        if not all(len(part) for part in words.values()):
            continue
        spread = rates.person_sd
        level = np.exp(generator.normal(-(spread**2) / 2, spread, simulations))
        hits = []
        for phase, factor in zip(PHASES, (1.0, ratio), strict=True):
            mean = words[phase].to_numpy(float)[:, None] * rates.rate / 1000 * factor * level
            if rates.dispersion > 0:
                shape = 1 / rates.dispersion
                mean = mean * generator.gamma(shape, rates.dispersion, mean.shape)
            hits.append(generator.poisson(mean).sum(axis=0))
        early, late = hits
        amount = [float(words[phase].sum()) for phase in PHASES]
        changes[tandem] = log_ratio(early, amount[0], late, amount[1])
    return changes


def _contrast(
    changes: dict[str, dict[str, np.ndarray]], tandem: str, sides: tuple[str, str]
) -> np.ndarray:
    if len(changes) == 1:
        return next(iter(changes.values()))[tandem]
    return changes[sides[0]][tandem] - changes[sides[1]][tandem]


def _sign_flips(values: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Sign-flip p of each column, as `reflect.resampling.sign_flip` computes it."""
    number = len(values)
    if number <= EXACT_FLIPS:
        signs = 1.0 - 2.0 * ((np.arange(2**number)[:, None] >> np.arange(number)) & 1)
    else:
        signs = 1.0 - 2.0 * generator.integers(2, size=(_FLIPS, number))
        signs = np.vstack([np.ones((1, number)), signs])
    observed = np.abs(values.sum(axis=0))
    extreme = np.zeros(values.shape[1])
    for block in np.array_split(signs, max(1, len(signs) // 512)):
        extreme += (np.abs(block @ values) >= observed - 1e-9).sum(axis=0)
    return extreme / len(signs)
