"""What the statistics find in cohorts whose effects are known, and what they claim without.

Run from the project root: ``python tests/evaluation/cohorts.py [COHORTS] [TABLE ...]``, 500 cohorts
by default, which takes about two hours on one core. Prints four tables:

change
    `reflect.change.change`: how often the 95 % interval holds the truth, how often p < .05, and
    how often a change is claimed, by tandems, hits of a person and third, and what varies.
sides
    `reflect.ratios.rate_ratio`, by which one side is said to write or receive more.
others
    False alarms and finds of the other tandem measures.
shuffled
    Claims of dyad measures and key moments where participants are shuffled across tandems.

`sides` is quick and takes four times as many cohorts. "given" is the share of cohorts with an
interval; the rest is refused as too rare. With 500 cohorts a share of .05 has a Monte-Carlo error
(standard deviation) of .010, so of many cells at .05 half lie above; a last line under `change`
and `sides` gives the highest with the chance of such a one, by Holm's method over all cells, if
every true rate were .05, and likewise the chance of the lowest and highest coverage if every true
one were .92 or .98.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binom

sys.path.insert(0, str(Path(__file__).parents[1]))

from simulated import (  # noqa: E402
    SIDES,
    change_table,
    changing_hits,
    coupled_marks,
    exchanged_hits,
    weekly_diary,
)
from test_corroboration import paired_claims  # noqa: E402
from test_coupling import WEEKS  # noqa: E402
from test_evenness import paired  # noqa: E402
from test_keyness import counts  # noqa: E402
from test_nulls import TANDEMS, claims, common_ground  # noqa: E402
from test_style_matching import people  # noqa: E402

from reflect.change import change  # noqa: E402
from reflect.corroboration import corroborated_share  # noqa: E402
from reflect.coupling import coupling, marker_series  # noqa: E402
from reflect.dyad import learning_flow  # noqa: E402
from reflect.evenness import evenness_cohort  # noqa: E402
from reflect.keyness import keyness  # noqa: E402
from reflect.pseudo_tandems import re_paired  # noqa: E402
from reflect.ratios import rate_ratio  # noqa: E402
from reflect.style_matching import style_matching_test, style_similarity  # noqa: E402

#: Seeds of what is reported; methods were chosen on others.
SEED = 20_250_303
#: Hits of a person and third.
HITS = (0.3, 1.0, 3.0)
#: How much changes differ between tandems beyond chance.
DISPERSIONS = (0.0, 0.3)


def changes(cohorts: int, tandems: tuple[int, ...] = (12, 20, 40)) -> pd.DataFrame:
    """Coverage, alarms and claims of `change` by tandems, hits a person and third, and truth."""
    rows = []
    for number, hits, dispersion, doubled in product(tandems, HITS, DISPERSIONS, (1, 2)):
        generator = np.random.default_rng([SEED, number, int(10 * hits), doubled])
        found = []
        for cohort in range(cohorts):
            cells = changing_hits(
                number, (doubled, 1), hits=hits, dispersion=dispersion, generator=generator
            )
            found.append(change(change_table(*cells), SIDES, seed=cohort))
        about = (number, hits, dispersion)
        rows += _changes(pd.concat(found), about, doubled, cohorts)
    names = ["tandems", "hits", "dispersion", "contrast", "ratio", "given", "covered"]
    return pd.DataFrame(rows, columns=[*names, "p < .05", "claimed", "methods"])


def _changes(table: pd.DataFrame, about: tuple, doubled: int, cohorts: int) -> list[tuple]:
    rows = []
    for contrast, ratio in (("a", doubled), ("b", 1), ("difference", doubled)):
        part = table[table["contrast"] == contrast]
        given = part[part["low"].notna()]
        inside = (given["low"] <= ratio) & (ratio <= given["high"])
        shares = (len(given) / cohorts, inside.mean(), (part["p"] < 0.05).sum() / cohorts)
        claimed = part["verdict"].isin(["more", "less"]).sum() / cohorts
        methods = "/".join(sorted(set(part["method"])))
        rows.append((*about, contrast, ratio, *shares, claimed, methods))
    return rows


def sides(cohorts: int, tandems: tuple[int, ...] = (5, 8, 12, 20, 40)) -> pd.DataFrame:
    """Coverage, alarms and power of the test by which one side receives or writes more."""
    rows = []
    for number, hits, dispersion, unequal in product(tandems, HITS, (0.0, 1.0), (1, 3)):
        generator = np.random.default_rng([SEED, number, int(10 * hits), unequal])
        scenario = {"hits": hits, "dispersion": dispersion, "unequal": unequal}
        found = {ratio: [] for ratio in (1, 3)}
        for ratio, results in found.items():
            for _ in range(cohorts):
                cells = exchanged_hits(number, ratio=ratio, generator=generator, **scenario)
                results.append(rate_ratio(*cells))
        rows.append((number, *scenario.values(), *_sides(found)))
    names = ["tandems", "hits", "dispersion", "unequal", "given", "covered", "covered at 3"]
    return pd.DataFrame(rows, columns=[*names, "false alarms", "found at 3"])


def _sides(found: dict[int, list]) -> list[float]:
    tables = {ratio: pd.DataFrame(results) for ratio, results in found.items()}
    given = {ratio: table[table["low"].notna()] for ratio, table in tables.items()}
    covered = [
        ((part["low"] <= ratio) & (ratio <= part["high"])).mean() for ratio, part in given.items()
    ]
    share = len(given[1]) / len(tables[1])
    return [share, *covered, *((table["p"] < 0.05).mean() for table in tables.values())]


def _corroborated(planted: bool, seed: int) -> bool:
    diary = weekly_diary(10)
    flow = learning_flow(paired_claims(10, planted, seed), diary, SIDES)
    return corroborated_share(flow, diary, SIDES, days=3, resamples=200).loc[0, "p"] < 0.05


def _coupled(planted: bool, seed: int) -> bool:
    spans = coupled_marks(10, 1 if planted else None, seed=seed)
    table = coupling(
        marker_series(spans, weekly_diary(10), WEEKS, ["insight"]), SIDES, resamples=399
    )
    return bool(table["verdict"].isin(["together", "opposed"]).any())


def _even(planted: bool, seed: int) -> bool:
    table = evenness_cohort(paired(10, planted, seed), SIDES, resamples=400)
    return table.set_index("measure").loc["perspective_reciprocity", "p"] < 0.05


def _alike(planted: bool, seed: int) -> bool:
    both = [
        people(8, planted, seed=2 * seed + i, language=code) for i, code in enumerate(("de", "en"))
    ]
    similarity = style_similarity(pd.concat(both), SIDES, resamples=10)
    return bool((style_matching_test(similarity, resamples=400)["p_adjusted"] < 0.05).any())


def _worded(planted: bool, seed: int) -> bool:
    table = keyness(counts(10, 3.0 if planted else 1.0, seed=seed), "side", SIDES, resamples=200)
    return bool(table["verdict"].isin(SIDES).any())


MEASURES: dict[str, Callable[[bool, int], bool]] = {
    "corroboration": _corroborated,
    "coupling, any delay": _coupled,
    "perspective reciprocity": _even,
    "style matching, any of two languages": _alike,
    "keyness, any word": _worded,
}


def others(cohorts: int) -> pd.DataFrame:
    """Share of cohorts in which each measure claims something, with and without an effect."""
    rows = [
        (
            name,
            *(
                float(np.mean([test(planted, SEED + s) for s in range(cohorts)]))
                for planted in (False, True)
            ),
        )
        for name, test in MEASURES.items()
    ]
    return pd.DataFrame(rows, columns=["measure", "false alarms", "found"])


def shuffled(cohorts: int) -> pd.DataFrame:
    """Share of shuffles after which the report still claims something of the pair."""
    diary = weekly_diary(TANDEMS, words="wort " * 10)
    found = []
    for cohort in range(cohorts):
        spans = common_ground(SEED + cohort)
        found.append(claims(spans, re_paired(diary, SIDES, seed=SEED + cohort)))
    table = pd.DataFrame(found).mean().rename_axis("measure").reset_index(name="claims")
    return table.assign(shuffles=cohorts)


def bounds(table: pd.DataFrame, cohorts: int) -> str:
    """Highest false alarm and outermost coverages of a table, with their chances at the bounds."""
    table = table[table["given"] > 0]
    changes = "contrast" in table
    alarms = table.loc[table["ratio"] == 1, "claimed"] if changes else table["false alarms"]
    sizes = (cohorts * table["given"]).round().astype(int)
    inside = (sizes * table["covered"]).round().astype(int)
    high = binom.sf((alarms * cohorts).round() - 1, cohorts, 0.05)
    low = binom.cdf(inside, sizes, 0.92)
    wide = binom.sf(inside - 1, sizes, 0.98)
    first, second, third = (min(1.0, len(p) * min(p)) for p in (high, low, wide))
    return (
        f"false alarms: mean {alarms.mean():.3f}, highest {alarms.max():.3f} (p {first:.3f}); "
        f"coverage: lowest {table['covered'].min():.3f} (p {second:.3f}), "
        f"highest {table['covered'].max():.3f} (p {third:.3f})"
    )


TABLES = {"change": changes, "sides": sides, "others": others, "shuffled": shuffled}
#: How many times as many cohorts a table takes.
PARTS = {"sides": 4}


if __name__ == "__main__":
    amount = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    for name in sys.argv[2:] or TABLES:
        began = time.monotonic()
        number = amount * PARTS.get(name, 1)
        table = TABLES[name](number)
        minutes = (time.monotonic() - began) / 60
        error = np.sqrt(0.05 * 0.95 / number)
        print(f"\n{name}: {number} cohorts, error of .05: {error:.3f}, {minutes:.1f} minutes")
        print(table.to_string(index=False, float_format="%.3f"), flush=True)
        if name in ("change", "sides"):
            print(bounds(table, number), flush=True)
