"""Sentences of the report. Every number in them comes from a table; the wording follows it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING

import pandas as pd

from reflect.coding.standing import doubt, doubted, note, worth
from reflect.corpus import Corpus
from reflect.labels import day, in_order, label, listing, number, percent
from reflect.moments import ANY, NO_EVENT, SHIFT_MARKERS
from reflect.overview import ended_early, participation, regularity
from reflect.stats import BOOTSTRAP_TANDEMS, COMPARE_TANDEMS

if TYPE_CHECKING:
    from reflect.coding.assessment import Assessment

Sides = Mapping[str, str]
# Of tests that the report words as a finding.
LEVEL = 0.05


def who_wrote(corpus: Corpus, sides: Sides, language: str, *, short: bool = False) -> str:
    """Who took part, how much and how regularly they wrote."""
    diary, periods = corpus.diary(), corpus.periods()
    by_side = participation(diary).set_index("side")
    lines = [
        label(
            language,
            "say.participation",
            people=number(diary["participant_id"].nunique(), language),
            tandems=number(diary["tandem_id"].nunique(), language),
            entries=number(len(diary), language),
            words=number(by_side["words"].sum(), language),
            first=day(diary["date"].min(), language),
            last=day(diary["date"].max(), language),
        )
    ]
    for side, name in sides.items():
        if side in by_side.index:
            row = by_side.loc[side]
            values = {"people": row["people"], "entries": row["entries"]}
            shown = {key: number(value, language) for key, value in values.items()}
            median = number(row["median_words"], language)
            lines.append(
                label(language, "say.participation_side", side=name, median=median, **shown)
            )
    written = regularity(diary, periods)["periods_written"].median()
    if not short:
        lines.append(
            label(
                language,
                "say.regular",
                written=number(written, language),
                periods=number(len(periods), language),
                unit=label(language, f"unit.{periods.attrs['unit']}"),
            )
        )
    if early := ended_early(diary, corpus.start, corpus.end):
        lines.append(label(language, "say.early_end", tandems=listing(early, language)))
    return " ".join(lines)


def enough_for_topics(entries: pd.DataFrame) -> bool:
    """Whether enough entries have words that topics could be told from."""
    from reflect.topics import MINIMUM_ENTRIES
    from reflect.vocabulary import content_lemmas

    told = zip(entries["text"], entries["language"], strict=True)
    worded = (True for text, language in told if content_lemmas(text, language))
    return sum(islice(worded, MINIMUM_ENTRIES)) == MINIMUM_ENTRIES


def what_about(topics: pd.DataFrame, prevalence: pd.DataFrame, sides: Sides, language: str) -> str:
    """What was written about, by side; only stable topics are spoken of."""
    named = topics[topics["topic"] >= 0]
    stable = named[named["stable"]]
    key = "say.topics_found" if named["stability"].notna().any() else "say.topics_found_plain"
    lines = [label(language, key, topics=len(named), stable=len(stable))]
    spoken = stable if len(stable) else named.head(0)
    names = dict(zip(spoken["topic"], spoken["label"], strict=True))
    for side, name in sides.items():
        own = prevalence[(prevalence["side"] == side) & prevalence["topic"].isin(names)]
        top = own.sort_values(["share", "topic"], ascending=[False, True]).head(3)
        if len(top):
            spelt = [
                f"{names[row.topic]} ({percent(row.share, language)})" for row in top.itertuples()
            ]
            lines.append(
                label(language, "say.topics_side", side=name, topics=listing(spelt, language))
            )
    lines.append(_topic_gaps(prevalence, names, sides, language))
    return " ".join(line for line in lines if line)


def _topic_gaps(prevalence: pd.DataFrame, names: dict, sides: Sides, language: str) -> str:
    if not names:
        return ""
    wide = prevalence.pivot(index="topic", columns="side", values=["share", "low", "high"])
    wide = wide.loc[[topic for topic in names if topic in wide.index]]
    first, second = sides
    low, high = wide["low"], wide["high"]
    if low.isna().any(axis=None):
        return label(language, "say.topics_no_interval", minimum=BOOTSTRAP_TANDEMS)
    apart = wide[(low[first] > high[second]) | (low[second] > high[first])]
    if apart.empty:
        return label(language, "say.topics_alike")
    gaps = [
        label(
            language,
            "say.topic_gap",
            topic=names[topic],
            first_side=sides[first],
            first=percent(share[first], language),
            second_side=sides[second],
            second=percent(share[second], language),
        )
        for topic, share in apart["share"].iterrows()
    ]
    return label(language, "say.topics_apart", topics=listing(gaps, language))


def topics_passed(exchange: pd.DataFrame, sides: Sides, language: str, days: int = 21) -> str:
    """Whether topics that one side raises are taken up by the other, and whether order matters.

    Parameters
    ----------
    exchange : DataFrame
        From `reflect.topic_exchange.topic_exchange`.
    """
    lines = []
    for row in exchange[exchange["expected"].notna()].itertuples():
        lines.append(
            label(
                language,
                "say.exchange",
                raiser=sides[row.raised_by],
                taker=sides[row.taken_up_by],
                share=percent(row.share, language),
                days=days,
                expected=percent(row.expected, language),
            )
        )
        if pd.isna(row.p):
            lines.append(label(language, "say.exchange_few"))
            continue
        met = "say.exchange_met" if row.p < LEVEL else "say.exchange_chance"
        lines.append(label(language, met, p=number(row.p, language, 3)))
        if row.p < LEVEL and pd.notna(row.p_shifted):
            order = "say.exchange_order" if row.p_shifted < LEVEL else "say.exchange_no_order"
            lines.append(label(language, order, shifted=percent(row.shifted, language)))
    return " ".join(lines) or label(language, "say.exchange_none")


def what_moved(
    spans: pd.DataFrame,
    diary: pd.DataFrame,
    contrast: pd.DataFrame,
    sides: Sides,
    language: str,
    *,
    short: bool = False,
    judged: Assessment | None = None,
) -> str:
    """How many sentences carry a shift, which kinds on which side, and what differs.

    Parameters
    ----------
    judged : Assessment, optional
        From `reflect.coding.assess`: each number carries its marker's precision, and no
        difference is claimed of markers that do not carry here.
    """
    shifts = spans[spans["marker"].isin(SHIFT_MARKERS)]
    if shifts.empty:
        return label(language, "say.shift_none")
    sentences = shifts.drop_duplicates(["entry_id", "start"])
    entries = shifts["entry_id"].nunique()
    lines = [
        label(
            language,
            "say.shift_total",
            hits=number(len(sentences), language),
            **{"with": number(entries, language)},
            entries=number(len(diary), language),
            share=percent(entries / len(diary), language),
        )
    ]
    about = shifts.merge(diary[["entry_id", "side"]], on="entry_id")
    for side, name in sides.items():
        counts = about[about["side"] == side]["marker"].value_counts()
        counts = counts.rename_axis("marker").reset_index(name="hits")
        counts = counts.sort_values(["hits", "marker"], ascending=[False, True])
        counts = counts.head(2 if short else 3)
        spelt = [
            label(
                language,
                "say.shift_most",
                marker=label(language, f"marker.{row.marker}"),
                hits=number(row.hits, language),
                worth=worth(judged, row.marker, language, side),
            )
            for row in counts.itertuples()
        ]
        if spelt:
            lines.append(
                label(language, "say.shift_side", side=name, markers=listing(spelt, language))
            )
    lines.extend(_contrasts(contrast, diary, sides, language, short, judged))
    return " ".join(line for line in (*lines, note(judged, [ANY], language)) if line)


def _contrasts(
    contrast: pd.DataFrame,
    diary: pd.DataFrame,
    sides: Sides,
    language: str,
    short: bool,
    judged: Assessment | None,
) -> list[str]:
    tandems = diary["tandem_id"].nunique()
    own = contrast[contrast["marker"].isin(SHIFT_MARKERS)]
    if tandems < BOOTSTRAP_TANDEMS:
        return [label(language, "say.shift_too_few", tandems=tandems)]
    if len(own) and (own["verdict"] == "too_few").all():
        return [label(language, "say.shift_rare")]
    lines, doubts = [], {}
    first, second = sides
    for row in own[own["verdict"].isin([first, second])].itertuples():
        doubts[row.marker] = doubt(judged, row.marker, language, between_sides=True)
        if doubts[row.marker]:
            continue
        turned = row.verdict == second
        values = [row.ratio, row.low, row.high]
        if turned:
            # The first side may have no hit at all.
            values = [
                1 / value if value else float("inf") for value in (row.ratio, row.high, row.low)
            ]
        ratio, low, high = (number(value, language, 1) for value in values)
        marker = label(language, f"marker.{row.marker}")
        lines.append(
            label(
                language,
                "say.shift_differs",
                side=sides[row.verdict],
                marker=marker,
                ratio=ratio,
                low=low,
                high=high,
            )
        )
    lines.append(doubted(doubts, language))
    alike = [
        marker
        for marker in in_order(own[own["verdict"] == "none"]["marker"])
        if not doubt(judged, marker, language)
    ]
    if len(alike) and not short:
        names = [label(language, f"marker.{marker}") for marker in alike]
        lines.append(label(language, "say.shift_alike", markers=listing(names, language)))
    return lines


def around_which_event(
    around: pd.DataFrame, sides: Sides, language: str, judged: Assessment | None = None
) -> str:
    """On which occasions shifts stand densest, against entries away from events."""
    if set(around["event_kind"]) <= {NO_EVENT}:
        return label(language, "say.events_none")
    lines = []
    for side, name in sides.items():
        own = around[around["side"] == side].set_index("event_kind")
        if NO_EVENT not in own.index:
            continue
        base = own.loc[NO_EVENT, "share"]
        # Fewer than five entries say nothing about an occasion.
        near = own.drop(NO_EVENT)
        near = near[(near["entries"] >= 5) & (near["share"] > base)]
        if near.empty:
            continue
        best = near.sort_values(["share", "entries"], ascending=False).iloc[0]
        lines.append(
            label(
                language,
                "say.events_most",
                occasion=label(language, f"after.{best.name}"),
                **{"with": number(best["entries_with"], language)},
                entries=number(best["entries"], language),
                side=name,
                share=percent(best["share"], language),
                base=percent(base, language),
            )
        )
    found = " ".join(lines) or label(language, "say.events_flat")
    return f"{found} {note(judged, [ANY], language)}".rstrip()


def who_from_whom(
    counts: pd.DataFrame,
    flow: pd.DataFrame,
    sides: Sides,
    language: str,
    judged: Assessment | None = None,
    balance: pd.DataFrame | None = None,
) -> str:
    """Learning and advice in each direction, and how even what was received is.

    Parameters
    ----------
    balance : DataFrame, optional
        From `reflect.dyad.flow_balance`; without it the two directions are not weighed. Tandems
        whose sides write in two languages never are, and that is said.
    judged : Assessment, optional
        From `reflect.coding.assess`: what the markers are worth is said, and the exchange is
        not called even or uneven where they do not carry here.
    """
    if not counts["hits"].sum():
        return label(language, "say.flow_none")
    lines = []
    first, second = sides
    for learner, teacher in ((first, second), (second, first)):
        way = (counts["learner_side"] == learner) & (counts["teacher_side"] == teacher)
        learned = counts[way & (counts["marker"] == "learning")].set_index("told_by")["hits"]
        part = flow[(flow["learner_side"] == learner) & (flow["marker"] == "learning")]
        lines.append(
            label(
                language,
                "say.flow_line" if learned.sum() else "say.flow_line_none",
                hits=number(learned.sum(), language),
                learner=sides[learner],
                teacher=sides[teacher],
                own=number(learned.get("learner", 0), language),
                other=number(learned.get("teacher", 0), language),
                tandems=number(part["tandem_id"].nunique(), language),
            )
        )
        advice = counts[way & (counts["marker"] == "advice")]["hits"].sum()
        lines.append(
            label(
                language,
                "say.advice_line",
                hits=number(advice, language),
                learner=sides[learner],
                teacher=sides[teacher],
            )
        )
    if balance is not None:
        lines += _weighed(flow, balance, sides, language, judged)
    return f"{' '.join(lines)} {note(judged, ['learning', 'advice'], language)}".rstrip()


def received(key: str, hits: pd.Series, sides: Sides, language: str) -> str:
    """In how many sentences each side says that it received something from the other.

    Parameters
    ----------
    key : str
        Of the sentence for both sides; ``_one`` and ``_none`` are added where fewer say so.
    hits : Series
        Sentences by side; a side may be missing.
    """
    counts = {side: int(hits.get(side, 0)) for side in sides}
    told = [side for side in sides if counts[side]]
    if not told:
        return label(language, f"{key}_none")
    if len(told) == 1:
        [side], [other] = told, [side for side in sides if side not in told]
        values = {"side": sides[side], "other": sides[other]}
        return label(language, f"{key}_one", hits=number(counts[side], language), **values)
    values = {}
    for place, side in zip(("first", "second"), sides, strict=True):
        values |= {place: number(counts[side], language), f"{place}_side": sides[side]}
    return label(language, key, **values)


def _weighed(
    flow: pd.DataFrame,
    balance: pd.DataFrame,
    sides: Sides,
    language: str,
    judged: Assessment | None,
) -> list[str]:
    """How often each side says that it received something, and whether either did more often."""
    cohort, lines = balance.iloc[-1], []
    first, second = sides
    left_out = balance.loc[balance["reason"] == "two_languages", "tandem_id"]
    if cohort["with_hits"] >= COMPARE_TANDEMS and not cohort["reason"]:
        about = {"first_side": sides[first], "second_side": sides[second]}
        for name in ("first", "second"):
            about[name] = number(cohort[f"{name}_rate"], language, 2)
        lines.append(label(language, "say.flow_rates", **about))
        received = flow[flow["learner_side"] == flow["writer_side"]]
        received = received[~received["tandem_id"].isin(left_out)]
        doubts = {
            marker: doubt(judged, marker, language, between_sides=True)
            for marker in sorted(set(received["marker"]))
        }
        bounds = {
            name: number(cohort[name], language, 2).replace("-", "−")
            for name in ("balance", "low", "high")
        }
        verdict = cohort["verdict"]
        if held := doubted(doubts, language):
            lines.append(held)
        elif verdict in sides:
            lines.append(label(language, "say.flow_leans", side=sides[verdict], **bounds))
        elif verdict == "none":
            lines.append(label(language, "say.flow_even", **bounds))
        else:
            tandems = number(cohort["tandems"], language)
            lines.append(label(language, "say.flow_described", tandems=tandems))
    elif cohort["first_hits"] + cohort["second_hits"]:
        writers = number(cohort["with_hits"], language)
        lines.append(label(language, "say.flow_few", tandems=writers))
    if len(left_out):
        tandems = listing(sorted(left_out), language)
        lines.append(label(language, "say.flow_languages", tandems=tandems))
    return lines


def which_moments(moments: pd.DataFrame, language: str, judged: Assessment | None = None) -> str:
    """How many occasions stand out, and how many on both sides."""
    if moments.empty:
        return label(language, "say.moments_none")
    both = int(moments["both_sides"].sum())
    found = label(
        language,
        "say.moments",
        number=number(len(moments), language),
        both=number(both, language),
    )
    return f"{found} {note(judged, [ANY], language)}".rstrip()


def moment_heading(moment: Mapping, language: str) -> str:
    """One occasion: tandem, date, event, markers."""
    kind = moment["event_kind"]
    event = (
        label(language, "say.no_event") if kind == NO_EVENT else label(language, f"event.{kind}")
    )
    names = [label(language, f"marker.{marker}") for marker in moment["markers"].split(",")]
    names += [label(language, "say.topic_turn")] if moment.get("topic_turn") else []
    line = label(
        language,
        "say.moment_line",
        tandem=moment["tandem_id"],
        date=day(moment["date"], language),
        event=event,
        markers=listing(names, language),
    )
    return line + (label(language, "say.moment_both") if moment["both_sides"] else "")


def what_came(outcomes: pd.DataFrame, sides: Sides, language: str) -> str:
    """Outcomes by side and kind; chronology only.

    Parameters
    ----------
    outcomes : DataFrame
        ``side, kind`` (from `reflect.overview.record`).
    """
    if outcomes.empty:
        return label(language, "say.outcomes_none")
    lines = []
    for side, name in sides.items():
        own = outcomes[outcomes["side"] == side]["kind"]
        counts = own.value_counts().rename_axis("kind").reset_index(name="number")
        counts = counts.sort_values(["number", "kind"], ascending=[False, True])
        spelt = [
            f"{number(row.number, language)}\u00a0× {label(language, f'outcome.{row.kind}')}"
            for row in counts.itertuples()
        ]
        if spelt:
            lines.append(
                label(language, "say.outcomes_side", side=name, kinds=listing(spelt, language))
            )
    counted = label(
        language,
        "say.outcomes",
        number=number(len(outcomes), language),
        lines=" ".join(lines),
    )
    return counted + " " + label(language, "say.outcomes_order")


def limits(
    corpus: Corpus, language: str, *, withheld: Mapping[str, int], shortest: bool = False
) -> str:
    """What the numbers cannot say: a list that depends on the corpus, or its first points.

    Parameters
    ----------
    withheld : mapping
        From `reflect.quotes.withheld`: sentences that may not be quoted, by reason.
    """
    tandems = (
        corpus.entries["participant_id"]
        .map(corpus.participants.set_index("participant_id")["tandem_id"])
        .nunique()
    )
    languages = sorted(corpus.entries["language"].unique())
    keys = ["no_control", "counts", "rules" if corpus.codes.empty else "coded"]
    lines = [label(language, f"limit.{key}") for key in keys]
    size = "few" if tandems < BOOTSTRAP_TANDEMS else "some"
    lines.append(label(language, f"limit.{size}", tandems=number(tandems, language)))
    if shortest:
        return " ".join(lines)
    if len(languages) > 1:
        names = listing([label(language, f"language.{code}") for code in languages], language)
        lines.append(label(language, "limit.languages", languages=names))
    lines += [label(language, f"limit.{key}") for key in ("missing", "topics", "chronology")]
    if any(withheld.values()):
        held = {reason: count for reason, count in withheld.items() if count}
        # One reason is told without its number, which is the total.
        reasons = [
            label(
                language,
                f"say.withheld_{reason}",
                number=number(count, language) if len(held) > 1 else "",
            ).strip()
            for reason, count in held.items()
        ]
        total = number(sum(withheld.values()), language)
        listed = listing(reasons, language)
        lines.append(label(language, "say.withheld", number=total, reasons=listed))
    return "\n".join(f"- {line}" for line in lines)


def portrait(
    pair: Corpus,
    spans: pd.DataFrame,
    sides: Sides,
    language: str,
    judged: Assessment | None = None,
) -> str:
    """One tandem in a few sentences; a tandem without a shift is told as such."""
    diary = pair.diary()
    by_side = participation(diary).set_index("side").reindex(list(sides))
    first, second = sides
    lines = [
        label(
            language,
            "say.portrait",
            first_side=sides[first],
            second_side=sides[second],
            first_entries=number(by_side.loc[first, "entries"], language),
            second_entries=number(by_side.loc[second, "entries"], language),
            first_words=number(by_side.loc[first, "words"], language),
            second_words=number(by_side.loc[second, "words"], language),
            first=day(diary["date"].min(), language),
            last=day(diary["date"].max(), language),
        )
    ]
    shifts = spans[spans["marker"].isin(SHIFT_MARKERS)].drop_duplicates(["entry_id", "start"])
    hits = shifts.merge(diary[["entry_id", "side"]], on="entry_id")["side"].value_counts()
    total = int(hits.sum())
    key = "say.portrait_none" if not total else "say.portrait_few" if total < 3 else None
    lines.append(
        label(language, key, hits=number(total, language))
        if key
        else label(
            language,
            "say.portrait_shift",
            hits=number(total, language),
            first=number(hits.get(first, 0), language),
            second=number(hits.get(second, 0), language),
            first_side=sides[first],
            second_side=sides[second],
        )
    )
    if ended_early(diary, pair.start, pair.end):
        lines.append(label(language, "say.portrait_early"))
    if total:
        lines.append(note(judged, [ANY], language))
    return " ".join(line for line in lines if line)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
