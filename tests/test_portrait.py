"""A tandem in words: both sides, the right directions, dates from the record."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import reflect
from reflect.anonymity.gate import mark
from reflect.evidence import evidence
from reflect.labels import label
from reflect.overview import record
from reflect.portrait import portrait

DEMO = Path(__file__).parents[1] / "corpora" / "mentor-mentor-demo"
SIDES = {"leader": "leader", "talent": "newcomer"}


def told(tandem: str, language: str = "en") -> str:
    pair = reflect.Corpus.load(DEMO).filter(tandems=[tandem])
    return portrait(pair, reflect.annotate(pair.diary()), SIDES, language)


def test_t01_tells_visits_evening_offers_and_gains_of_both_with_dates():
    said = told("T01")
    assert "day at the company (3 April 2025)" in said
    assert "visit to the class (29 April 2025)" in said
    assert "evening event (8 May 2025)" in said
    leader, newcomer = (line for line in said.splitlines() if line.startswith("- **"))
    assert leader.startswith(
        "- **Leader:** 2\u00a0× changed perspective (30 April 2025 and 9 May 2025)"
    )
    assert "3\u00a0× training or job offer (24 April 2025, 6 May 2025 and 15 May 2025)" in newcomer
    assert "new skill (5 May 2025)" in newcomer and "job offer" not in leader
    assert (
        "The leader side says in 1 sentence that it learned or took advice from the newcomer"
        in said
    )
    # He explained to the newcomer how many refusals are usual, on a napkin.
    assert "and the newcomer side in 1 that it did from the leader side." in said


def test_what_both_sides_received_is_told_of_both():
    pair = reflect.Corpus.load(DEMO).filter(tandems=["T01"])
    spans = reflect.annotate(pair.diary())
    one = spans[spans["entry_id"].str.startswith("T01-T")].head(1)
    given = one.assign(marker="advice", direction="received")
    said = portrait(pair, pd.concat([spans, given], ignore_index=True), SIDES, "en")
    assert (
        "The leader side says in 1 sentence that it learned or took advice from the newcomer"
        in said
    )
    assert "and the newcomer side in 2 that it did from the leader side." in said


def test_the_side_in_whose_diary_nothing_was_received_is_named():
    pair = reflect.Corpus.load(DEMO).filter(tandems=["T01"])
    spans = reflect.annotate(pair.diary())
    leader = spans[spans["entry_id"].str.startswith("T01-L")]
    said = portrait(pair, leader, SIDES, "en")
    assert (
        "The leader side says in 1 sentence that it learned or took advice from the newcomer"
        in said
    )
    assert "in the other diary no such sentence was found" in said


def test_a_tandem_without_a_shift_says_so():
    pair = reflect.Corpus.load(DEMO).filter(tandems=["T12"])
    none = reflect.annotate(pair.diary()).head(0)
    said = portrait(pair, none, SIDES, "en")
    assert label("en", "say.portrait_none") in said
    assert label("en", "say.portrait_flow_none") in said
    assert "perspective shifted" not in said


def test_a_tandem_without_a_record_has_neither_events_nor_outcomes():
    pair = reflect.Corpus.load(DEMO).filter(tandems=["T01"])
    bare = replace(pair, events=pair.events[:0], outcomes=pair.outcomes[:0])
    said = portrait(bare, reflect.annotate(bare.diary()), SIDES, "en")
    assert "\n" not in said
    assert label("en", "say.portrait_outcomes_head") not in said


def test_a_side_without_an_outcome_is_named_too():
    pair = reflect.Corpus.load(DEMO).filter(tandems=["T01"])
    own = pair.outcomes[pair.outcomes["participant_id"] == "T01-L"]
    said = portrait(replace(pair, outcomes=own), reflect.annotate(pair.diary()), SIDES, "en")
    assert label("en", "say.portrait_outcomes_none", side="Newcomer") in said


@pytest.fixture(scope="module")
def passages_of_t01() -> pd.DataFrame:
    """By item and side; nothing is withheld, so that only the choice is tested."""
    pair = reflect.Corpus.load(DEMO).filter(tandems=["T01"])
    none = pd.DataFrame(columns=["entry_id", "start", "end", "score", "kind", "field"])
    diary = mark(pair.diary(), none)
    items = record(pair.events, pair.outcomes, pair.participants)
    spans = reflect.annotate(diary, gated=True)
    likely = spans[spans["gate"].isin(["", "unlikely"])]
    return evidence(items, diary, likely).set_index(["item_id", "side"])["text"]


@pytest.mark.parametrize(
    ("item", "side", "said"),
    [
        ("T01-E02", "talent", "25 Minuten."),
        ("T01-E04", "talent", "das Du gegeben"),
        ("T01-O01", "talent", "Ein Manager ist ein ganz normaler Mensch"),
        ("T01-O02", "talent", "Sie haben angerufen!"),
        ("T01-O02", "leader", "hat ihm einen Ausbildungsplatz angeboten"),
        ("T01-E08", "talent", "in meiner Klasse"),
        ("T01-O09", "leader", "Den Satz sage ich so nicht mehr."),
        ("T01-O03", "talent", "zum ersten Mal mein Programm"),
        ("T01-O04", "talent", "Zwei!!!"),
        ("T01-E09", "leader", "Dreihundert Gäste bei der Preisverleihung"),
        ("T01-E09", "talent", "auf die Bühne für den Preis"),
        ("T01-O06", "talent", "19 Leute haben jetzt meine Nummer"),
        ("T01-O10", "leader", "Das ist offenbar ein Handwerk"),
        ("T01-O11", "leader", "Selbstversuch."),
        ("T01-O12", "leader", "Wir verlangen von Auszubildenden kein Anschreiben mehr"),
        ("T01-O12", "talent", "braucht man jetzt kein Anschreiben mehr"),
        ("T01-O07", "talent", "Drei Firmen wollen mich."),
        ("T01-O07", "leader", "Das dritte Angebot"),
        ("T01-O13", "leader", "Vierzehn Laptops"),
        ("T01-E10", "talent", "eine Tabelle dabei"),
        ("T01-O08", "talent", "habe ich zugesagt"),
        ("T01-E11", "talent", "Gestern Abschluss"),
    ],
)
def test_what_happened_in_t01_is_told_by_the_passages_that_tell_it(
    passages_of_t01, item, side, said
):
    assert said in passages_of_t01[item, side]


def test_of_the_second_offer_to_t01_the_leader_side_wrote_nothing(passages_of_t01):
    assert ("T01-O04", "leader") not in passages_of_t01.index
