"""Nulls of the report's sentences: with participants shuffled across tandems it claims nothing.

A cohort is simulated whose partners have much in common; the report's sentences say so. Then the
second sides are dealt to other tandems, and the same sentences must say that there is nothing.
"""

import numpy as np
import pandas as pd
import pytest
from simulated import SIDES as PAIR
from simulated import START, marks, tandem_names, weekly_diary

from reflect import dyad, findings, movement_findings, pair_findings, plain
from reflect.corroboration import corroborated_share
from reflect.coupling import coupling, marker_series
from reflect.evenness import evenness, evenness_cohort, side_components
from reflect.moment_chance import moments_by_chance
from reflect.periods import periods
from reflect.plan import Plan, answers
from reflect.pseudo_tandems import re_paired

SIDES = {"a": "author", "b": "critic"}
TANDEMS, WEEKS = 14, 12
EVENTS = pd.DataFrame(columns=["event_id", "tandem_id", "date", "kind"], dtype="str").astype(
    {"date": "datetime64[us]"}
)


@pytest.fixture(scope="module")
def diary() -> pd.DataFrame:
    return weekly_diary(TANDEMS, WEEKS)


@pytest.fixture(scope="module")
def spans() -> pd.DataFrame:
    return common_ground(4)


def common_ground(seed: int) -> pd.DataFrame:
    """Partners write of insights in the same weeks; what one learned there, the other taught."""
    generator = np.random.default_rng(seed)
    found = []
    for place, tandem in enumerate(tandem_names(TANDEMS)):
        weeks = np.flatnonzero(generator.random(WEEKS) < 0.3) + 1
        # The share of entries that take the other's view is the pair's own.
        seeing = generator.choice(WEEKS, 1 + place % 7 + (place % 7 > 3) * 3, replace=False) + 1
        for side in PAIR:
            direction = "from_partner" if side == "a" else "to_partner"
            found += [(f"{tandem}-{side}-{week}", "insight", "") for week in weeks]
            found += [(f"{tandem}-{side}-{week}", "key_moment", "") for week in weeks]
            found += [(f"{tandem}-{side}-{week}", "learning", direction) for week in weeks]
            found += [(f"{tandem}-{side}-{week}", "perspective_taking", "") for week in seeing]
    return marks(found)


def said(spans: pd.DataFrame, diary: pd.DataFrame) -> dict[str, str]:
    """What the report would say of a diary, by measure."""
    flow = dyad.learning_flow(spans, diary, PAIR)
    time = periods(START, START + pd.Timedelta(days=7 * WEEKS - 1))
    shifts = spans[spans["marker"].isin(["insight", "key_moment"])]
    series = marker_series(shifts, diary, time, ["insight", "key_moment"])
    components = side_components(spans, diary, PAIR)
    cohort = evenness_cohort(components, PAIR)
    none = pd.DataFrame(columns=["marker", "contrast", "p", "verdict"])
    cohort = answers(Plan(), none, cohort)[1]
    profile = evenness(components, PAIR)
    chance = moments_by_chance(shifts, diary, EVENTS, PAIR, resamples=39)
    style = pd.DataFrame({"p_adjusted": []})
    return {
        "borne out": findings.corroborated(corroborated_share(flow, diary, PAIR), SIDES, "en"),
        "moments": findings.moments_belong(chance, "en"),
        "rhythm": movement_findings.coupled(coupling(series, PAIR), TANDEMS, SIDES, "week", "en"),
        "even": pair_findings.evened(profile, cohort, SIDES, "en"),
        "plain": plain.evened(cohort, style, SIDES, "en"),
    }


CLAIMS = {
    "borne out": "the agreement belongs to the pair",
    "moments": "The common occasions belong to the pair",
    "rhythm": "That is a shared rhythm",
    "even": "the evenness belongs to the pair",
    "plain": "closer to each other than pairs that never met",
}


def claims(spans: pd.DataFrame, diary: pd.DataFrame) -> dict[str, bool]:
    """Whether the report claims something of the pair, by measure; see `tests/evaluation`."""
    told = said(spans, diary)
    return {name: claim in told[name] for name, claim in CLAIMS.items()}


def test_what_partners_have_in_common_is_claimed(spans, diary):
    told = said(spans, diary)
    assert {name for name, claim in CLAIMS.items() if claim not in told[name]} == set()


NOTHING = {
    "borne out": "we see no agreement beyond a shared calendar",
    "moments": "We see no more in common than a shared calendar gives",
    "rhythm": "We see no common rhythm",
    "even": "we see no difference between tandems and pairs that never met",
    "plain": "we see no difference from pairs that never met",
}


def test_shuffled_participants_leave_nothing_to_claim(spans, diary):
    told = [said(spans, re_paired(diary, PAIR, seed=seed)) for seed in range(4)]
    for name, claim in CLAIMS.items():
        # At a level of 5 % one of four shuffles may look like something, by chance.
        assert sum(claim in text[name] for text in told) <= 1, name
        assert sum(NOTHING[name] in text[name] for text in told) >= 3, name
    assert sum(text["plain"] != told[0]["plain"] for text in told) <= 1
