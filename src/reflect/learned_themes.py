"""What each side learned: the learned clauses of the learning flow, joined with topics."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reflect.stats import beta_interval
from reflect.vocabulary import content_lemmas

NO_TOPIC = -1


def learned_clauses(flow: pd.DataFrame, diary: pd.DataFrame) -> pd.DataFrame:
    """The part of each sentence of the learning flow that says what was learned or advised.

    Parameters
    ----------
    flow : DataFrame
        From `reflect.dyad.learning_flow`.
    diary : DataFrame
        From `Corpus.diary`: ``entry_id, text, language``.

    Returns
    -------
    DataFrame
        `flow` with ``clause`` (``content_start`` to ``content_end`` of the entry; the whole
        sentence where no clause was found), ``language``, and ``topic, label`` (-1 and "" until
        `clause_topics` finds one; a corpus may be too small for topics).
    """
    known = diary.drop_duplicates("entry_id").set_index("entry_id")
    clauses = [
        known.at[row.entry_id, "text"][row.content_start : row.content_end].strip(" ,;:")
        if 0 <= row.content_start < row.content_end
        else row.text
        for row in flow.itertuples(index=False)
    ]
    languages = flow["entry_id"].map(known["language"])
    return flow.assign(
        clause=pd.Series(clauses, index=flow.index, dtype="str"),
        language=languages,
        topic=NO_TOPIC,
        label="",
    )


def clause_topics(
    clauses: pd.DataFrame, topics: pd.DataFrame, assignments: pd.DataFrame
) -> pd.DataFrame:
    """The topic of each learned clause.

    A clause belongs to the topic most of whose words it uses; where it uses none, or as many
    of several topics, the weight of the topic in the whole entry decides. A clause is short,
    so most of what is known about it comes from its entry. Own operationalisation; read the
    clauses before quoting a theme.

    Parameters
    ----------
    clauses : DataFrame
        From `learned_clauses`.
    topics, assignments : DataFrame
        From `reflect.fit_topics`: ``topic, label, words`` (comma-joined) and ``entry_id, topic,
        weight``.

    Returns
    -------
    DataFrame
        `clauses` with ``topic`` (-1 where neither clause nor entry has one), ``label`` ("") and
        ``topic_from``: ``clause``, ``entry`` or "".
    """
    named = topics[topics["topic"] != NO_TOPIC].sort_values("topic")
    vocabulary = {
        row.topic: {word.strip().lower() for word in row.words.split(",")}
        for row in named.itertuples(index=False)
    }
    labels = dict(zip(named["topic"], named["label"], strict=True))
    weights = {(row.entry_id, row.topic): row.weight for row in assignments.itertuples(index=False)}
    found = []
    for row in clauses.itertuples(index=False):
        lemmas = content_lemmas(row.clause, row.language)
        scores = [
            (sum(lemma in words for lemma in lemmas), weights.get((row.entry_id, topic), 0.0))
            for topic, words in vocabulary.items()
        ]
        best = max(range(len(scores)), key=scores.__getitem__, default=-1)
        if best < 0 or scores[best] == (0, 0.0):
            found.append((NO_TOPIC, "", ""))
        else:
            topic = list(vocabulary)[best]
            found.append((topic, labels[topic], "clause" if scores[best][0] else "entry"))
    about = pd.DataFrame(found, columns=["topic", "label", "topic_from"], index=clauses.index)
    return clauses.assign(
        topic=about["topic"].astype("int64"),
        label=about["label"].astype("str"),
        topic_from=about["topic_from"].astype("str"),
    )


def learned_themes(clauses: pd.DataFrame, sides: tuple[str, str]) -> pd.DataFrame:
    """Themes of what each side learned, in the order of how many sentences speak of them.

    Counts of sentences by learners and teachers together. Shares of so few hits have wide
    intervals (Beta(1, 1), hits taken as independent): they order the themes and compare nothing.

    Parameters
    ----------
    clauses : DataFrame
        From `clause_topics`, or any part of it (``clauses[clauses["marker"] == "learning"]``).

    Returns
    -------
    DataFrame
        ``learner_side, teacher_side, topic, label, hits, tandems, share`` (of the hits in this
        direction that have a topic), ``low, high``, both directions in the order of `sides`.
    """
    rows = []
    for learner, teacher in (sides, sides[::-1]):
        own = clauses[(clauses["learner_side"] == learner) & (clauses["topic"] != NO_TOPIC)]
        counted = own.groupby(["topic", "label"]).agg(
            hits=("entry_id", "size"), tandems=("tandem_id", "nunique")
        )
        counted = counted.reset_index().sort_values(["hits", "topic"], ascending=[False, True])
        for row in counted.itertuples(index=False):
            low, high = beta_interval(int(row.hits), len(own))
            share = row.hits / len(own) if len(own) else np.nan
            about = (learner, teacher, row.topic, row.label, row.hits, row.tandems)
            rows.append((*about, share, low, high))
    names = ["learner_side", "teacher_side", "topic", "label", "hits", "tandems"]
    return pd.DataFrame(rows, columns=[*names, "share", "low", "high"])
