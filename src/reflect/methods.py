"""The methods section of a report, written from what its notebooks ran."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import nbformat
import yaml

from reflect import (
    change,
    corroboration,
    coupling,
    dyad,
    evidence,
    keyness,
    manifest,
    mixed,
    moments,
    outcome_context,
    power,
    ratios,
    stability,
    stats,
    style_matching,
    thoughts,
    topic_turns,
    topics,
)
from reflect.anonymity import gate
from reflect.anonymity.audit import THRESHOLD
from reflect.corpus import Corpus
from reflect.labels import day, fill, label, listing, number, percent
from reflect.markers.codebook import builtin
from reflect.plan import load_plan
from reflect.topic_exchange import WITHIN_DAYS as TOPIC_DAYS


@cache
def passages(language: str) -> dict[str, Any]:
    """Words of the section in a report language: ``heading, intro, references, steps``."""
    text = files("reflect").joinpath(f"data/methods.{language}.yml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


def called(notebooks: Iterable[nbformat.NotebookNode]) -> set[str]:
    """Names of the functions that the cells of notebooks call, without their modules.

    Examples
    --------
    >>> cell = nbformat.v4.new_code_cell("rates = stats.side_rates(load('x'))")
    >>> sorted(called([nbformat.v4.new_notebook(cells=[cell])]))
    ['load', 'side_rates']
    """
    names = set()
    for notebook in notebooks:
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            try:
                tree = ast.parse(cell.source)
            except SyntaxError:  # a cell of IPython magic
                continue
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    function = node.func
                    names.add(getattr(function, "attr", getattr(function, "id", "")))
    return names - {""}


def methods(
    corpus: Corpus,
    notebooks: Iterable[nbformat.NotebookNode],
    facts: Mapping[str, Mapping[str, Any]],
    language: str,
    seed: int,
) -> str:
    """The section in Markdown, with citations of ``data/references.bib``.

    Parameters
    ----------
    corpus : Corpus
        What the report is about.
    notebooks : iterable of notebooks
        Those that were run; a passage is written where one of its functions was called.
    facts : mapping
        What cells told with `reflect.exhibit.facts`, by name: ``topics`` (parameters of the
        topic model), ``learned`` (families decided by a model of the corpus's own codes).
    language : str
        ``de`` or ``en``.
    seed : int
        Of the run.
    """
    words, names = passages(language), called(notebooks)
    values = _values(corpus, facts, language, seed)
    parts = [f"# {words['heading']}", words["intro"]]
    for step in words["steps"]:
        if not names & set(step["called"]) or (step.get("if_codes") and corpus.codes.empty):
            continue
        shown = values | _choices(step, corpus, facts, language, values)
        parts.append(f"**{step['title']}.** {fill(step['text'], shown)}".strip())
    return "\n\n".join(parts)


def _values(
    corpus: Corpus, facts: Mapping[str, Mapping[str, Any]], language: str, seed: int
) -> dict[str, object]:
    words, periods, versions = passages(language), corpus.periods(), manifest.versions()
    topic = facts.get("topics", {})
    rules = [
        fill(words["rules"][code], {"n": len(builtin(code).rules)}) for code in corpus.languages
    ]
    spoken = corpus.entries["language"].value_counts()
    return {
        "reflect": versions["reflect"],
        "spacy": versions["spacy"],
        "bertopic": versions["bertopic"],
        "entries": number(len(corpus.entries), language),
        "people": number(len(corpus.participants), language),
        "tandems": corpus.participants["tandem_id"].nunique(),
        "languages": listing(
            [fill(words["spoken"][code], {"n": count}) for code, count in spoken.items()], language
        ),
        "periods": len(periods),
        "period_unit": words["units"][periods.attrs["unit"]],
        "rules": listing(rules, language),
        "topic_units": number(topic.get("units", 0), language),
        "topic_entries": number(topic.get("entries", 0), language),
        "topics_found": topic.get("topics_found", 0),
        "stability_resamples": topic.get("stability_resamples", 0),
        "same": number(stability.SAME, language, 1),
        "stable": number(topics.STABLE, language, 1),
        "seed": seed,
        "topic_days": TOPIC_DAYS,
        "bootstrap_tandems": stats.BOOTSTRAP_TANDEMS,
        "bootstrap_hits": stats.BOOTSTRAP_HITS,
        "compare_tandems": stats.COMPARE_TANDEMS,
        "model_tandems": change.MODEL_TANDEMS,
        "model_hits": change.MODEL_HITS,
        "drawings": number(mixed.RESAMPLES, language),
        "ratio_tandems": ratios.RATIO_TANDEMS,
        "ratios": listing([number(ratio, language, 1) for ratio in power.RATIOS], language),
        "minimum_hits": dyad.MINIMUM_HITS,
        "corroboration_days": corroboration.WITHIN_DAYS,
        "style_words": style_matching.MINIMUM_WORDS,
        "lags": listing(
            [number(lag, language).replace("-", "−") for lag in coupling.LAGS], language
        ),
        "keyness_authors": keyness.MINIMUM_AUTHORS,
        "near_days": moments.NEAR_DAYS,
        "next_days": evidence.NEXT_DAYS,
        "sentences": thoughts.MOST_SENTENCES,
        "window": topic_turns.WINDOW_ENTRIES,
        "turning_share": percent(topic_turns.TURNING_SHARE, language),
        "before_days": outcome_context.BEFORE_DAYS,
        "threshold": number(THRESHOLD, language, 1),
        "stricter": number(gate.STRICTER, language, 1),
    }


def _choices(
    step: Mapping[str, Any],
    corpus: Corpus,
    facts: Mapping[str, Mapping[str, Any]],
    language: str,
    values: Mapping[str, object],
) -> dict[str, str]:
    """The clauses of a step that depend on how it was run."""
    found = {}
    if "chosen" in step:
        topic = facts.get("topics", {})
        asked = topic.get("n_topics", "auto") != "auto"
        found["how_many"] = fill(step["asked" if asked else "chosen"], values)
        found["fields"] = step["with_fields"] if topic.get("fields") else ""
        name = topic.get("embedding", "lsa")
        found["embedding"] = fill(
            step["lsa" if name.startswith("lsa") else "other"], {"name": name}
        )
    if "planned" in step:
        plan = load_plan(corpus.path)
        dated = step["undated"]
        if plan.written == plan.written:
            dated = fill(step["dated"], {"date": day(plan.written, language)})
        about = {"written": dated, "primary": len(plan.primary)}
        found["plan"] = fill(step["planned"], about) if plan.exists else step["unplanned"]
    if "{learned}" in step["text"]:
        families = facts.get("learned", {}).get("families", [])
        named = listing([label(language, f"marker.{one}") for one in families], language)
        clause = fill(passages(language)["learned"], {"families": named})
        found["learned"] = clause if families else ""
    return found
