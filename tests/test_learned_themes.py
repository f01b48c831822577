"""What was learned: the clause, its topic, and the themes of each side."""

import pandas as pd
import pytest
from simulated import SIDES

from reflect.learned_themes import clause_topics, learned_clauses, learned_themes

TEXT = "Von ihm lernte ich, wie man Absagen liest. Der Kaffee war gut."
DIARY = pd.DataFrame(
    {"entry_id": ["e1", "e2"], "text": [TEXT, "Er riet zur Pause."], "language": ["de", "de"]}
)
TOPICS = pd.DataFrame(
    {
        "topic": [0, 1, -1],
        "label": ["Absage · Bewerbung", "Kaffee · Kuchen", ""],
        "words": ["Absage, Bewerbung", "Kaffee, Kuchen", ""],
    }
)
ASSIGNED = pd.DataFrame(
    {"entry_id": ["e1", "e1", "e2"], "topic": [0, 1, 1], "weight": [0.2, 0.8, 1.0]}
)


def flow(*rows: tuple[str, str, str, int, int]) -> pd.DataFrame:
    """Learner, entry, sentence, and offsets of the clause."""
    names = ["learner_side", "entry_id", "text", "content_start", "content_end"]
    table = pd.DataFrame(rows, columns=names)
    other = table["learner_side"].map({"a": "b", "b": "a"})
    return table.assign(teacher_side=other, tandem_id="T", marker="learning")


SENTENCE = TEXT[:42]


@pytest.mark.parametrize(
    ("start", "end", "clause"),
    [(20, 41, "wie man Absagen liest"), (-1, -1, SENTENCE), (5, 5, SENTENCE)],
)
def test_the_clause_is_cut_from_the_entry(start, end, clause):
    table = learned_clauses(flow(("a", "e1", SENTENCE, start, end)), DIARY)
    assert table["clause"].tolist() == [clause]
    assert table["language"].tolist() == ["de"]


def test_the_words_of_the_clause_come_before_the_topic_of_the_entry():
    clauses = learned_clauses(
        flow(("a", "e1", SENTENCE, 20, 41), ("a", "e2", "Er riet zur Pause.", 3, 17)), DIARY
    )
    table = clause_topics(clauses, TOPICS, ASSIGNED)
    assert table["topic"].tolist() == [0, 1]
    assert table["topic_from"].tolist() == ["clause", "entry"]
    assert table["label"].tolist() == ["Absage · Bewerbung", "Kaffee · Kuchen"]


def test_an_entry_without_a_topic_gives_none():
    clauses = learned_clauses(flow(("a", "e2", "Er riet.", -1, -1)), DIARY)
    table = clause_topics(clauses, TOPICS, ASSIGNED.iloc[:0])
    assert table[["topic", "label", "topic_from"]].to_numpy().tolist() == [[-1, "", ""]]
    assert learned_themes(table, SIDES).empty
    none = clause_topics(clauses, TOPICS.iloc[:0], ASSIGNED.iloc[:0])
    assert none["topic"].tolist() == [-1]


def test_themes_of_each_side_most_first():
    rows = [("b", "e2", "Kaffee.", -1, -1)] + [("a", "e1", SENTENCE, 20, 41)] * 2
    rows += [("a", "e2", "Er riet zur Pause.", -1, -1)]
    table = learned_themes(
        clause_topics(learned_clauses(flow(*rows), DIARY), TOPICS, ASSIGNED), SIDES
    )
    assert table[["learner_side", "topic", "hits"]].to_numpy().tolist() == [
        ["a", 0, 2],
        ["a", 1, 1],
        ["b", 1, 1],
    ]
    assert table["share"].tolist() == pytest.approx([2 / 3, 1 / 3, 1])
    assert ((table["low"] < table["share"]) & (table["share"] <= 1)).all()


def test_no_learning_at_all():
    table = clause_topics(learned_clauses(flow(), DIARY), TOPICS, ASSIGNED)
    assert table.empty and learned_themes(table, SIDES).empty
