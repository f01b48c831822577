"""Longer passages of the report, composed of prose and quotations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from reflect import dyad, plain, prose, stats
from reflect.change import change, phase_counts
from reflect.coding.assessment import assess
from reflect.coding.standing import doubt, in_plain_words
from reflect.corpus import Corpus
from reflect.evenness import evenness_cohort, side_components
from reflect.evidence import NEXT_DAYS, evidence
from reflect.exhibit import Exhibit, escape
from reflect.exhibit import prose as passage
from reflect.labels import label
from reflect.markers import rates
from reflect.moments import key_moments, with_any_shift
from reflect.overview import record
from reflect.plan import answers, load_plan
from reflect.prevalence import prevalence
from reflect.style_matching import style_counts, style_matching_test, style_similarity
from reflect.topic_turns import topic_turns
from reflect.topics import TopicModel, fit_topics
from reflect.voices import cited, moment, most_quotable

if TYPE_CHECKING:
    from reflect.coding.assessment import Assessment

Sides = Mapping[str, str]
#: Of so many moments that stand out most, the first page tells one that may be quoted.
MOMENTS_READ = 30


def quotations(
    quotes: pd.DataFrame, sides: Sides, language: str, *, lead: str | None = None
) -> Exhibit:
    """Quotations as block quotes, each with its source.

    Parameters
    ----------
    quotes : DataFrame
        ``entry_id, tandem_id, side, date, start, end, text``, already checked for consent.
    lead : str, optional
        A column whose values head the quotations that share them: ``marker``,
        ``learner_side``, or one shown as it stands.
    """
    parts: list[str] = []
    heading = None
    for quote in quotes.to_dict("records"):
        if lead and quote[lead] != heading:
            heading = quote[lead]
            # A heading stays on the page of its quotation, which bold text does not.
            parts.append(f"#### {_heading(heading, lead, sides, language)}")
        parts.append(quotation(quote, sides, language))
    return passage("\n\n".join(parts) or label(language, "none.quotations"))


def learned(quotes: pd.DataFrame, sides: Sides, language: str, *, title: bool = False) -> Exhibit:
    """What each side learned or was given: what was learned first, then in order of date.

    Parameters
    ----------
    quotes : DataFrame
        Picked from `reflect.dyad.learning_flow`, already checked for consent.
    title : bool
        Whether a heading stands above; then there is nothing at all where nothing is quoted.
    """
    if title and quotes.empty:
        return passage("")
    order = {side: place for place, side in enumerate(sides)}
    place = quotes["learner_side"].map(order)
    ranked = quotes.assign(_place=place, _given=quotes["marker"] != "learning")
    ranked = ranked.sort_values(["_place", "_given", "date", "entry_id", "start"])
    # What both learned from each other in one sentence is quoted once.
    ranked = ranked.drop_duplicates(["entry_id", "start"])
    shown = quotations(ranked, sides, language, lead="learner_side")
    if not title:
        return shown
    heading = f"## {label(language, 'heading.exchanged')}"
    return passage(f"{heading}\n\n{shown.bundle['text/markdown']}")


def quotation(quote: Mapping[str, Any], sides: Sides, language: str) -> str:
    """One block quote in Markdown with side, tandem, date, entry and offsets."""
    who = f"{sides[quote['side']]}, {quote['tandem_id']}"
    text, source = cited(quote, who, language)
    return f"> {text}\n>\n> {source}"


def brief(
    corpus: Corpus,
    spans: pd.DataFrame,
    sides: Sides,
    language: str,
    seed: int,
    model: TopicModel | None = None,
    *,
    changes: pd.DataFrame | None = None,
    cohort: pd.DataFrame | None = None,
    judged: Assessment | None = None,
) -> Exhibit:
    """The first page, in plain words: everything on it comes from the tables of the report.

    Parameters
    ----------
    corpus : Corpus
        A screened corpus.
    spans : DataFrame
        From `reflect.annotate`.
    seed : int
        Of every resampling and of the topic model.
    model : TopicModel, optional
        From `reflect.fit_topics`, where it is at hand; else fitted here, if there is enough text.
    changes, cohort : DataFrame, optional
        From `reflect.plan.answers`, where both are at hand; else computed here.
    judged : Assessment, optional
        From `reflect.coding.assess`; else computed here.
    """
    diary, pair = corpus.diary(), corpus.sides
    if model is None and prose.enough_for_topics(diary):
        model = fit_topics(diary, seed=seed, cache=corpus.cache)
    counts = rates(spans, diary, by=["tandem_id", "side"])
    if changes is None or cohort is None:
        changes = change(phase_counts(with_any_shift(spans), diary), pair, seed=seed)
        cohort = evenness_cohort(side_components(spans, diary, pair), pair, seed=seed)
        plan = load_plan(corpus.path).in_force(diary["date"].min())
        changes, cohort = answers(plan, changes, cohort)
    style = style_matching_test(style_similarity(style_counts(diary), pair, seed=seed), seed=seed)
    flow = dyad.learning_flow(spans, diary, pair)
    balance = dyad.flow_balance(flow, diary, pair)
    items = record(corpus.events, corpus.outcomes, corpus.participants)
    judged = judged if judged is not None else assess(corpus, spans, seed=seed)

    def doubted(marker: str) -> bool:
        return bool(doubt(judged, marker, language, between_sides=True))

    parts = {
        "who": plain.who(corpus, sides, language),
        "topics": _topics(diary, sides, language, seed, model),
        "shift": plain.moved(
            spans,
            diary,
            stats.side_contrast(counts, pair),
            changes,
            sides,
            language,
            doubted,
        ),
        "flow": plain.exchanged(
            dyad.flow_counts(flow, pair),
            balance,
            sides,
            language,
            sure=not (doubted("learning") or doubted("advice")),
        ),
        "even": plain.evened(cohort, style, sides, language),
        "moments": _best_moment(corpus, spans, items, sides, language, model),
        "outcomes": prose.what_came(items[items["what"] == "outcome"], sides, language),
        "limits": plain.limits(corpus, language),
    }
    parts["shift"] = f"{parts['shift']} {in_plain_words(judged, language)}".rstrip()
    text = [f"# {label(language, 'report.brief')}"]
    text += [f"**{label(language, f'brief.{key}')}.** {part}" for key, part in parts.items()]
    return passage("\n\n".join(text))


def _topics(
    diary: pd.DataFrame, sides: Sides, language: str, seed: int, model: TopicModel | None
) -> str:
    if model is None:
        return label(language, "plain.topics_few")
    by_side = prevalence(model.assignments, diary, by="side", seed=seed)
    return plain.topics(model.topics, by_side, sides, language)


def _best_moment(
    corpus: Corpus,
    spans: pd.DataFrame,
    items: pd.DataFrame,
    sides: Sides,
    language: str,
    model: TopicModel | None,
) -> str:
    diary = corpus.diary()
    turns = topic_turns(model.assignments, model.topics, diary) if model else []
    found = key_moments(spans, diary, corpus.events, turns=turns)
    if found.empty:
        return label(language, "say.moments_none")
    both = int(found["both_sides"].sum())
    said = label(language, "plain.moments", moments=len(found), both=both)
    first = found.head(MOMENTS_READ)
    happened = items[items["item_id"].isin(first["event_id"])]
    told = evidence(happened, diary, before=0, after=NEXT_DAYS)
    best = most_quotable(first, spans, diary, told)
    return f"{said}\n\n{moment(best, spans, diary, sides, language, told)}"


def _heading(value: str, column: str, sides: Sides, language: str) -> str:
    if column == "marker":
        name = label(language, f"marker.{value}")
        return name[0].upper() + name[1:]
    if column == "learner_side":
        return label(language, "heading.learned", side=sides[value])
    return escape(value)
