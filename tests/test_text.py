from __future__ import annotations

import pandas as pd
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from reflect import text as module
from reflect.doc_cache import DocCache
from reflect.errors import ReflectError
from reflect.text import detect_languages, iter_docs, parse, pipeline, sentences, tokens


def entries(*texts: str, language: str | None = "de") -> pd.DataFrame:
    table = pd.DataFrame({"entry_id": [f"E{n}" for n in range(len(texts))], "text": list(texts)})
    return table if language is None else table.assign(language=language)


def test_languages():
    texts = [
        "Heute war ich bei ihr im Büro und habe viel gelernt.",
        "Today I visited her at the office and learned a lot.",
        "Danach haben wir zusammen gegessen und viel gelacht.",
        "Ok",
        "",
        "😊 [PERSON_2]",
    ]
    assert detect_languages(texts) == ["de", "en", "de", "de", "de", "de"]


def test_short_text_alone_gets_a_guess():
    assert detect_languages(["Das ist gut"]) == ["de"]
    assert detect_languages(["", "..."], ("en", "de")) == ["en", "en"]
    assert detect_languages([]) == []


def test_language_is_one_of_those_asked():
    assert detect_languages(["Il fait beau et nous allons à la mer."], ("fr", "en")) == ["fr"]
    assert detect_languages(["Today I learned a lot."], ["de"]) == ["de"]


def test_unknown_languages():
    with pytest.raises(ReflectError, match="use ISO 639-1 codes"):
        detect_languages(["a"], ("de", "qq"))
    with pytest.raises(ReflectError, match="at least one"):
        detect_languages(["a"], ())


def test_pipeline_errors():
    with pytest.raises(ReflectError, match="use 'de' or 'en'"):
        pipeline("fr")
    with pytest.raises(ReflectError, match="spacy download"):
        pipeline("de", "no_such_model")


def test_order_and_identity():
    table = entries("Ich bin da.", "I am here.", "Wir gehen.").assign(language=["de", "en", "de"])
    before = table.copy(deep=True)
    docs = parse(table)
    assert [doc.user_data["entry_id"] for doc in docs] == ["E0", "E1", "E2"]
    assert [doc.lang_ for doc in docs] == ["de", "en", "de"]
    assert [doc.text for doc in docs] == table["text"].tolist()
    pd.testing.assert_frame_equal(table, before)


def test_missing_language_is_detected():
    table = entries("Ich habe heute viel von ihr gelernt.", "I learned a lot from her today.")
    assert [doc.lang_ for doc in parse(table.drop(columns="language"))] == ["de", "en"]
    partly = table.assign(language=["en", None])
    assert [doc.lang_ for doc in parse(partly)] == ["en", "en"]


def test_stream_reads_in_batches():
    table = entries(*(f"Tag {n}." for n in range(7)))
    streamed = [doc.text for doc in iter_docs(table, batch_size=3)]
    assert streamed == table["text"].tolist()


def test_column_errors_carry_no_text():
    with pytest.raises(ReflectError, match="lack the column text"):
        parse(pd.DataFrame({"entry_id": ["E1"]}))
    with pytest.raises(ReflectError, match="entry 2 of the table has no text"):
        parse(pd.DataFrame({"entry_id": ["E1", "E2"], "text": ["geheim", None]}))


def test_sentence_table():
    table = sentences(parse(entries("  Ich kam.\n\nEr ging. ", "", " ", "Ja")))
    assert table.to_dict("list") == {
        "entry_id": ["E0", "E0", "E3"],
        "sentence": [0, 1, 0],
        "start": [2, 12, 0],
        "end": [10, 20, 2],
        "text": ["Ich kam.", "Er ging.", "Ja"],
    }


def test_token_table():
    table = tokens(parse(entries("Waren 3 Mentor*innen bei [PERSON_2]? :D\n\nJa.")))
    assert table["text"].tolist() == [
        "Waren", "3", "Mentor*innen", "bei", "[PERSON_2]", "?", ":D", "Ja", ".",
    ]  # fmt: skip
    assert table["kind"].tolist() == [
        "word", "number", "word", "word", "placeholder", "punct", "punct", "word", "punct",
    ]  # fmt: skip
    assert table["lemma"].tolist()[:5] == ["sein", "3", "Mentor", "bei", "[PERSON_2]"]
    assert table["sentence"].tolist() == [0] * 7 + [1] * 2
    assert table["token"].tolist() == list(range(9))


def test_empty_tables_keep_columns_and_types():
    assert sentences([]).columns.tolist() == ["entry_id", "sentence", "start", "end", "text"]
    assert tokens([]).dtypes["start"] == "int64"
    assert parse(entries().astype({"text": "str"})) == []


ALPHABET = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from(list(".!?…\n\r\t „“»«\"':;)([]-–*_3aBüI😊\u200d\u0301\u200b\ufeff")),
)


@settings(max_examples=60, deadline=None)
@given(st.text(ALPHABET, max_size=80), st.sampled_from(["de", "en"]))
def test_offsets_are_exact(text, language):
    docs = parse(entries(text, language=language))
    assert docs[0].text == text
    found, words = sentences(docs), tokens(docs)
    for table in (found, words):
        assert [text[a:b] for a, b in zip(table["start"], table["end"], strict=True)] == table[
            "text"
        ].tolist()
        assert (table["start"] < table["end"]).all()
        assert (table["start"].iloc[1:].to_numpy() >= table["end"].iloc[:-1].to_numpy()).all()
    bounds = found.set_index("sentence")
    for row in words.itertuples():
        assert bounds.loc[row.sentence, "start"] <= row.start
        assert row.end <= bounds.loc[row.sentence, "end"]


@pytest.fixture
def trained(tmp_path):
    """A pipeline with a part, saved to a folder: stands for an installed trained one."""
    nlp = spacy.blank("de")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "TEAM", "pattern": "Tandem"}])
    nlp.meta["name"] = "hand"
    folder = tmp_path / "model"
    nlp.to_disk(folder)
    return folder


def test_trained_pipeline_gets_our_rules(trained):
    nlp = pipeline("de", trained)
    doc = nlp("ich sah ein Tandem. dann kamen Mentor*innen.")
    assert [span.text for span in doc.sents] == ["ich sah ein Tandem.", "dann kamen Mentor*innen."]
    assert [span.label_ for span in doc.ents] == ["TEAM"]
    with pytest.raises(ReflectError, match="is for 'de', not 'en'"):
        pipeline("en", trained)


def test_cache(trained, tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    table = entries("Ein Tandem. dann ging ich.", "Er kam.")
    models = {"de": trained}
    first = parse(table, models=models, cache=folder)
    assert (folder / ".gitignore").read_text() == "*\n"
    files = sorted(folder.rglob("*.spacy"))
    assert len(files) == 2 and not list(folder.rglob("*.part"))
    files[0].write_bytes(b"damaged")
    parsed: list[str] = []
    pipe = Language.pipe

    def spy(self, texts, **options):
        texts = list(texts)
        parsed.extend(texts)
        return pipe(self, texts, **options)

    monkeypatch.setattr(Language, "pipe", spy)
    again = parse(table.assign(entry_id=["X", "Y"]), models=models, cache=folder)
    assert len(parsed) == 1
    assert [doc.user_data["entry_id"] for doc in again] == ["X", "Y"]
    assert [[s.text for s in doc.sents] for doc in again] == [
        [s.text for s in d.sents] for d in first
    ]
    assert [[e.label_ for e in doc.ents] for doc in again] == [["TEAM"], []]
    assert files[0].read_bytes() != b"damaged"


def test_blank_pipelines_are_not_cached(tmp_path):
    parse(entries("Er kam."), cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_cache_key_names_text_and_pipeline(trained, tmp_path):
    store = DocCache(tmp_path / "cache", pipeline("de", trained))
    other = DocCache(tmp_path / "cache", pipeline("en"))
    store.put(pipeline("de", trained)("Er kam."))
    assert store.get("Er kam.").text == "Er kam."
    assert store.get("Er ging.") is None
    assert other.get("Er kam.") is None


def test_public_names():
    assert set(module.__all__) == {
        "detect_languages", "iter_docs", "lemmas", "parse", "pipeline", "sentences", "stop_words",
        "tokens",
    }  # fmt: skip
