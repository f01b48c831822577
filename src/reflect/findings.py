"""Sentences on the measures of the pair; the wording follows the verdict of each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reflect.coding.standing import doubt, doubted, note, worth
from reflect.labels import label, number, percent
from reflect.prose import LEVEL, Sides

if TYPE_CHECKING:
    from reflect.coding.assessment import Assessment


def changed(
    changes: pd.DataFrame, sides: Sides, language: str, judged: Assessment | None = None
) -> str:
    """Which markers are written more or less often in the last third than in the first.

    Parameters
    ----------
    changes : DataFrame
        From `reflect.plan.adjusted` of `reflect.change.change`.
    judged : Assessment, optional
        From `reflect.coding.assess`: each claim carries its marker's precision, and nothing
        is claimed of markers that do not carry here.
    """
    own = changes[changes["contrast"].isin(list(sides))]
    told = own[~own["verdict"].isin(["described", "too_few"])]
    if told.empty:
        return label(language, "say.change_untested")
    lines, doubts = [], {}
    for row in told[told["verdict"].isin(["more", "less"])].itertuples():
        doubts[row.marker] = doubt(judged, row.marker, language)
        if doubts[row.marker]:
            continue
        lines.append(
            label(
                language,
                f"say.change_{row.verdict}",
                side=sides[row.contrast],
                marker=label(language, f"marker.{row.marker}"),
                ratio=number(row.ratio, language, 1),
                low=number(row.low, language, 1),
                high=number(row.high, language, 1),
                family=label(language, f"family.{row.family}"),
                p=number(row.p_adjusted, language, 3),
                worth=worth(judged, row.marker, language, row.contrast),
            )
        )
    held = doubted(doubts, language)
    if not lines and not held:
        hits = int(told[["early_hits", "late_hits"]].sum().sum())
        lines.append(
            label(language, "say.change_nowhere", ratios=len(told), hits=number(hits, language))
        )
    lines += [held] if held else []
    return " ".join([*lines, label(language, "say.change_no_control")])


def corroborated(
    shares: pd.DataFrame,
    sides: Sides,
    language: str,
    days: int = 7,
    judged: Assessment | None = None,
) -> str:
    """How much of what one says to have learned the other says to have taught.

    Parameters
    ----------
    shares : DataFrame
        From `reflect.corroboration.corroborated_share` with the same `days`.
    judged : Assessment, optional
        From `reflect.coding.assess`: what the marker behind the shares is worth is said.
    """
    lines = []
    for row in shares[shares["learner_side"] != ""].itertuples():
        names = {"learner": sides[row.learner_side], "teacher": sides[row.teacher_side]}
        if not row.claims:
            lines.append(label(language, "say.corroborated_nothing", **names))
            continue
        lines.append(
            label(
                language,
                "say.corroborated",
                **names,
                claims=number(row.claims, language),
                answerable=number(row.answerable, language),
                matched=number(row.matched, language),
                days=days,
                share=percent(row.share, language),
                low=percent(row.low, language),
                high=percent(row.high, language),
            )
        )
        if pd.isna(row.p):
            lines.append(label(language, "say.corroborated_few"))
        else:
            key = "say.corroborated_chance" if row.p < LEVEL else "say.corroborated_none"
            expected, p = percent(row.expected, language), number(row.p, language, 3)
            lines.append(label(language, key, expected=expected, p=p))
    return " ".join(part for part in (*lines, note(judged, ["learning"], language)) if part)


def moments_belong(table: pd.DataFrame, language: str) -> str:
    """Whether the occasions that both sides tell belong to the pair, or to the calendar.

    Parameters
    ----------
    table : DataFrame
        The one row of `reflect.moment_chance.moments_by_chance`.
    """
    chance = table.iloc[0]
    if not chance["moments"]:
        return ""
    key = {"above": "say.moments_pair", "described": "say.moments_described"}
    return label(
        language,
        key.get(str(chance["verdict"]), "say.moments_chance"),
        both=number(chance["both_sides"], language),
        moments=number(chance["moments"], language),
        expected=number(chance["expected"], language, 1),
        tandems=number(chance["tandems"], language),
        p=number(chance["p"], language, 3),
    )
