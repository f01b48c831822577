"""Sentences follow their tables: numbers as counted, claims only where intervals allow them."""

import pandas as pd
import pytest

from reflect import prose
from reflect.corpus import Corpus
from reflect.labels import label
from reflect.stats import BOOTSTRAP_TANDEMS

SIDES = {"leader": "LEAD", "talent": "TAL"}


def spans(*hits: tuple[str, str, int]) -> pd.DataFrame:
    table = pd.DataFrame(hits, columns=["entry_id", "marker", "start"])
    return table.assign(end=table["start"] + 1, text="x")


def test_who_wrote_counts_people_entries_and_words(tiny):
    said = prose.who_wrote(Corpus.load(tiny), SIDES, "en")
    # Tee, dann Regen. | We walked home. | Die Bahn kam nicht. | Er sagte: "Morgen" und ging.
    for part in ("4 people", "2 tandems", "4 entries", "15 words", "3 March 2025"):
        assert part in said
    assert "25 May 2025" in said
    assert "LEAD" in said and "TAL" in said


def test_who_wrote_names_tandems_that_fell_silent(build_corpus):
    quiet = build_corpus(package={"end": "2026-05-25"})
    assert "A and B" in prose.who_wrote(Corpus.load(quiet), SIDES, "en")


def diary(tandems: int) -> pd.DataFrame:
    rows = [
        (f"{number}-{side}", f"T{number}", side)
        for number in range(tandems)
        for side in ("leader", "talent")
    ]
    return pd.DataFrame(rows, columns=["entry_id", "tandem_id", "side"])


def contrast(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["marker", "ratio", "low", "high", "verdict"])


def test_no_shift_is_said_as_such():
    said = prose.what_moved(spans(("0-leader", "advice", 0)), diary(2), contrast(), SIDES, "en")
    assert said == label("en", "say.shift_none")


def test_a_sentence_with_two_markers_is_one_sentence():
    marked = spans(
        ("0-leader", "insight", 0), ("0-leader", "learning", 0), ("0-talent", "insight", 5)
    )
    said = prose.what_moved(marked, diary(2), contrast(), SIDES, "en")
    assert said.startswith("2 sentences in 2 of 4 entries (50%)")


def test_few_tandems_are_not_compared_whatever_the_table_says():
    marked = spans(("0-leader", "insight", 0))
    table = contrast(("insight", 9.0, 8.0, 10.0, "leader"))
    said = prose.what_moved(marked, diary(BOOTSTRAP_TANDEMS - 1), table, SIDES, "en")
    assert f"{BOOTSTRAP_TANDEMS - 1} tandems" in said
    assert "9.0" not in said


@pytest.mark.parametrize(
    ("row", "numbers", "who"),
    [
        (("insight", 4.0, 2.0, 8.0, "leader"), ("4.0", "2.0", "8.0"), "LEAD"),
        (("insight", 0.25, 0.125, 0.5, "talent"), ("4.0", "2.0", "8.0"), "TAL"),
    ],
)
def test_a_difference_is_told_from_the_side_that_has_more(row, numbers, who):
    marked = spans(("0-leader", "insight", 0))
    said = prose.what_moved(marked, diary(BOOTSTRAP_TANDEMS), contrast(row), SIDES, "en")
    ratio, low, high = numbers
    values = {"marker": "insight", "ratio": ratio, "low": low, "high": high}
    assert said.endswith(label("en", "say.shift_differs", side=who, **values))


def test_an_empty_side_gives_no_division_by_zero():
    row = ("insight", 0.0, 0.0, 0.4, "talent")
    marked = spans(("0-talent", "insight", 0))
    said = prose.what_moved(marked, diary(BOOTSTRAP_TANDEMS), contrast(row), SIDES, "en")
    assert "∞" in said


def around(*rows: tuple) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["event_kind", "side", "entries", "entries_with"])
    return table.assign(share=table["entries_with"] / table["entries"])


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ([("none", "leader", 10, 5)], label("en", "say.events_none")),
        ([("kickoff", "leader", 4, 4), ("none", "leader", 10, 5)], label("en", "say.events_flat")),
        ([("kickoff", "leader", 5, 2), ("none", "leader", 10, 5)], label("en", "say.events_flat")),
        ([("kickoff", "leader", 5, 4), ("none", "leader", 10, 5)], "4 of 5 entries"),
        ([("kickoff", "leader", 5, 5)], label("en", "say.events_flat")),
    ],
)
def test_an_occasion_is_named_only_with_enough_entries_and_above_the_base(rows, part):
    assert part in prose.around_which_event(around(*rows), SIDES, "en")


def flow(received_by_leader: int, received_by_talent: int, tandems: int = 5) -> pd.DataFrame:
    sides = ["leader"] * received_by_leader + ["talent"] * received_by_talent
    table = pd.DataFrame({"learner_side": sides, "writer_side": sides}, dtype="str")
    return table.assign(tandem_id=[f"T{i % tandems}" for i in range(len(sides))], marker="learning")


def counts(hits: int) -> pd.DataFrame:
    row = ("learning", "talent", "leader", "learner", hits, 1)
    names = ["marker", "teacher_side", "learner_side", "told_by", "hits", "tandems"]
    return pd.DataFrame([row], columns=names)


def test_no_learning_is_said_as_such():
    said = prose.who_from_whom(counts(0), flow(0, 0), SIDES, "en")
    assert said == label("en", "say.flow_none")


def weighed(verdict: str, with_hits: int = 12) -> pd.DataFrame:
    row = {"tandem_id": "", "tandems": 12, "first_hits": 20, "second_hits": 2, "first_rate": 2.0}
    row |= {"second_rate": 0.2, "balance": 0.818, "low": -0.5, "high": 0.95, "reason": ""}
    return pd.DataFrame([row | {"with_hits": with_hits, "verdict": verdict}])


@pytest.mark.parametrize(
    ("verdict", "key", "about"),
    [
        ("leader", "leans", {"side": "LEAD"}),
        ("talent", "leans", {"side": "TAL"}),
        ("none", "even", {}),
        ("described", "described", {"tandems": 12}),
        ("too_few", "described", {"tandems": 12}),
    ],
)
def test_exchange_leans_only_where_the_test_says_so(verdict, key, about):
    balance = weighed(verdict)
    said = prose.who_from_whom(counts(20), flow(20, 2), SIDES, "en", None, balance)
    rates = {"first_side": "LEAD", "second_side": "TAL", "first": "2.00", "second": "0.20"}
    assert label("en", "say.flow_rates", **rates) in said
    bounds = {} if key == "described" else {"balance": "0.82", "low": "−0.50", "high": "0.95"}
    assert said.endswith(label("en", f"say.flow_{key}", **about, **bounds))


def test_few_tandems_are_not_weighed_against_each_other():
    balance = weighed("leader", with_hits=4)
    said = prose.who_from_whom(counts(20), flow(20, 2, tandems=4), SIDES, "en", None, balance)
    assert said.endswith(label("en", "say.flow_few", tandems=4))


@pytest.mark.parametrize(
    ("both", "kind", "said"),
    [
        (
            True,
            "kickoff",
            "**A, around 3 March 2025** (kick-off): insight and learning, told by both sides",
        ),
        (False, "none", "**A, around 3 March 2025** (away from events): insight and learning"),
        (False, "tea_party", "**A, around 3 March 2025** (tea party): insight and learning"),
    ],
)
def test_a_moment_in_a_line(both, kind, said):
    moment = {"tandem_id": "A", "date": pd.Timestamp("2025-03-03"), "event_kind": kind}
    moment |= {"markers": "insight,learning", "both_sides": both}
    assert prose.moment_heading(moment, "en") == said


def test_moments_are_counted():
    found = pd.DataFrame({"both_sides": [True, False, True]})
    assert prose.which_moments(found, "en") == label("en", "say.moments", number="3", both="2")
    assert prose.which_moments(found.head(0), "en") == label("en", "say.moments_none")


def test_outcomes_are_listed_most_frequent_first():
    table = pd.DataFrame(
        {"side": ["talent"] * 3 + ["leader"], "kind": ["skill", "network", "network", "skill"]}
    )
    said = prose.what_came(table, SIDES, "en")
    assert said.startswith("4 outcomes")
    assert said.index("LEAD") < said.index("TAL")
    assert said.index("2\u00a0× ") < said.index("1\u00a0× ", said.index("TAL"))
    assert prose.what_came(table.head(0), SIDES, "en") == label("en", "say.outcomes_none")


def topics(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["topic", "label", "stable", "stability"])


def prevalence(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["side", "topic", "share", "low", "high"])


TWO_TOPICS = topics((-1, "rest", False, 0.1), (0, "tea", True, 0.9), (1, "rain", False, 0.2))


@pytest.mark.parametrize(
    ("talent", "part"),
    [
        ((0.10, 0.05, 0.15), "tea (LEAD 50%, TAL 10%)"),
        ((0.45, 0.35, 0.55), label("en", "say.topics_alike")),
        ((0.10, None, None), label("en", "say.topics_no_interval", minimum=BOOTSTRAP_TANDEMS)),
    ],
)
def test_topics_differ_only_where_intervals_lie_apart(talent, part):
    table = prevalence(
        ("leader", 0, 0.50, 0.40, 0.60),
        ("talent", 0, *talent),
        ("leader", 1, 0.90, 0.80, 0.95),
        ("talent", 1, 0.10, 0.05, 0.15),
    )
    said = prose.what_about(TWO_TOPICS, table, SIDES, "en")
    assert part in said
    # An unstable topic is never spoken of, the rest never counted.
    assert "rain" not in said and "rest" not in said
    assert said.startswith("2 topics")


def test_without_a_stable_topic_nothing_is_named():
    unstable = TWO_TOPICS.assign(stable=False)
    said = prose.what_about(unstable, prevalence(("leader", 0, 0.5, 0.4, 0.6)), SIDES, "en")
    assert "tea" not in said


@pytest.mark.parametrize("language", ["de", "en"])
def test_limits_depend_on_the_corpus(tiny, build_corpus, language):
    corpus = Corpus.load(tiny)
    held = {"consent": 2, "entry": 0, "quotation": 1}
    every = prose.limits(corpus, language, withheld=held)
    assert all(line.startswith("- ") for line in every.splitlines())
    last = every.splitlines()[-1]
    assert all(number in last for number in "321") and "0" not in last
    assert len(prose.limits(corpus, language, withheld=dict.fromkeys(held, 0)).splitlines()) == (
        len(every.splitlines()) - 1
    )
    assert "\n" not in prose.limits(corpus, language, withheld=held, shortest=True)
    uncoded = Corpus.load(build_corpus("uncoded", codes=None))
    assert prose.limits(uncoded, language, withheld=held) != every


@pytest.mark.parametrize(
    ("hits", "key", "number"),
    [
        ([], "say.portrait_none", ""),
        ([("e1", "insight", 0)], "say.portrait_few", "1"),
        (
            [("e1", "insight", 0), ("e1", "learning", 0), ("e2", "insight", 0)],
            "say.portrait_few",
            "2",
        ),
        (
            [("e1", "insight", 0), ("e1", "insight", 5), ("e2", "insight", 0)],
            "say.portrait_shift",
            "3",
        ),
        ([("e1", "advice", start) for start in range(5)], "say.portrait_none", ""),
    ],
)
def test_a_portrait_claims_no_more_than_it_found(tiny, hits, key, number):
    pair = Corpus.load(tiny).filter(tandems=["A"])
    values = {"first": "2", "second": "1", "first_side": "LEAD", "second_side": "TAL"}
    assert label("en", key, hits=number, **values) in prose.portrait(
        pair, spans(*hits), SIDES, "en"
    )


def test_a_tandem_of_one_writer_has_a_portrait(tiny):
    pair = Corpus.load(tiny).filter(participants=["A-L"])
    said = prose.portrait(pair, spans(), SIDES, "en")
    assert "LEAD" in said and "TAL" in said
    assert "nan" not in said


def test_a_tandem_that_wrote_nothing_has_a_portrait(build_corpus):
    silent = build_corpus(
        entries="entry_id,participant_id,date,text,language\ne3,B-L,2025-04-14,Tee.,de\n",
        codes=None,
    )
    pair = Corpus.load(silent).filter(tandems=["A"])
    said = prose.portrait(pair, spans(), SIDES, "en")
    assert "nan" not in said.lower()


@pytest.mark.parametrize(
    ("p", "p_shifted", "keys"),
    [
        (0.001, 0.01, ["exchange_met", "exchange_order"]),
        (0.001, 0.4, ["exchange_met", "exchange_no_order"]),
        (0.3, 0.01, ["exchange_chance"]),
        (float("nan"), float("nan"), ["exchange_few"]),
    ],
)
def test_topics_pass_only_as_far_as_both_nulls_allow(p, p_shifted, keys):
    names = ["raised_by", "taken_up_by", "share", "expected", "p", "shifted", "p_shifted"]
    row = pd.DataFrame([("leader", "talent", 0.45, 0.1, p, 0.3, p_shifted)], columns=names)
    text = prose.topics_passed(row, {"leader": "leader", "talent": "talent"}, "en")
    values = {"p": "0.001" if p < 0.01 else "0.300", "shifted": "30%"}
    for key in keys:
        assert label("en", f"say.{key}", **values) in text


def test_topics_take_entries_with_words():
    empty = pd.DataFrame({"text": ["Es war so."] * 20, "language": "de"})
    assert not prose.enough_for_topics(empty)
    worded = empty.assign(text=["Der Garten blüht."] * 15 + ["Es war so."] * 5)
    assert prose.enough_for_topics(worded)
    assert not prose.enough_for_topics(worded.iloc[1:])
