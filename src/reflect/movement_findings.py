"""Sentences on plan, gaps, movement and chance; the wording follows the verdict of each test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from reflect.change import DIFFERENCE
from reflect.coding.standing import doubt, doubted, worth
from reflect.labels import day, label, listing, number, percent
from reflect.plan import RECIPROCITIES, Plan
from reflect.prose import Sides
from reflect.stats import BOOTSTRAP_HITS, BOOTSTRAP_TANDEMS

if TYPE_CHECKING:
    from reflect.coding.assessment import Assessment

#: Power from which on a change of that size would very likely have been found.
ENOUGH_POWER = 0.8


def planned(plan: Plan, first_entry: pd.Timestamp, language: str) -> str:
    """What the analysis plan names, and whether it was written before looking.

    Parameters
    ----------
    plan : Plan
        From `reflect.plan.load_plan`.
    first_entry : Timestamp
        Date of the first diary entry.
    """
    if not plan.exists:
        return label(language, "say.plan_none")
    if not plan.primary:
        return label(language, "say.plan_empty")
    questions = listing([_question(*asked, language) for asked in plan.primary], language)
    if pd.isna(plan.written):
        return label(language, "say.plan_undated", questions=questions)
    date = day(plan.written, language)
    if not plan.written_before(first_entry):
        return label(language, "say.plan_late", date=date)
    return label(language, "say.plan", date=date, questions=questions)


def plan_quoted(plan: Plan) -> str:
    """The plan as it stands in the corpus, as a block of Markdown; "" without a plan."""
    if not plan.exists:
        return ""
    text = "\n".join(line.replace("`", "'") for line in plan.text.strip().splitlines())
    return f"```yaml\n{text}\n```"


def answered(
    plan: Plan,
    changes: pd.DataFrame,
    cohort: pd.DataFrame,
    rates: pd.DataFrame,
    sides: Sides,
    language: str,
    judged: Assessment | None = None,
) -> str:
    """A point for each question of the plan, with its answer or why there is none.

    Parameters
    ----------
    plan : Plan
        As far as it is in force.
    changes, cohort : DataFrame
        From `reflect.plan.answers`.
    rates : DataFrame
        From `reflect.stats.side_rates`: ``side, marker, hits, rate, low, high``.
    judged : Assessment, optional
        From `reflect.coding.assess`: claims carry their marker's precision, and nothing is
        claimed of markers that do not carry here.
    """
    if not plan.primary:
        return label(language, "say.plan_none" if not plan.exists else "say.plan_empty")
    points: dict[tuple[str, str], str] = {}
    silent = []
    for marker, estimand in plan.primary:
        if estimand == "rate":
            said = _rate(marker, rates, sides, language)
        elif estimand == "reciprocity":
            measures = [name for name, about in RECIPROCITIES.items() if about == marker]
            rows = cohort[cohort["measure"].isin(measures)]
            said = reciprocities(rows, language)
            if not rows["tandems"].sum():
                silent.append(marker)
        elif estimand == DIFFERENCE:
            own = changes[(changes["marker"] == marker) & (changes["contrast"] == DIFFERENCE)]
            row = own.iloc[0] if len(own) else None
            said = _change(row, marker, DIFFERENCE, sides, language, judged)
        else:
            said = _changes(changes[changes["marker"] == marker], marker, sides, language, judged)
        if held := doubted({marker: doubt(judged, marker, language)}, language):
            said = held
            silent = [name for name in silent if name != marker]
        points[(marker, estimand)] = said
    # What no tandem has a value for is said once, with the counts that there are.
    shown = []
    for (marker, estimand), said in points.items():
        together = [marker]
        if estimand == "reciprocity" and marker in silent:
            if marker != silent[0]:
                continue
            together, said = silent, _unmeasured(silent, rates, sides, language)
        shown.append(_point(together, estimand, said, language))
    return "\n".join(shown)


def reciprocities(cohort: pd.DataFrame, language: str) -> str:
    """Measures of evenness beside pairs that never met; "" without any.

    Parameters
    ----------
    cohort : DataFrame
        Rows of `reflect.evenness.evenness_cohort`, perhaps with ``p_adjusted``.
    """
    lines, described, silent = [], [], []
    for row in cohort.to_dict("records"):
        name = label(language, f"measure.{row['measure']}")
        values = {"measure": name, "mean": number(row["mean"], language, 2)}
        values |= {"tandems": number(row["tandems"], language)}
        # A distance beyond chance is the opposite of evenness.
        turned = {"above": "below", "below": "above"} if row["measure"].endswith("gap") else {}
        verdict = turned.get(row["verdict"], row["verdict"])
        key = {"above": "even_pair", "below": "uneven_pair", "none": "even_none"}.get(verdict)
        if not row["tandems"]:
            silent.append(name)
        elif key is None:
            described.append(label(language, "say.even_value", **values))
        else:
            values |= {"expected": number(row["expected"], language, 2)}
            values |= {"p": number(row.get("p_adjusted", row["p"]), language, 3)}
            lines.append(label(language, f"say.{key}", **values))
    if described:
        measures = listing(described, language)
        lines.append(label(language, "say.even_described", measures=measures))
    if silent:
        lines.append(label(language, "say.even_missing", measures=quoted(silent, language)))
    return " ".join(lines)


def gaps(grid: pd.DataFrame, check: pd.DataFrame, sides: Sides, language: str) -> str:
    """How many periods are without an entry, and whether that relates to side or time.

    Parameters
    ----------
    grid : DataFrame
        From `reflect.missingness.missing_periods`.
    check : DataFrame
        From `reflect.missingness.missingness_check`.
    """
    missing = int(grid["missing"].sum())
    if not missing:
        return label(language, "say.missing_nothing")
    lines = [
        label(
            language,
            "say.missing",
            missing=number(missing, language),
            periods=number(len(grid), language),
            share=percent(missing / len(grid), language),
            after=number(grid["after_last"].sum(), language),
        )
    ]
    first, second = sides
    overall = check[check["side"] == ""]
    if (overall["verdict"] == "described").all():
        tandems = number(overall["tandems"].max(), language)
        return " ".join([*lines, label(language, "say.missing_described", tandems=tandems)])
    for row in overall[overall["verdict"].isin(["more", "less"])].itertuples():
        key = "side_more" if row.relation == "side" else f"time_{row.verdict}"
        lines.append(
            label(
                language,
                f"say.missing_{key}",
                side=sides[first if row.verdict == "more" else second],
                difference=number(abs(100 * row.difference), language),
                p=number(row.p, language, 3),
            )
        )
    if len(lines) == 1:
        lines.append(label(language, "say.missing_none"))
    return " ".join(lines)


def powered(table: pd.DataFrame, sides: Sides, language: str) -> str:
    """How likely a corpus of this size was to show a doubling and a tripling.

    Parameters
    ----------
    table : DataFrame
        Rows of one marker of `reflect.power.power`, with ratios 2 and 3.
    """
    own = table[table["contrast"].isin(list(sides))]
    tandems = int(own["tandems"].max()) if len(own) else 0
    if tandems < BOOTSTRAP_TANDEMS:
        return label(language, "say.power_few", tandems=tandems)
    own = own[own["power"].notna()]
    if own.empty:
        return label(language, "say.power_none")
    lines: list[str] = []
    for side, part in own.groupby("contrast", sort=False):
        by_ratio = part.set_index("ratio")["power"]
        lines.append(
            label(
                language,
                "say.power_also" if lines else "say.power",
                side=sides[side],
                marker=label(language, f"marker.{part['marker'].iloc[0]}"),
                double=percent(by_ratio[2.0], language),
                triple=percent(by_ratio[3.0], language),
            )
        )
    doubling = own.loc[own["ratio"] == 2.0, "power"]
    if (doubling < 0.5).any():
        lines.append(label(language, "say.power_low"))
    elif (doubling >= ENOUGH_POWER).all():
        lines.append(label(language, "say.power_high"))
    return " ".join(lines)


def coupled(coupling: pd.DataFrame, tandems: int, sides: Sides, unit: str, language: str) -> str:
    """Whether the two diaries of a tandem have a common rhythm beyond both kinds of chance.

    Parameters
    ----------
    coupling : DataFrame
        From `reflect.coupling.coupling`.
    tandems : int
        Tandems of the corpus.
    unit : str
        Of the periods: week, month, quarter, year.
    """
    usable = int(coupling["tandems"].max())
    if not usable:
        return label(language, "say.coupling_nothing")
    if usable == tandems and (coupling["verdict"] == "described").all():
        return label(language, "say.coupling_all", tandems=usable)
    if (coupling["verdict"] == "described").all():
        return label(language, "say.coupling_described", tandems=usable, all=tandems)
    found = coupling[coupling["verdict"].isin(["together", "opposed"])]
    lines = [
        label(
            language,
            "say.coupling_after" if row.verdict == "together" else "say.coupling_opposed",
            lag=_lag(int(row.lag), unit, sides, language),
            r=number(row.r, language, 2),
            p=number(row.p, language, 3),
        )
        for row in found.itertuples()
    ]
    return " ".join(lines) or label(language, "say.coupling_none")


def words_apart(keyness: pd.DataFrame, sides: Sides, language: str, most: int = 8) -> str:
    """Which words set the sides apart beyond chance, language by language.

    Parameters
    ----------
    keyness : DataFrame
        From `reflect.keyness.keyness` by side.
    """
    first, second = sides
    lines = []
    for code, part in keyness.groupby("language", sort=True):
        about = {"language": label(language, f"language.{code}")}
        if (part["verdict"] == "described").all():
            lines.append(label(language, "say.words_described", **about))
        elif (part["verdict"].isin([first, second])).any():
            for side in (first, second):
                if words := _claimed_words(part, side, language, most):
                    about |= {"side": sides[side], "words": words}
                    lines.append(label(language, "say.words_differ", **about))
        else:
            compared = number(part["p"].notna().sum(), language)
            lines.append(label(language, "say.words_none", words=compared, **about))
    return " ".join(lines) or label(language, "none.words")


def words_changed(by_side: Mapping[str, pd.DataFrame], sides: Sides, language: str) -> str:
    """Which words each side uses more late than early, or the reverse.

    Parameters
    ----------
    by_side : mapping
        Side to `reflect.keyness.keyness` of its words with groups ``late, early``.
    """
    lines, still, tested = [], [], []
    for side, table in by_side.items():
        claimed = table[table["verdict"].isin(["late", "early"])]
        for code, part in claimed.groupby("language", sort=True):
            about = {"language": label(language, f"language.{code}"), "side": sides[side]}
            for phase in ("late", "early"):
                if words := _claimed_words(part, phase, language, 8):
                    lines.append(label(language, f"say.words_phase_{phase}", words=words, **about))
        tested += [side] * bool((table["verdict"] != "described").any())
        still += [side] * bool(claimed.empty and side in tested)
    if not tested:
        return label(language, "say.words_phase_described")
    if len(still) == len(by_side):
        return label(language, "say.words_phase_neither")
    lines += [label(language, "say.words_phase_none", side=sides[side]) for side in still]
    return " ".join(lines)


def foremost(keyness: pd.DataFrame, most: int = 20) -> pd.DataFrame:
    """The words that set either group most apart, in each language; the order is kept.

    Parameters
    ----------
    keyness : DataFrame
        From `reflect.keyness.keyness`: by language and descending z.
    most : int
        Words of each group.
    """
    rank = keyness.groupby("language")["z"].rank(method="first")
    size = keyness.groupby("language")["z"].transform("size")
    return keyness[(rank <= most) | (rank > size - most)].reset_index(drop=True)


def stacked(by_side: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Tables by side as one, with the column ``side`` in front."""
    return pd.concat(
        [table.assign(side=side)[["side", *table.columns]] for side, table in by_side.items()],
        ignore_index=True,
    )


def quoted(names: list[str], language: str) -> str:
    """Names in the quotation marks of the language, joined as in a sentence."""
    left, right = ("„", "“") if language == "de" else ("“", "”")
    return listing([f"{left}{name}{right}" for name in names], language)


def _point(markers: list[str], estimand: str, said: str, language: str) -> str:
    names = [label(language, f"marker.{marker}") for marker in markers]
    kind = label(language, f"estimand.{estimand}")
    asked = label(language, "say.plan_question", marker=listing(names, language), estimand=kind)
    return f"- **{asked[:1].upper()}{asked[1:]}.** {said}"


def _unmeasured(markers: list[str], rates: pd.DataFrame, sides: Sides, language: str) -> str:
    """That no tandem has a value, and how often there is such a sentence on either side."""
    lines = [label(language, "say.plan_unmeasured")]
    for marker in markers:
        own = rates[rates["marker"] == marker].set_index("side")["hits"] if len(rates) else {}
        about = {"marker": label(language, f"marker.{marker}")}
        for place, side in zip(("first", "second"), sides, strict=True):
            about |= {place: number(own.get(side, 0), language), f"{place}_side": sides[side]}
        lines.append(label(language, "say.plan_counted", **about))
    return " ".join(lines)


def _changes(
    own: pd.DataFrame, marker: str, sides: Sides, language: str, judged: Assessment | None
) -> str:
    """The answers of both sides, in one sentence where neither has enough sentences."""
    rows = {side: own[own["contrast"] == side] for side in sides}
    few = [len(part) and _too_few_hits(part.iloc[0]) for part in rows.values()]
    if all(few):
        about = {"marker": label(language, f"marker.{marker}")}
        for place, (side, part) in zip(("first", "second"), rows.items(), strict=True):
            about[f"{place}_side"] = sides[side]
            for phase in ("early", "late"):
                count = part.iloc[0][f"{phase}_hits"]
                about[f"{place}_{phase}"] = number(count, language)
        return label(language, "say.change_few_both", **about)
    return " ".join(
        _change(part.iloc[0] if len(part) else None, marker, side, sides, language, judged)
        for side, part in rows.items()
    )


def _too_few_hits(row: pd.Series) -> bool:
    few = row["early_hits"] + row["late_hits"] < BOOTSTRAP_HITS
    return bool(row["verdict"] == "none" and few)


def _question(marker: str, estimand: str, language: str) -> str:
    return label(
        language,
        "say.plan_question",
        marker=label(language, f"marker.{marker}"),
        estimand=label(language, f"estimand.{estimand}"),
    )


def _rate(marker: str, rates: pd.DataFrame, sides: Sides, language: str) -> str:
    own = rates[(rates["marker"] == marker) & (rates["hits"] > 0)].set_index("side")
    name = label(language, f"marker.{marker}")
    lines = [
        label(
            language,
            "say.plan_rate",
            side=sides[side],
            marker=name,
            rate=number(own.at[side, "rate"], language, 2),
            low=number(own.at[side, "low"], language, 2),
            high=number(own.at[side, "high"], language, 2),
        )
        for side in sides
        if side in own.index
    ]
    return " ".join(lines) or label(language, "say.plan_rate_none", marker=name)


def _change(
    row: pd.Series | None,
    marker: str,
    contrast: str,
    sides: Sides,
    language: str,
    judged: Assessment | None,
) -> str:
    """One answer on change: of a side, or of the difference between the sides."""
    first, second = (sides[side] for side in sides)
    about = {"marker": label(language, f"marker.{marker}"), "side": sides.get(contrast, "")}
    about |= {"first": first, "second": second, "worth": worth(judged, marker, language, contrast)}
    if row is not None and row.get("method") == "rare" and contrast in sides:
        counted = {name: number(row[name], language) for name in ("early_hits", "late_hits")}
        return label(language, "say.change_few", **about, **counted)
    if row is None or row["verdict"] == "too_few":
        key = "too_few" if contrast in sides else "same"
        if contrast not in sides:
            about |= {"ratio": "–", "low": "–", "high": "–"}
        return label(language, f"say.change_{key}", **about)
    about |= {name: number(row[name], language, 1) for name in ("ratio", "low", "high")}
    about |= {name: number(row[name], language) for name in ("early_hits", "late_hits", "tandems")}
    about |= {"p": number(row["p_adjusted"], language, 3)}
    about |= {"family": label(language, f"family.{row['family']}")}
    claimed = row["verdict"] in ("more", "less")
    if contrast not in sides:
        return label(language, f"say.change_{'differs' if claimed else 'same'}", **about)
    key = "few" if _too_few_hits(row) else row["verdict"]
    return label(language, f"say.change_{key}", **about)


def _lag(lag: int, unit: str, sides: Sides, language: str) -> str:
    if not lag:
        return label(language, f"lag.same_{unit}")
    first, second = (sides[side] for side in sides)
    later, earlier = (second, first) if lag > 0 else (first, second)
    name = label(language, f"lag.{unit}" if abs(lag) == 1 else f"lag.{unit}s")
    return label(language, "lag.after", number=abs(lag), unit=name, later=later, earlier=earlier)


def _claimed_words(part: pd.DataFrame, group: str, language: str, most: int) -> str:
    """Words that a group uses more beyond chance, the strongest first; "" without any."""
    own = part[part["verdict"] == group]
    order = own.reindex(own["z"].abs().sort_values(ascending=False, kind="stable").index)
    return listing(order["word"].head(most), language)
