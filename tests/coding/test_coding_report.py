"""Codes in the report: two coders' files, and the notebook says what each marker is worth."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from coded_texts import build_programme

from reflect import manifest
from reflect.assemble import Document, add_notebook
from reflect.coding import own_model
from reflect.coding.exchange import merge_codes, write_codes
from reflect.coding.intake import learn
from reflect.coding.sample import draw_sample, save_sample
from reflect.corpus import Corpus
from reflect.notebook import find_notebooks, prepare, run

NOTEBOOK = "03_perspective_shift.ipynb"
#: Sentences that the rules know, and one that only people take for a difficulty.
SAID = {
    "insight": "Da wurde mir klar, wie viel hier ohne Worte gilt.",
    "expectation_violation": "Das hätte ich nie erwartet.",
    "commitment": "Beim nächsten Mal werde ich früher fragen.",
    "difficulty": "Der Drucker druckte wieder Streifen.",
}
SMALL = ("Tee gab es.", "Der Bus kam pünktlich.", "Dann ging ich heim.", "Es war warm draußen.")


def said(number: int) -> str:
    """Small talk, and now and then something that counts."""
    parts = [SMALL[(number + step) % 4] for step in range(4)]
    parts += [text for step, text in enumerate(SAID.values()) if number % (step + 2) < 1]
    return " ".join(parts)


@pytest.fixture(scope="module")
def programme(tmp_path_factory) -> Path:
    """Twelve tandems, five entries a person."""
    folder = tmp_path_factory.mktemp("report") / "programme"
    return build_programme(folder, weeks=5, text_of=said, languages=("de",))


def judgements(sample: pd.DataFrame, coder: str) -> pd.DataFrame:
    """Anna knows every family; Ben sees one surprise in three."""
    rows = []
    for number, unit in enumerate(sample.itertuples(index=False)):
        found = [marker for marker, text in SAID.items() if text == unit.text]
        if coder == "ben" and "expectation_violation" in found and number % 3:
            found = []
        for marker in found or ["none"]:
            rows.append((coder, unit.entry_id, unit.start, unit.end, marker, "", ""))
    columns = ["coder_id", "entry_id", "start", "end", "marker", "direction", "note"]
    return pd.DataFrame(rows, columns=columns)


def told(folder: Path, language: str) -> Document:
    """What the notebook says of a corpus, as the report takes it."""
    source = find_notebooks()
    values = {"CORPUS": str(folder), "LANGUAGE": language, "SEED": 0}
    (done,) = run([(NOTEBOOK, prepare(source / NOTEBOOK, values))], source, lambda *_: None)
    document = Document()
    add_notebook(document, done, language)
    return document


@pytest.fixture(scope="module", autouse=True)
def svg():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REFLECT_SVG", "1")
        yield


@pytest.fixture(scope="module")
def before(programme) -> Document:
    """The report of the corpus before anybody coded."""
    return told(programme, "en")


@pytest.fixture(scope="module")
def coded(programme, before) -> Path:
    """The same corpus with two coders' codes and a model of them."""
    corpus = Corpus.load(programme)
    sample = draw_sample(corpus.diary(), size=700, positives=40)
    save_sample(sample, programme)
    codes = corpus.codes
    for coder in ("anna", "ben"):
        codes = merge_codes(codes, judgements(sample, coder))
    write_codes(programme, codes)
    learn(Corpus.load(programme))
    return programme


@pytest.fixture(scope="module")
def after(coded) -> Document:
    return told(coded, "en")


def test_without_codes_one_sentence_says_so_and_nothing_else(before):
    text = "\n".join(before.body)
    assert text.count("holds no human codes") == 1
    for word in ("recision here", "Alpha", "model learned", "alpha"):
        assert word not in text
    assert not {"agreement.csv", "validity.csv", "learned.csv"} & set(before.tables)
    assert before.facts["learned"] == {"families": []}


def test_with_codes_each_number_has_its_marker_s_precision(after):
    text = "\n".join(after.body)
    assert "2 people coded a sample of" in text
    assert "insight (24 sentences, precision here 1.00 [" in text
    assert "any shift (precision " in text
    for name in ("marker_rates", "marker_contrast", "marker_phases", "change_table"):
        assert "precision_here" in after.tables[f"{name}.csv"].decode(), name
    assert "share_here" in after.tables["marker_rates.csv"].decode()
    assert {"agreement.csv", "validity.csv", "validity_groups.csv"} <= set(after.tables)


def test_agreement_below_the_limit_is_named(after):
    text = "\n".join(after.body)
    assert "too low, below 0.67, on surprise (alpha 0." in text
    assert "the report rests no claim on this family" in text


def test_a_family_that_the_model_decides_is_told_and_counted(after, before):
    assert after.facts["learned"] == {"families": ["difficulty"]}
    assert "own codes decides" in after.captions["learned.csv"]
    marked = {
        name: pd.read_csv(pd.io.common.BytesIO(document.tables["marker_rates.csv"]))
        for name, document in (("before", before), ("after", after))
    }
    hits = {name: table.groupby("marker")["hits"].sum() for name, table in marked.items()}
    assert hits["before"].get("difficulty", 0) == 0
    assert hits["after"]["difficulty"] == 24
    assert (
        hits["before"].drop("difficulty", errors="ignore").equals(hits["after"].drop("difficulty"))
    )


def test_german_says_it_in_german(coded):
    text = "\n".join(told(coded, "de").body)
    assert "Präzision hier 1,00 [" in text
    assert "Zu gering, unter 0,67, ist sie bei: Überraschung (Alpha 0," in text


def test_what_the_report_rests_on_is_in_its_manifest(coded):
    inputs = manifest.digests(coded)
    assert {"codes.csv", "coding/sample.csv", own_model.FILE} <= set(inputs)
    path = coded / own_model.FILE
    kept = path.read_bytes()
    path.write_bytes(kept + b"\0")
    changed = manifest.differences({"inputs": inputs}, {"inputs": manifest.digests(coded)})
    path.write_bytes(kept)
    assert changed == [f"inputs: {own_model.FILE} differs"]
