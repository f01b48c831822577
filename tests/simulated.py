"""Cohorts with effects that are known because they were put there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reflect.change import log_ratio
from reflect.periods import assign_phases

SIDES = ("a", "b")
START = pd.Timestamp("2025-03-03")


def tandem_names(number: int) -> list[str]:
    return [f"T{tandem:02}" for tandem in range(number)]


def phase_table(
    tandems: int, ratios: tuple[float, float], *, hits: float = 4.0, seed: int = 0
) -> pd.DataFrame:
    """What `reflect.change.phase_counts` gives, for one marker, hits doubled (say) on one side."""
    generator = np.random.default_rng(seed)
    rows = []
    for tandem in tandem_names(tandems):
        for side, ratio in zip(SIDES, ratios, strict=True):
            level = hits * np.exp(generator.normal(-0.08, 0.4))
            early, late = generator.integers(350, 650, size=2)
            before = generator.poisson(level * early / 500)
            after = generator.poisson(level * ratio * late / 500)
            rows.append((tandem, side, "insight", before, early, after, late))
    names = [
        "tandem_id",
        "side",
        "marker",
        "early_hits",
        "early_tokens",
        "late_hits",
        "late_tokens",
    ]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(
        log_ratio=log_ratio(
            table["early_hits"], table["early_tokens"], table["late_hits"], table["late_tokens"]
        )
    )


def weekly_diary(tandems: int, weeks: int = 12, words: str = "wort " * 100) -> pd.DataFrame:
    """One entry a person and week, ids ``T00-a-1``; the second side writes a day later."""
    rows = [
        (f"{tandem}-{side}-{week}", tandem, side, START + pd.Timedelta(days=7 * (week - 1) + later))
        + (week, words)
        for tandem in tandem_names(tandems)
        for later, side in enumerate(SIDES)
        for week in range(1, weeks + 1)
    ]
    diary = pd.DataFrame(rows, columns=["entry_id", "tandem_id", "side", "date", "period", "text"])
    end = START + pd.Timedelta(days=7 * weeks - 1)
    return diary.assign(
        participant_id=diary["tandem_id"] + "-" + diary["side"],
        language="de",
        partner_placeholder="",
        consent="full",
        phase=assign_phases(diary["date"], START, end),
    )


def marks(entries: list[tuple[str, str, str]]) -> pd.DataFrame:
    """Spans from entry, marker and direction; starts count up within the table."""
    table = pd.DataFrame(entries, columns=["entry_id", "marker", "direction"])
    return table.assign(
        start=range(len(table)), end=99_999, text="Satz", content_start=-1, content_end=-1
    )


def coupled_marks(
    tandems: int, lag: int | None, *, weeks: int = 12, common: bool = False, seed: int = 0
) -> pd.DataFrame:
    """Insights of the first side; those of the second follow `lag` weeks later (None: freely).

    With `common`, everybody has them in the same weeks, whoever the partner is.
    """
    generator = np.random.default_rng(seed)
    shared = generator.random(weeks) < 0.4
    found = []
    for tandem in tandem_names(tandems):
        own = shared if common else generator.random(weeks) < 0.4
        other = own if common or lag is not None else generator.random(weeks) < 0.4
        for week in range(weeks):
            if own[week]:
                found.append((f"{tandem}-a-{week + 1}", "insight", ""))
            later = week + (lag or 0)
            if other[week] and 0 <= later < weeks:
                found.append((f"{tandem}-b-{later + 1}", "insight", ""))
    return marks(found)


def exchanged_hits(
    tandems: int,
    *,
    ratio: float = 1.0,
    hits: float = 1.0,
    spread: float = 0.4,
    dispersion: float = 0.0,
    unequal: float = 1.0,
    generator: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Hits of either side of each tandem, and the words of both, as `rate_ratio` takes them.

    `hits` are those of the second side on average; `spread` is the standard deviation of the logs
    of people's rates and of tandems', `dispersion` what hits of a person vary beyond that (gamma),
    `unequal` how many times as much the first side writes.
    """
    common = np.exp(generator.normal(-(spread**2) / 2, spread, tandems))
    counts, words = [], []
    for factor, amount in ((ratio, unequal), (1.0, 1.0)):
        level = common * np.exp(generator.normal(-(spread**2) / 2, spread, tandems))
        if dispersion:
            level = level * generator.gamma(1 / dispersion, dispersion, tandems)
        words.append(amount * generator.uniform(700, 1300, tandems))
        counts.append(generator.poisson(hits * factor * level * words[-1] / 1000))
    return counts[0], counts[1], (words[0], words[1])


def changing_hits(
    tandems: int,
    ratios: tuple[float, float],
    *,
    hits: float = 1.0,
    spread: float = 0.4,
    dispersion: float = 0.0,
    generator: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Hits and words by tandem, side and third (early, late); late rates are `ratios` times.

    `spread` is of people's and, a little less, of tandems' log rates; `dispersion` lets the change
    of every person and what both of a tandem share of it vary (gamma, log-normal).
    """
    common = generator.normal(0, 0.75 * spread, (tandems, 1, 1))
    level = np.exp(common + generator.normal(0, spread, (tandems, 2, 1)))
    words = generator.uniform(350, 650, (tandems, 2, 2))
    mean = hits * level * words / 500 * np.stack([np.ones(2), ratios], axis=1)
    if dispersion:
        mean = mean * generator.gamma(1 / dispersion, dispersion, mean.shape)
        drift = np.sqrt(dispersion / 2)
        mean[..., 1] *= np.exp(generator.normal(-(drift**2) / 2, drift, (tandems, 1)))
    return generator.poisson(mean), words


def change_table(hits: np.ndarray, words: np.ndarray) -> pd.DataFrame:
    """`changing_hits` as `reflect.change.phase_counts` gives them, for one marker."""
    tandems = len(hits)
    table = pd.DataFrame(
        {
            "tandem_id": np.repeat(tandem_names(tandems), 2),
            "side": list(SIDES) * tandems,
            "marker": "insight",
            "early_hits": hits[..., 0].ravel(),
            "early_tokens": words[..., 0].ravel().round(),
            "late_hits": hits[..., 1].ravel(),
            "late_tokens": words[..., 1].ravel().round(),
        }
    )
    ratio = log_ratio(*(table[name] for name in table.columns[3:]))
    return table.assign(log_ratio=ratio)
