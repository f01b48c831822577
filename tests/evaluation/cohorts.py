"""What the tandem measures find in cohorts whose effects are known, and what they claim without.

Run from the project root: ``python tests/evaluation/cohorts.py [COHORTS]`` (500 by default, some
minutes). Prints two tables: change over time (coverage of the 95 % intervals, false alarms and
power of p < .05, share of claims), and false alarms and finds of the other measures.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from simulated import SIDES, coupled_marks, phase_table, weekly_diary  # noqa: E402
from test_corroboration import paired_claims  # noqa: E402
from test_coupling import WEEKS  # noqa: E402
from test_evenness import paired  # noqa: E402
from test_keyness import counts  # noqa: E402
from test_style_matching import people  # noqa: E402

from reflect.change import change  # noqa: E402
from reflect.corroboration import corroborated_share  # noqa: E402
from reflect.coupling import coupling, marker_series  # noqa: E402
from reflect.dyad import learning_flow  # noqa: E402
from reflect.evenness import evenness_cohort  # noqa: E402
from reflect.keyness import keyness  # noqa: E402
from reflect.style_matching import style_matching_test, style_similarity  # noqa: E402

TRUE = {"a": 0, "b": 1}


def changes(cohorts: int) -> pd.DataFrame:
    """Coverage, alarms and claims of `change` by tandems, hits a person and third, and truth."""
    rows = []
    for tandems in (10, 14, 20, 40):
        for hits in (1.0, 3.0):
            for ratios in ((1.0, 1.0), (2.0, 1.0)):
                truth = {"a": ratios[0], "b": ratios[1], "difference": ratios[0] / ratios[1]}
                found = []
                for seed in range(cohorts):
                    cohort = phase_table(tandems, ratios, hits=hits, seed=seed)
                    found.append(change(cohort, SIDES, resamples=500, seed=seed))
                table = pd.concat(found)
                true = table["contrast"].map(truth)
                table["covered"] = (table["low"] <= true) & (true <= table["high"])
                table["significant"] = table["p"] < 0.05
                table["claimed"] = table["verdict"].isin(["more", "less"])
                means = table.groupby("contrast")[["covered", "significant", "claimed"]].mean()
                for contrast, values in means.iterrows():
                    about = (tandems, hits, contrast, truth[contrast])
                    rows.append((*about, *values, "/".join(sorted(set(table["method"])))))
    names = ["tandems", "hits", "contrast", "ratio", "covered", "p < .05", "claimed", "method"]
    return pd.DataFrame(rows, columns=names)


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
    similarity = style_similarity(people(8, planted, seed=seed), SIDES, resamples=10)
    return style_matching_test(similarity, resamples=400).loc[0, "p"] < 0.05


def _worded(planted: bool, seed: int) -> bool:
    table = keyness(counts(10, 3.0 if planted else 1.0, seed=seed), "side", SIDES, resamples=200)
    return bool(table["verdict"].isin(SIDES).any())


MEASURES: dict[str, Callable[[bool, int], bool]] = {
    "corroboration": _corroborated,
    "coupling, any delay": _coupled,
    "perspective reciprocity": _even,
    "style matching": _alike,
    "keyness, any word": _worded,
}


def others(cohorts: int) -> pd.DataFrame:
    """Share of cohorts in which each measure claims something, with and without an effect."""
    rows = [
        (
            name,
            *(
                float(np.mean([test(planted, s) for s in range(cohorts)]))
                for planted in (False, True)
            ),
        )
        for name, test in MEASURES.items()
    ]
    return pd.DataFrame(rows, columns=["measure", "false alarms", "found"])


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    print(changes(number).to_string(index=False, float_format="%.3f"), flush=True)
    print(others(number).to_string(index=False, float_format="%.3f"))
