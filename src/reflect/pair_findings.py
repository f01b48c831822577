"""Sentences on the pair: themes, evenness, style and what stands before outcomes."""

from __future__ import annotations

import pandas as pd

from reflect import evenness
from reflect.labels import day, label, listing, number
from reflect.movement_findings import quoted, reciprocities
from reflect.prose import LEVEL, Sides
from reflect.stats import LEVEL as INTERVAL
from reflect.stats import beta_interval

#: Sentences under one topic, for the topic to be named.
MINIMUM_THEME = 3
MEASURES = (
    "learning_balance",
    "advice_balance",
    "perspective_reciprocity",
    "we_gap",
    "personalisation",
    "style_matching",
)


def themed(themes: pd.DataFrame, clauses: pd.DataFrame, sides: Sides, language: str) -> str:
    """What each side received, by topic: a topic is named only where it stands out.

    Parameters
    ----------
    themes : DataFrame
        From `reflect.learned_themes.learned_themes`.
    clauses : DataFrame
        The clauses that it counts, with and without a topic.
    """
    lines = []
    for learner in sides:
        own = themes[themes["learner_side"] == learner]
        hits = number(int((clauses["learner_side"] == learner).sum()), language)
        best = own.head(1)
        about = {"learner": sides[learner], "hits": hits}
        if int(own["hits"].sum()) < MINIMUM_THEME:
            lines.append(label(language, "say.themes_none", **about))
        elif _stands_out(own):
            about |= {"top": number(best["hits"].iloc[0], language)}
            about |= {"theme": quoted([best["label"].iloc[0]], language)}
            about |= {"tandems": number(best["tandems"].iloc[0], language)}
            lines.append(label(language, "say.themes_top", **about))
        else:
            lines.append(label(language, "say.themes_spread", themes=len(own), **about))
    return " ".join(lines)


def evened(profile: pd.DataFrame, cohort: pd.DataFrame, sides: Sides, language: str) -> str:
    """How even the exchange was, measure by measure; no measure is added to another.

    Parameters
    ----------
    profile : DataFrame
        From `reflect.evenness.evenness`.
    cohort : DataFrame
        From `reflect.evenness.evenness_cohort`, perhaps adjusted.
    """
    lines = []
    first, second = sides
    balances = profile[profile["measure"].str.endswith("balance") & profile["value"].notna()]
    for row in balances[(balances["low"] > 0) | (balances["high"] < 0)].itertuples():
        lines.append(
            label(
                language,
                "say.even_leans",
                tandem=row.tandem_id,
                measure=label(language, f"measure.{row.measure}"),
                side=sides[first if row.low > 0 else second],
                value=_signed(row.value, language),
                low=_signed(row.low, language),
                high=_signed(row.high, language),
            )
        )
    paired = {measure.name for measure in evenness.MEASURES if measure.depends}
    told = cohort["measure"].isin(paired) & (cohort["tandems"] > 0)
    silent = cohort["measure"].isin(MEASURES) & (cohort["tandems"] == 0)
    lines.append(reciprocities(cohort[told | silent], language))
    if silent.any():
        lines.append(label(language, "say.even_instead"))
    return " ".join(line for line in lines if line)


def with_style(profile: pd.DataFrame, matching: pd.DataFrame) -> pd.DataFrame:
    """The profile with a row more for each tandem: style matching beyond pairs that never met.

    Parameters
    ----------
    profile : DataFrame
        From `reflect.evenness.evenness`.
    matching : DataFrame
        From `reflect.style_matching.style_matching`; of a tandem with two languages the first.
    """
    style = matching.drop_duplicates("tandem_id")
    rows = style[["tandem_id", "reason"]].assign(
        measure="style_matching", value=style["excess"], hits=style["rarefied"]
    )
    return pd.concat([profile, rows], ignore_index=True)


def measures_known(profile: pd.DataFrame) -> list[str]:
    """Measures with a value in at least one tandem, at most five; the first four where none has."""
    known = set(profile.loc[profile["value"].notna(), "measure"])
    return [name for name in MEASURES if name in known][:5] or list(MEASURES[:4])


def styled(test: pd.DataFrame, matching: pd.DataFrame, language: str) -> str:
    """Whether tandems write more alike than pairs that never met, language by language.

    Parameters
    ----------
    test : DataFrame
        From `reflect.style_matching.style_matching_test`.
    matching : DataFrame
        From `reflect.style_matching.style_matching`.
    """
    lines = []
    for row in test.itertuples():
        about = {"language": label(language, f"language.{row.language}")}
        about |= {"tandems": number(row.tandems, language)}
        about |= {"excess": number(row.excess, language, 2)}
        about |= {"p": number(row.p_adjusted, language, 3)}
        known = pd.notna(row.p_adjusted)
        key = "described" if not known else "more" if row.p_adjusted < LEVEL else "none"
        lines.append(label(language, f"say.style_{key}", **about))
    without = matching[matching["lsm"].isna()]
    for reason, part in without.groupby("reason", sort=True):
        tandems = listing(part["tandem_id"], language)
        why = label(language, f"reason.{reason}")
        lines.append(label(language, "say.style_missing", tandems=tandems, reason=why))
    return " ".join(lines)


def preceded(
    context: pd.DataFrame, sides: Sides, language: str, *, days: int, most: int = 5
) -> str:
    """What stands before the outcomes in time: counts, then those that both diaries precede.

    Parameters
    ----------
    context : DataFrame
        From `reflect.outcome_context.outcome_context` with the same `days`.
    most : int
        Outcomes told one by one, those with most marked sentences before them.
    """
    if context.empty:
        return label(language, "none.rows")
    own, partner = context["own_hits"] > 0, context["partner_hits"] > 0
    counts = {"outcomes": len(context), "events": (context["events"] != "").sum()}
    counts |= {"own": own.sum(), "partner": partner.sum(), "nothing": (~own & ~partner).sum()}
    shown = {name: number(int(count), language) for name, count in counts.items()}
    lines = [
        label(language, "say.outcome_summary", days=days, **shown)
        + " "
        + label(language, "say.outcome_order")
    ]
    both = context[own & partner]
    both = both.assign(_hits=both["own_hits"] + both["partner_hits"])
    both = both.sort_values(["_hits", "date", "outcome_id"], ascending=[False, True, True])
    if len(both):
        lines.append(label(language, "say.outcome_both"))
        lines.append(
            "\n".join(
                f"- {_before(row, sides, language, days)}"
                for row in both.head(most).sort_values(["date", "outcome_id"]).to_dict("records")
            )
        )
    return "\n\n".join(lines)


def _before(row: dict, sides: Sides, language: str, days: int) -> str:
    def named(ids: str, part: str) -> str:
        names = [label(language, f"{part}.{one}") for one in dict.fromkeys(ids.split(",")) if one]
        return listing(names, language) or label(language, "say.nothing")

    return label(
        language,
        "say.outcome_before",
        tandem=row["tandem_id"],
        date=day(row["date"], language),
        outcome=label(language, f"outcome.{row['kind']}"),
        side=sides[row["side"]],
        days=days,
        events=named(row["events"], "event"),
        own=named(row["own_markers"], "marker"),
        partner=named(row["partner_markers"], "marker"),
    )


def _stands_out(themes: pd.DataFrame) -> bool:
    """Whether the first topic has three sentences and its interval lies above an equal share.

    It is the largest of several, so the interval is as much wider (Bonferroni).
    """
    top, total = int(themes["hits"].iloc[0]), int(themes["hits"].sum())
    if top < MINIMUM_THEME:
        return False
    level = 1 - (1 - INTERVAL) / len(themes)
    return len(themes) == 1 or beta_interval(top, total, level)[0] > 1 / len(themes)


def _signed(value: float, language: str) -> str:
    return number(value, language, 2).replace("-", "−")
