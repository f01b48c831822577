"""The audit as a whole."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflect.anonymity.audit import COLUMNS, audit
from reflect.anonymity.facts import job_titles, small_groups
from reflect.anonymity.found import Found, resolve
from reflect.anonymity.lists import compound, flags, signature
from reflect.anonymity.words import words
from reflect.corpus import Corpus
from reflect.errors import ReflectError


def table(*texts: str, language: str = "de") -> pd.DataFrame:
    rows = [(f"e{number}", text, language) for number, text in enumerate(texts)]
    return pd.DataFrame(rows, columns=["entry_id", "text", "language"])


def names(*texts: str, language: str = "de", kind: str = "person") -> set[str]:
    found = audit(table(*texts, language=language))
    return set(found.loc[found["kind"] == kind, "text"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Heute hat Olena mir den Plan gezeigt.", "Olena"),
        ("Frau Klein hat uns begrüßt.", "Klein"),
        ("Herr Dr. Winter kam spät.", "Winter"),
        ("Ich war bei Tewodros zu Hause.", "Tewodros"),
        ("Das ist Ivans Heft.", "Ivans"),
        ("Mein Mentor Qurbonali lachte viel.", "Qurbonali"),
        ("Sie heißt Berivan Yıldız.", "Berivan Yıldız"),
        ("Die Kollegin Fr. K. war krank.", "K."),
        ("Karl-Heinz sagte nichts.", "Karl-Heinz"),
        # As learners and dialects write them.
        ("heute war frau vogel da", "vogel"),
        ("Der Amir hat wieder gewonnen.", "Amir"),
        ("Danke für alles! Dein Kjell", "Kjell"),
        ("Gestern kam Þórdís ins Büro.", "Þórdís"),
    ],
)
def test_persons(text: str, name: str) -> None:
    assert any(name in found for found in names(text))


def test_english_persons() -> None:
    texts = "Today Hewan laughed at me. I asked Mr Adeyemi why."
    assert {"Hewan", "Adeyemi"} <= names(texts, language="en")


def test_german_nouns_are_no_persons() -> None:
    text = (
        "Am Vormittag hatte ich eine Besprechung mit der Abteilung. Der Vertrag liegt im Schrank, "
        "und die Teamleitung wartet auf den Bericht. Später Kaffee und ein Gespräch über Arbeit."
    )
    assert names(text) == set()


@pytest.mark.parametrize(
    "text", ["Wir aßen Injera und Byrek.", "Zu Ostern kam Konjunktiv II dran."]
)
def test_dishes_feasts_and_numerals_are_no_persons(text: str) -> None:
    assert names(text) == set()


def test_german_nouns_in_english_diaries_are_no_persons() -> None:
    text = "She said my Bearbeitung is slow and the Fachkraft for Lagerlogistik is a good job."
    assert names(text, language="en") == set()


def test_placeholders_are_never_findings() -> None:
    found = audit(
        table("Mit [PERSON_2] und [PERSON_3]s Bruder in [ORT_1] gewesen, auch [STADT_1].")
    )
    assert found.empty


def test_a_word_used_as_a_name_is_found_where_it_stands_bare() -> None:
    clear = "Herr Fuchs erklärte alles. Mit Herrn Fuchs lernte ich. Herr Fuchs lachte."
    found = audit(table(clear, "Dann fragte Fuchs nach dem Lohn."))
    assert "Fuchs" in set(found.loc[found["entry_id"] == "e1", "text"])


def test_offsets_point_at_the_text_and_columns_are_stable() -> None:
    text = "Gestern traf ich Amina in Graz, Tel. 0664 1234567."
    found = audit(table(text))
    assert list(found.columns) == COLUMNS
    assert all(text[row.start : row.end] == row.text for row in found.itertuples())
    assert {"person", "place", "phone"} <= set(found["kind"])


def test_riskiest_first_and_never_overlapping() -> None:
    found = audit(table("Amina, amina@example.org, Lange Gasse 4, 1080 Wien, Graz, Deutschland"))
    assert found["kind"].iloc[-1] == "place"
    spans = sorted(zip(found["start"], found["end"], strict=True))
    assert all(one[1] <= two[0] for one, two in zip(spans, spans[1:], strict=False))


def test_countries_score_low() -> None:
    found = audit(table("Ich lebe seit drei Jahren in Deutschland."))
    assert (found["score"] < 0.5).all()


def test_same_result_whatever_the_order_of_calls() -> None:
    entries = table("Olena kam.", "Mit Olena in Linz.", "Frau Berger und Tom.")
    pd.testing.assert_frame_equal(audit(entries), audit(entries))


def test_given_names_are_always_found() -> None:
    found = audit(table("Dann kam Sommer und sagte ja."), known=["Sommer"])
    assert ("Sommer", "known") in set(zip(found["text"], found["recogniser"], strict=True))


def test_descriptions_of_events_are_audited(build_corpus) -> None:
    events = "event_id,tandem_id,date,kind,description\nv1,A,2025-03-04,kickoff,Mit Olena Boyko\n"
    found = audit(Corpus.load(build_corpus(events=events)))
    assert ("v1", "events.description") in set(zip(found["entry_id"], found["field"], strict=True))


def test_prompts_and_own_columns_are_audited(build_corpus) -> None:
    entries = (
        "entry_id,participant_id,date,text,language,prompt,source,mood\n"
        "e1,A-L,2025-03-03,Alles ruhig.,de,Was sagte Frau Amiri?,diary of Olena Boyko,5\n"
        "e2,A-T,2025-03-12,Alles ruhig.,de,Was sagte Frau Amiri?,scan 2,4\n"
    )
    people = "participant_id,tandem_id,side,remark\nA-L,A,leader,06641234567\nA-T,A,talent,\n"
    tables = {"entries": entries, "participants": people}
    folder = build_corpus(**tables, events=None, outcomes=None, codes=None)
    found = audit(Corpus.load(folder))
    fields = found.groupby("field")["entry_id"].agg(list).to_dict()
    assert sorted(fields["entries.prompt"]) == ["e1", "e2"]
    assert set(fields) == {"entries.prompt", "entries.source", "participants.remark"}


def test_refuses_what_is_no_table_of_entries() -> None:
    with pytest.raises(ReflectError, match="lack the column text"):
        audit(pd.DataFrame({"entry_id": ["a"]}))
    with pytest.raises(ReflectError, match="has no text"):
        audit(pd.DataFrame({"entry_id": ["a"], "text": [None]}))


def test_empty_table() -> None:
    assert list(audit(table()).columns) == COLUMNS


@pytest.mark.parametrize(
    "text",
    [
        "Er ist der einzige Afghane in der Abteilung.",
        "Sie war die erste Frau im Lager und blieb es.",
        "He is the only Syrian in the team.",
    ],
)
def test_small_groups(text: str) -> None:
    assert [item.kind for item in small_groups(text)] == ["small_group"]


def test_the_only_question_is_no_small_group() -> None:
    assert list(small_groups("Das war die einzige Frage in der Prüfung.")) == []


def test_a_title_that_stands_once_is_found_and_one_that_repeats_is_not() -> None:
    texts = [
        "Der Leiter der Buchhaltung kam.",
        "Die Leiterin der Werkstatt auch.",
        "Der Leiter der Werkstatt blieb.",
    ]
    assert [len(found) for found in job_titles(texts)] == [1, 0, 0]


def test_names_in_other_scripts() -> None:
    assert "Олена" in names("Heute war Олена da.")


def test_resolve_prefers_the_form() -> None:
    one, two = Found(0, 20, "person", 1.0, "a"), Found(5, 12, "email", 0.9, "b")
    assert resolve([one, two]) == [two]


def test_words_come_apart_where_lines_were_lost() -> None:
    assert [w.text for w in words("nach WienIX und MentorInnen")] == [
        "nach",
        "Wien",
        "IX",
        "und",
        "MentorInnen",
    ]


@pytest.mark.parametrize(
    ("word", "letters"),
    [("Olena", "G"), ("Abteilung", "N"), ("Teambesprechung", "C"), ("Qxv", "x")],
)
def test_lists(word: str, letters: str) -> None:
    assert signature(flags(word, "de")) == letters


def test_compounds_are_no_names() -> None:
    assert compound("Bewerbungstraining") and not compound("Kravchenko")


@settings(max_examples=150)
@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_text_is_survived(texts: list[str]) -> None:
    found = audit(table(*texts))
    assert all(
        texts[int(row.entry_id[1:])][row.start : row.end] == row.text for row in found.itertuples()
    )


def test_hostile_texts_take_no_time() -> None:
    hostile = [
        "a" * 20_000,
        "A." * 10_000,
        "1 " * 10_000,
        "@" * 5_000,
        "Aa " * 8_000,
        "(0" * 5_000,
        "www." * 4_000,
        "straße " * 3_000,
        "+43 " * 4_000,
        "\n" * 9_000,
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "\u202eabc\u0000",
        "Ä" * 10_000,
        "geboren " * 3_000,
        "1234567890" * 900,
        "AT61 " * 3_000,
        "Hotel " * 4_000,
    ]
    rng = random.Random(1)
    hostile.append("".join(chr(rng.randrange(32, 0x2FFF)) for _ in range(8_000)))
    assert isinstance(audit(table(*hostile)), pd.DataFrame)


def test_lists_say_where_they_come_from() -> None:
    import reflect

    about = Path(reflect.__file__).parent / "data" / "names" / "README.md"
    assert "CC BY-SA 4.0" in about.read_text("utf-8")
