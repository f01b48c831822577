"""Longer passages of the report, composed of prose and quotations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reflect import dyad, prose, stats
from reflect.corpus import Corpus
from reflect.exhibit import Exhibit, escape
from reflect.exhibit import prose as passage
from reflect.labels import day, label
from reflect.markers import rates
from reflect.moments import SHIFT_MARKERS, around_events, key_moments
from reflect.overview import record
from reflect.prevalence import prevalence
from reflect.quotes import pick, with_consent, withheld
from reflect.topics import fit_topics

Sides = Mapping[str, str]
MOMENTS_IN_BRIEF = 1


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
            parts.append(f"**{_heading(heading, lead, sides, language)}**")
        parts.append(quotation(quote, sides, language))
    return passage("\n\n".join(parts) or label(language, "none.quotations"))


def quotation(quote: Mapping[str, Any], sides: Sides, language: str) -> str:
    """One block quote in Markdown with side, tandem, date, entry and offsets."""
    text = escape(" ".join(str(quote["text"]).split()))
    source = [
        sides[quote["side"]],
        quote["tandem_id"],
        day(quote["date"], language),
        f"{quote['entry_id']} [{quote['start']}–{quote['end']}]",
    ]
    return f"> {text}\n>\n> *{escape(', '.join(source))}*"


def moments(
    found: pd.DataFrame, spans: pd.DataFrame, diary: pd.DataFrame, sides: Sides, language: str
) -> Exhibit:
    """Key moments, each with a quotation from each side that wrote of it and agreed."""
    parts = [_moment(moment, spans, diary, sides, language) for moment in _rows(found)]
    return passage("\n\n".join(parts) or label(language, "none.hits"))


def told(items: pd.DataFrame, evidence: pd.DataFrame, sides: Sides, language: str) -> Exhibit:
    """Events and outcomes of a tandem in order of date, each with what the diaries say of it.

    Parameters
    ----------
    items : DataFrame
        From `reflect.overview.record`.
    evidence : DataFrame
        From `reflect.evidence.evidence`: only writers who agreed to be quoted.
    """
    parts = []
    for item in _rows(items):
        own = evidence[evidence["item_id"] == item["item_id"]]
        if own.empty:
            continue
        kind = label(language, f"{item['what']}.{item['kind']}")
        who = f" ({sides[item['side']]})" if item["side"] else ""
        head = f"**{day(item['date'], language)}, {escape(kind + who)}.**"
        parts.append(f"{head} {escape(item['description'])}")
        parts += [quotation(quote, sides, language) for quote in _rows(own)]
    return passage("\n\n".join(parts) or label(language, "none.quotations"))


def brief(corpus: Corpus, spans: pd.DataFrame, sides: Sides, language: str, seed: int) -> Exhibit:
    """The first page, in plain words: everything on it comes from the tables of the report."""
    diary = corpus.diary()
    contrast = stats.side_contrast(
        rates(spans, diary, by=["tandem_id", "side"]), corpus.sides, seed=seed
    )
    around = around_events(spans, diary, corpus.events)
    flow = dyad.learning_flow(spans, diary, corpus.sides)
    counts = dyad.flow_counts(flow, corpus.sides)
    found = key_moments(spans, diary, corpus.events)
    items = record(corpus.events, corpus.outcomes, corpus.participants)
    best = [
        _moment(row, spans, diary, sides, language) for row in _rows(found.head(MOMENTS_IN_BRIEF))
    ]
    held = withheld(spans, diary)
    parts = {
        "who": prose.who_wrote(corpus, sides, language, short=True),
        "topics": _topics(corpus, sides, language, seed),
        "shift": prose.what_moved(spans, diary, contrast, sides, language, short=True)
        + " "
        + prose.around_which_event(around, sides, language),
        "flow": prose.who_from_whom(counts, flow, sides, language),
        "moments": "\n\n".join([prose.which_moments(found, language), *best]),
        "outcomes": prose.what_came(items[items["what"] == "outcome"], sides, language),
        "limits": prose.limits(corpus, language, withheld=held, shortest=True),
    }
    text = [f"# {label(language, 'report.brief')}"]
    text += [f"**{label(language, f'brief.{key}')}.** {part}" for key, part in parts.items()]
    return passage("\n\n".join(text))


def _topics(corpus: Corpus, sides: Sides, language: str, seed: int) -> str:
    diary = corpus.diary()
    if not prose.enough_for_topics(diary):
        return label(language, "say.topics_too_few", entries=len(diary))
    model = fit_topics(diary, seed=seed, cache=corpus.cache)
    by_side = prevalence(model.assignments, diary, by="side", seed=seed)
    return prose.what_about(model.topics, by_side, sides, language)


def _moment(
    moment: Mapping[str, Any],
    spans: pd.DataFrame,
    diary: pd.DataFrame,
    sides: Sides,
    language: str,
) -> str:
    shifts = spans[
        spans["entry_id"].isin(moment["entries"].split(",")) & spans["marker"].isin(SHIFT_MARKERS)
    ]
    allowed, _ = with_consent(shifts, diary)
    # The sentence with most markers tells most of the occasion.
    found = allowed.groupby(["entry_id", "start"])["marker"].transform("nunique")
    richest = allowed.assign(_found=found).groupby("side")["_found"].transform("max")
    chosen = pick(allowed[found == richest], per=["side"], number=1)
    order = {side: place for place, side in enumerate(sides)}
    chosen = chosen.sort_values("side", key=lambda column: column.map(order))
    quoted = [quotation(quote, sides, language) for quote in _rows(chosen)]
    return "\n\n".join([prose.moment_heading(moment, language), *quoted])


def _heading(value: str, column: str, sides: Sides, language: str) -> str:
    if column == "marker":
        name = label(language, f"marker.{value}")
        return name[0].upper() + name[1:]
    if column == "learner_side":
        return label(language, "heading.learned", side=sides[value])
    return escape(value)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return table.to_dict("records")
