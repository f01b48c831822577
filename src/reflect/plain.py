"""The sentences of the first page: plain words, no statistics, and no more than the tables bear."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from reflect.corpus import Corpus
from reflect.labels import day, label, listing, number
from reflect.moments import SHIFT_MARKERS
from reflect.movement_findings import quoted
from reflect.overview import ended_early
from reflect.prose import LEVEL, Sides, received
from reflect.stats import BOOTSTRAP_TANDEMS

Doubted = Callable[[str], bool]
#: Topics named on the first page.
MOST_TOPICS = 5


def who(corpus: Corpus, sides: Sides, language: str) -> str:
    """Who wrote how much, and who stopped early."""
    diary = corpus.diary()
    first, second = sides
    written = diary["side"].value_counts()
    line = label(
        language,
        "plain.who",
        people=number(diary["participant_id"].nunique(), language),
        tandems=number(diary["tandem_id"].nunique(), language),
        entries=number(len(diary), language),
        first=day(diary["date"].min(), language),
        last=day(diary["date"].max(), language),
        first_entries=number(written.get(first, 0), language),
        second_entries=number(written.get(second, 0), language),
        first_side=sides[first],
        second_side=sides[second],
    )
    if early := ended_early(diary, corpus.start, corpus.end):
        line += " " + label(language, "plain.early", tandems=listing(early, language))
    return line


def topics(found: pd.DataFrame, by_side: pd.DataFrame, sides: Sides, language: str) -> str:
    """Topics that hold, and those on which the sides differ.

    Parameters
    ----------
    found : DataFrame
        From `reflect.fit_topics`: ``topic, label, stable``.
    by_side : DataFrame
        From `reflect.prevalence.prevalence` by side.
    """
    named = found[found["topic"] >= 0]
    stable = named[named["stable"]]
    if stable.empty:
        return label(language, "plain.topics_unstable", topics=len(named))
    names = quoted(list(stable["label"].head(MOST_TOPICS)), language)
    about = {"topics": len(named), "stable": len(stable), "names": names}
    key = "topics_stable" if len(stable) <= MOST_TOPICS else "topics_among"
    lines = [label(language, f"plain.{key}", **about)]
    wide = by_side.pivot(index="topic", columns="side", values=["low", "high"])
    wide = wide.reindex(stable["topic"]).reindex(columns=_both("low", sides) + _both("high", sides))
    if wide.notna().all(axis=None):
        first, second = sides
        apart = (wide["low"][first] > wide["high"][second]) | (
            wide["low"][second] > wide["high"][first]
        )
        differ = list(stable.loc[apart.to_numpy(), "label"])
        key = "plain.topics_apart" if differ else "plain.topics_alike"
        lines.append(label(language, key, names=quoted(differ, language)))
    return " ".join(lines)


def moved(
    spans: pd.DataFrame,
    diary: pd.DataFrame,
    contrast: pd.DataFrame,
    changes: pd.DataFrame,
    sides: Sides,
    language: str,
    doubted: Doubted = lambda marker: False,
) -> str:
    """How many entries tell of a shift, whether the sides differ, and whether it changed.

    Parameters
    ----------
    contrast : DataFrame
        From `reflect.stats.side_contrast`.
    changes : DataFrame
        From `reflect.plan.answers` or `reflect.plan.adjusted`.
    doubted : callable
        Whether nothing may be claimed of a marker, by its codes.
    """
    with_shift = set(spans.loc[spans["marker"].isin(SHIFT_MARKERS), "entry_id"])
    if not with_shift:
        return label(language, "say.shift_none")
    first, second = sides
    counted = diary[diary["entry_id"].isin(with_shift)]["side"].value_counts()
    values = {"with": number(counted.sum(), language), "entries": number(len(diary), language)}
    values |= {"first": number(counted.get(first, 0), language), "first_side": sides[first]}
    values |= {"second": number(counted.get(second, 0), language), "second_side": sides[second]}
    lines = [label(language, "plain.shift", **values)]
    own = contrast[contrast["marker"].isin(SHIFT_MARKERS) & ~contrast["marker"].map(doubted)]
    tested = changes[changes["contrast"].isin(list(sides))]
    tested = tested[~tested["verdict"].isin(["described", "too_few"])]
    few = diary["tandem_id"].nunique() < BOOTSTRAP_TANDEMS
    if few and tested.empty:
        return " ".join([*lines, label(language, "plain.few")])
    if few or (own["verdict"] == "too_few").all():
        lines.append(label(language, "plain.shift_untested"))
    else:
        told = _by_side(own, "verdict", list(sides), "plain.shift_more", sides, language)
        lines += told or [label(language, "plain.shift_alike")]
    if tested.empty:
        return " ".join([*lines, label(language, "plain.change_untested")])
    sure = tested[~tested["marker"].map(doubted)]
    told = [
        line
        for way in ("more", "less")
        for line in _by_side(
            sure[sure["verdict"] == way],
            "contrast",
            list(sides),
            f"plain.change_{way}",
            sides,
            language,
        )
    ]
    return " ".join([*lines, *(told or [label(language, "plain.change_none")])])


def exchanged(
    counts: pd.DataFrame, balance: pd.DataFrame, sides: Sides, language: str, sure: bool = True
) -> str:
    """What each side says that it received, and whether one received more.

    Parameters
    ----------
    counts : DataFrame
        From `reflect.dyad.flow_counts`.
    balance : DataFrame
        From `reflect.dyad.flow_balance`.
    sure : bool
        Whether the markers carry here, so that one side may be said to receive more.
    """
    own = counts[counts["told_by"] == "learner"].groupby("learner_side")["hits"].sum()
    told = received("plain.flow", own, sides, language)
    if not own.sum():
        return told
    cohort = balance.iloc[-1]
    verdict = cohort["verdict"]
    leaning = verdict if sure and verdict in sides else None
    weighed = verdict in (*sides, "none")
    key = "flow_leans" if leaning else "flow_even" if weighed else "flow_few"
    return f"{told} {label(language, f'plain.{key}', side=sides.get(leaning, ''))}"


def evened(cohort: pd.DataFrame, style: pd.DataFrame, sides: Sides, language: str) -> str:
    """In what tandems are more even than pairs that never met, and in what we cannot tell.

    Parameters
    ----------
    cohort : DataFrame
        From `reflect.evenness.evenness_cohort`, perhaps adjusted.
    style : DataFrame
        From `reflect.style_matching.style_matching_test`.
    """
    lines = []
    distance = cohort["measure"].str.endswith("gap")
    closer = ((cohort["verdict"] == "above") & ~distance) | (
        (cohort["verdict"] == "below") & distance
    )
    apart = cohort["verdict"].isin(["above", "below"]) & ~closer
    for key, chosen in (
        ("even_pair", closer),
        ("even_apart", apart),
        ("even_none", cohort["verdict"] == "none"),
    ):
        if chosen.any():
            measures = cohort.loc[chosen, "measure"]
            names = listing([label(language, f"in_measure.{name}") for name in measures], language)
            lines.append(label(language, f"plain.{key}", measures=names))
    if not lines:
        lines.append(label(language, "plain.even_unknown"))
    if (style["p_adjusted"] < LEVEL).any():
        lines.append(label(language, "plain.style"))
    return " ".join(lines)


def limits(corpus: Corpus, language: str) -> str:
    """The three things to know before quoting a number."""
    tandems = corpus.diary()["tandem_id"].nunique()
    size = "few" if tandems < BOOTSTRAP_TANDEMS else "some"
    counted = number(tandems, language)
    found = "limits" if corpus.codes.empty else "limits_coded"
    return " ".join(
        [
            label(language, f"plain.{found}"),
            label(language, f"plain.limits_{size}", tandems=counted),
        ]
    )


def _by_side(
    table: pd.DataFrame, column: str, order: list[str], key: str, sides: Sides, language: str
) -> list[str]:
    """A sentence for each side that has rows, with their markers."""
    lines = []
    for side in order:
        markers = table.loc[table[column] == side, "marker"]
        if len(markers):
            names = listing([label(language, f"marker.{name}") for name in markers], language)
            lines.append(label(language, key, side=sides[side], markers=names))
    return lines


def _both(column: str, sides: Sides) -> list[tuple[str, str]]:
    return [(column, side) for side in sides]
