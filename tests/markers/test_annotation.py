"""Markers of hand-sized entries: gates, direction, spans, table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from reflect import annotate
from reflect.errors import ReflectError
from reflect.markers.annotation import COLUMNS
from reflect.markers.codebook import builtin
from reflect.markers.engine import Engine

DATA = Path(__file__).parents[1] / "data" / "markers"


def _annotate(text: str, language: str = "de", **more: str) -> pd.DataFrame:
    row = {"entry_id": "e", "text": text, "language": language, **more}
    return annotate(pd.DataFrame([row]), gated=True)


def _gate(text: str, marker: str, language: str = "de") -> str | None:
    found = _annotate(text, language)
    own = found[found["marker"] == marker]
    return own["gate"].iloc[0] if len(own) else None


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [
        ("Von ihm habe ich gelernt, Pausen auszuhalten.", "de", "from_partner"),
        ("Von [PERSON_2] habe ich gelernt, Pausen auszuhalten.", "de", "from_partner"),
        ("Von meiner Chefin habe ich gelernt, Pausen auszuhalten.", "de", "from_other"),
        ("Er hat von mir gelernt, Nein zu sagen.", "de", "to_partner"),
        ("Wir haben viel voneinander gelernt.", "de", "mutual"),
        ("Heute habe ich gelernt, dass Schweigen kein Nein ist.", "de", "unspecified"),
        ("I learned from her that silence is not a no.", "en", "from_partner"),
        ("He learned from me to say no.", "en", "to_partner"),
        ("We have learned a lot from each other.", "en", "mutual"),
        ("Mir hat er gezeigt, wie man verhandelt, und jetzt kann ich es.", "de", "from_partner"),
        ("Ich habe ihr beigebracht, wie man eine Agenda schreibt.", "de", "to_partner"),
        ("Er lernt von mir, ich lerne von ihm.", "de", "mutual"),
        ("Im Workshop habe ich gelernt, wie man Feedback gibt.", "de", "from_other"),
        ("He taught me to slow down and I taught him to speak up.", "en", "mutual"),
        ("Thanks to him I now know how to read a budget.", "en", "from_partner"),
    ],
)
def test_learning_says_from_whom_to_whom(text: str, language: str, direction: str) -> None:
    found = _annotate(text, language)
    counted = found[(found["marker"] == "learning") & (found["gate"] == "")]
    assert counted["direction"].tolist() == [direction]


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [
        ("Sie riet mir, zuerst zuzuhören.", "de", "received"),
        ("Ich habe ihr geraten, das Angebot abzulehnen.", "de", "given"),
        ("I gave him feedback on his talk.", "en", "given"),
        ("She advised me to listen first.", "en", "received"),
        ("Ich habe ihm ein ehrliches Feedback gegeben.", "de", "given"),
        ("Meine Schwester riet mir, zuerst zuzuhören.", "de", "received_other"),
        ("My sister advised me to listen first.", "en", "received_other"),
    ],
)
def test_advice_says_given_or_received(text: str, language: str, direction: str) -> None:
    found = _annotate(text, language)
    counted = found[(found["marker"] == "advice") & (found["gate"] == "")]
    assert counted["direction"].tolist() == [direction]


def test_a_pronoun_means_the_third_party_named_before() -> None:
    text = "Meine Lehrerin kam vorbei. Von ihr habe ich gelernt, Pausen auszuhalten."
    found = _annotate(text)
    assert found.loc[found["marker"] == "learning", "direction"].tolist() == ["from_other"]


def test_a_rule_of_ones_own_keeps_its_direction(tmp_path: Path) -> None:
    book = tmp_path / "own.de.yml"
    book.write_text(
        "language: de\nrules:\n"
        "  - {id: learning.own, pattern: 'ich & abgelauscht', direction: to_partner,\n"
        "     fires: 'Ich habe ihm das abgelauscht.', silent: 'Ich habe gelauscht.'}\n",
        encoding="utf-8",
    )
    text = "Von ihm habe ich abgelauscht, wie man wartet."
    entry = pd.DataFrame([{"entry_id": "e", "text": text, "language": "de"}])
    found = annotate(entry, codebook=book, gated=True)
    own = found[found["rule"] == "learning.own"]
    assert own["direction"].tolist() == ["to_partner"]


def test_a_foreign_placeholder_is_not_the_partner() -> None:
    text = "Von [PERSON_5] habe ich gelernt, Pausen auszuhalten."
    found = _annotate(text, partner_placeholder="[PERSON_2]")
    assert found.loc[found["marker"] == "learning", "direction"].tolist() == ["from_other"]


@pytest.mark.parametrize(
    ("text", "marker", "language", "gate"),
    [
        ("Klar geworden ist mir das nicht.", "insight", "de", "negated"),
        ("Was habe ich heute gelernt?", "learning", "de", "question"),
        ("„Ich habe heute viel gelernt“, sagte sie.", "learning", "de", "quoted"),
        ("Sie sagt, dass ich viel gelernt habe.", "learning", "de", "reported"),
        ("Wenn ich von ihm gelernt hätte, wäre ich klüger.", "learning", "de", "irrealis"),
        ("Meine Meinung habe ich nicht geändert.", "revision", "de", "negated"),
        ("Hoffentlich habe ich mit anderen Augen gesehen.", "revision", "de", "irrealis"),
        ("Hopefully I will ask more questions next time.", "commitment", "en", "irrealis"),
        ("Had I passed, I would have been proud of myself.", "self_efficacy", "en", "irrealis"),
        ("Never before had I felt so proud of my own work.", "self_efficacy", "en", ""),
        ("If we both had a dog we'd have something in common.", "commonality", "en", "irrealis"),
        ("Wäre sie meine Tochter, hätte ich Angst um sie.", "difficulty", "de", "irrealis"),
        ("I wouldn't call us alike, we have the bus in common.", "commonality", "en", "negated"),
        ("There was no misunderstanding between us.", "difficulty", "en", "negated"),
        ("According to her brother, all managers are actors.", "generalization", "en", "reported"),
        ("The trainer claims that managers never change.", "generalization", "en", "reported"),
        ("Engineers don't say sorry, they send a drawing.", "generalization", "en", ""),
        ("Er behauptet, alle Deutschen seien kalt.", "generalization", "de", "reported"),
        ("Die Zentrale nannte die Brücke einen Wendepunkt.", "key_moment", "de", "reported"),
        ("I haven't changed my mind.", "revision", "en", "negated"),
        ("Ihm ist klar geworden, dass er gehen muss.", "insight", "de", "other_subject"),
        ("She realised how much courage that takes.", "insight", "en", "other_subject"),
    ],
)
def test_gates_keep_the_hit_with_its_reason(
    text: str, marker: str, language: str, gate: str
) -> None:
    assert _gate(text, marker, language) == gate


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("Ich habe seine Frau auf dem Fest kennengelernt.", "learning"),
        ("Ich bin in einen Stau geraten.", "advice"),
        ("Ich habe gemerkt, dass es regnet.", "insight"),
        ("Früher wohnte ich in Kassel, heute in Bonn.", "revision"),
    ],
)
def test_look_alikes_do_not_count(text: str, marker: str) -> None:
    assert _gate(text, marker) != ""


def test_nicht_nur_is_no_negation() -> None:
    text = "Ich habe nicht nur gelernt, dass Schweigen kein Nein ist."
    assert _gate(text, "learning") == ""


@pytest.mark.parametrize(
    "text",
    [
        "ich habe gelernt das man nicht immer ja sagen muss",
        "Frueher dachte ich anders darueber, heute sehe ich das anders.",
        "Mir ist klar geworden dass er Zeit braucht",
    ],
)
def test_learner_spellings_are_read(text: str) -> None:
    assert (_annotate(text)["gate"] == "").any()


def test_span_is_the_sentence_and_content_what_was_learned() -> None:
    text = "Es regnete. Heute habe ich gelernt, dass Schweigen kein Nein ist."
    found = _annotate(text).query("marker == 'learning' and gate == ''").iloc[0]
    assert text[found.start : found.end] == found.text == text[12:]
    assert text[found.content_start : found.content_end].startswith("dass Schweigen")


def test_a_prompt_copied_into_the_entry_does_not_count() -> None:
    prompt = "Das habe ich heute gelernt:"
    found = _annotate(f"{prompt}\nEs regnete.", prompt=prompt)
    assert (found.loc[found["marker"] == "learning", "gate"] != "").all()


def test_default_returns_only_counted_hits_and_leaves_the_table_alone() -> None:
    table = pd.DataFrame({"entry_id": ["e"], "text": ["Klar ist mir das nicht geworden."]})
    before = table.copy()
    found = annotate(table.assign(language="de"))
    assert tuple(found.columns) == COLUMNS
    assert (found["gate"] == "").all()
    pd.testing.assert_frame_equal(table, before)


def test_no_entries_give_an_empty_table_with_all_columns() -> None:
    found = annotate(pd.DataFrame({"entry_id": ["e"], "text": [""], "language": ["de"]}))
    assert len(found) == 0 and tuple(found.columns) == COLUMNS


def test_missing_column_is_named_without_diary_text() -> None:
    with pytest.raises(ReflectError, match="lack the column text"):
        annotate(pd.DataFrame({"entry_id": ["e"]}))


def test_an_entry_is_coded_the_same_alone_and_among_others() -> None:
    texts = ["Von ihr habe ich gelernt, Nein zu sagen.", "Es regnete.", "Ich war baff."]
    table = pd.DataFrame({"entry_id": list("abc"), "text": texts, "language": "de"})
    together = annotate(table)
    alone = pd.concat([annotate(table[table["entry_id"] == e]) for e in "abc"], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)


DIARY = {
    "de": "Wir trafen uns um drei am Bahnhof. Es regnete. {} Danach gingen wir zum Bus.",
    "en": "We met at three at the station. It rained. {} Then we walked to the bus.",
}


@pytest.mark.parametrize(
    ("text", "language", "marker"),
    [
        ("Mir ist klar geworden, dass sie seit Monaten allein ist.", "de", "insight"),
        ("Von [PERSON_2] habe ich gelernt, dass man nachfragen darf.", "de", "learning"),
        ("Das habe ich mir bei [PERSON_2] abgeschaut.", "de", "learning"),
        ("Diesen Abend werde ich nie vergessen.", "de", "key_moment"),
        ("Beim nächsten Mal will ich zuerst zuhören.", "de", "commitment"),
        ("Ich habe ihm geraten, nachzufragen.", "de", "advice"),
        ("Ich habe mich in ihm geirrt.", "de", "revision"),
        (
            "I used to think they never listen, now I see how busy they are.",
            "en",
            "revision",
        ),
        ("I learned from [PERSON_2] how to ask.", "en", "learning"),
        ("I will never forget this evening.", "en", "key_moment"),
        ("Next time I will listen first.", "en", "commitment"),
    ],
)
def test_explicit_cues_count_in_running_text(text: str, language: str, marker: str) -> None:
    found = _annotate(DIARY[language].format(text), language)
    counted = found[found["gate"] == ""]
    assert (marker, text) in list(zip(counted["marker"], counted["text"], strict=True))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sie kam aus der Küche und ich stellte die Stühle hin.", "de"),
        ("Er hat mich gefragt, ob ich Samstag komme.", "de"),
        ("Bei uns gibt es freitags Fisch, er isst Nudeln.", "de"),
        ("He had his coat on while I was looking for my bag.", "en"),
        ("I sent her a picture of the garden.", "en"),
    ],
)
def test_plain_narration_carries_no_marker(text: str, language: str) -> None:
    found = _annotate(DIARY[language].format(text), language)
    assert (found["gate"] != "").all()


def test_length_of_the_entry_decides_what_the_model_alone_may_add() -> None:
    text = "Wir mögen beide keine langen Reden."
    alone, diary = _annotate(text), _annotate(DIARY["de"].format(text))
    assert (alone["gate"] == "").any()
    assert (diary["gate"] != "").all()


@pytest.mark.parametrize(
    ("text", "marker", "language"),
    [
        ("I advised her to ask whether she could start earlier.", "advice", "en"),
        ("He asked if he could sit down, and I realised how tired he was.", "insight", "en"),
        ("It's not that hard: I learned from her that you simply ask.", "learning", "en"),
        ("I'm not saying it was easy, but I learned from her to trust myself.", "learning", "en"),
        ("The evening felt cold because Germans never talk to strangers.", "generalization", "en"),
        ("He called it luck, but for me it was a turning point.", "key_moment", "en"),
        ("According to the plan we met at noon, and I learned from her to rest.", "learning", "en"),
        ("Had my first interview today and I was so proud of myself.", "self_efficacy", "en"),
        ("Ich habe ihr geraten zu fragen, ob sie früher gehen könnte.", "advice", "de"),
        ("Weit weg von zu Hause habe ich gelernt, mir selbst zu vertrauen.", "learning", "de"),
        (
            "Er sprach von seiner Flucht, und diesen Satz werde ich nie vergessen.",
            "key_moment",
            "de",
        ),
        ("Es hieß immer, Chefs seien kalt; mir ist klar, dass das nicht stimmt.", "insight", "de"),
        (
            "Hätte ich gefragt, wäre es leichter gewesen: Daraus habe ich viel gelernt.",
            "learning",
            "de",
        ),
    ],
)
def test_a_gate_reaches_no_further_than_the_clause_of_its_cue(
    text: str, marker: str, language: str
) -> None:
    assert _gate(text, marker, language) == ""


def test_a_class_of_school_words_needs_no_register() -> None:
    book = builtin("de")
    engine = Engine(replace(book, words={**book.words, "SCHOOL": ("lehrer", "unterricht")}))
    assert not engine.about_teaching(["Der Lehrer gab Unterricht."])


LESSON = "The teacher told me that I had explained it too fast."


def test_the_register_is_that_of_all_texts():
    school = pd.read_csv(DATA / "school.csv").head(60)
    diary = pd.read_csv(DATA / "running.csv", keep_default_na=False)
    diary = diary[diary["language"] == "en"].head(60)
    engine = Engine(builtin("en"))
    assert engine.about_teaching(school["text"].tolist())
    assert not engine.about_teaching([*diary["text"], LESSON])
    assert not Engine(builtin("de")).about_teaching(school["text"].tolist())
    found = {}
    for name, texts in (("school", school["text"]), ("diary", diary["text"])):
        entries = pd.DataFrame({"text": [LESSON, *texts], "language": "en"})
        table = annotate(entries.rename_axis("entry_id").reset_index())
        found[name] = table.loc[table["entry_id"] == 0, "marker"].tolist()
    assert "perspective_taking" in found["school"]
    assert "perspective_taking" not in found["diary"]
