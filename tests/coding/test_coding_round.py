"""The whole round: sample, two coders, agreement, consensus, validity, QDA software and back."""

from __future__ import annotations

import zipfile
from functools import partial

import openpyxl
import pandas as pd
import pytest
import typer
from coded_texts import WORDS, find
from typer.testing import CliRunner

from reflect import cli_coding
from reflect.coding.assessment import agreement_table, assess, validity_table
from reflect.coding.exchange import write_codes
from reflect.coding.sample import draw_sample, load_sample, save_sample
from reflect.coding.standing import shown
from reflect.coding.store import FILE, Store
from reflect.corpus import Corpus
from reflect.errors import ReflectError
from reflect.markers import FAMILIES

QUOTABLE = "--quotable-only"


@pytest.fixture
def run(monkeypatch):
    """``run("sample", …)`` runs ``reflect code sample …``, ``run.train(…)`` ``reflect train …``."""
    monkeypatch.setattr("reflect.annotate", lambda diary, **_: find(diary, WORDS), raising=False)
    app = typer.Typer()
    cli_coding.register(app)

    def call(*words: object, group: tuple[str, ...] = ("code",)) -> str:
        done = CliRunner().invoke(app, [*group, *map(str, words)])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    call.train = partial(call, group=("train",))
    return call


def fill(path, sample, knows: set[str]) -> None:
    """A sheet filled in by somebody who knows some of the families."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    header = [cell.value for cell in page[1]]
    texts = sample.set_index("unit_id")["text"]
    for row in range(3, page.max_row + 1):
        text = texts[page.cell(row, 1).value]
        found = [marker for marker in knows if WORDS[marker] in text]
        for marker in found or ["none"]:
            value = "received" if marker == "advice" else "x"
            page.cell(row, header.index(marker) + 1).value = value
    book.save(path)


def test_a_full_round(run, programme, tmp_path):
    sheet = tmp_path / "sheet.xlsx"
    assert "sentences" in run("sample", programme, "-o", sheet, "--size", 120, "--blind")
    sample = load_sample(programme, Corpus.load(programme).diary())

    # Two coders; one of them does not know what a difficulty is.
    for coder, knows in (("anna", set(WORDS)), ("ben", set(WORDS) - {"difficulty"})):
        fill(sheet, sample, knows)
        run("import", programme, sheet, "--coder", coder)
        run("sample", programme, "-o", sheet)  # a clean copy of the same sample

    output = run("agreement", programme, "-o", tmp_path / "agreement")
    assert "unreliable" in output
    table = pd.read_csv(tmp_path / "agreement" / "agreement.csv").set_index("marker")
    assert table.loc["insight", "alpha"] == 1.0
    assert table.loc["difficulty", "verdict"] == "unreliable"
    disputed = pd.read_csv(tmp_path / "agreement" / "disputed.csv")
    assert set(disputed["marker"]) == {"difficulty"}

    # They meet over what is disputed.
    meeting = tmp_path / "meeting.xlsx"
    run("consensus", programme, "-o", meeting)
    assert len(openpyxl.load_workbook(meeting).worksheets[0]["A"]) == len(disputed) + 2
    fill(meeting, sample, set(WORDS))
    run("import", programme, meeting, "--coder", "consensus")
    with pytest.raises(ReflectError, match="nothing is open"):
        run("consensus", programme, "-o", meeting)

    run("validity", programme, "-o", tmp_path / "validity")
    found = pd.read_csv(tmp_path / "validity" / "validity.csv", keep_default_na=False)
    row = found[
        (found["marker"] == "difficulty") & (found["side"] == "") & (found["language"] == "")
    ]
    assert float(row["f1"].item()) == 1.0
    judged = assess(Corpus.load(programme), find(Corpus.load(programme).diary(), WORDS))
    assert judged.sampled
    assert judged.coders == ["anna", "ben"]
    assert judged.sentences == len(sample)
    # Every family and any shift; agreement only on what somebody gave.
    assert shown(judged, "en")["marker"].tolist() == [*FAMILIES, "shift"]
    assert set(validity_table(judged)["side"]) == {"", "leader", "talent"}
    assert set(agreement_table(judged)["marker"]) == set(WORDS)

    # Into QDA software, one code deleted there, and back: only that code is gone.
    before = Corpus.load(programme).codes
    project, edited = tmp_path / "p.qdpx", tmp_path / "edited.qdpx"
    run("export", programme, "-o", project)
    with zipfile.ZipFile(project) as old, zipfile.ZipFile(edited, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "project.qde":
                start = data.index(b"<PlainTextSelection")
                stop = data.index(b"</PlainTextSelection>") + len(b"</PlainTextSelection>")
                data = data[:start] + data[stop:]
            new.writestr(name, data)
    run("import", programme, edited)
    after = Corpus.load(programme).codes
    assert len(after) == len(before) - 1
    run("import", programme, project)
    pd.testing.assert_frame_equal(Corpus.load(programme).codes, before)


@pytest.mark.parametrize("name", ["p.qdpx", "codes.csv", "cas"])
def test_people_who_refuse_quotations_are_named_in_an_export_and_may_be_left_out(
    run, programme, tmp_path, name
):
    if name == "cas":
        pytest.importorskip("cassis", reason="dkpro-cassis is not installed")
    people = (programme / "participants.csv").read_text("utf-8").splitlines()
    people = [people[0] + ",consent", people[1] + ",no_quotes", *(row + "," for row in people[2:])]
    (programme / "participants.csv").write_text("\n".join(people) + "\n", "utf-8")
    (programme / "codes.csv").write_text(
        "coder_id,entry_id,start,end,marker\nben,T01-L-0,0,3,insight\nben,T02-L-0,0,3,insight\n",
        "utf-8",
    )
    words = ("export", programme, "-o", tmp_path / name)
    words += ("--format", "cas") if name == "cas" else ()
    assert "6 of the entries are by people who did not agree" in run(*words)
    assert "did not agree" not in run(*words[:3], tmp_path / "few" / name, *words[4:], QUOTABLE)
    place = tmp_path / "few" / name
    found = sorted(place.iterdir()) if place.is_dir() else [place]
    kept = b"".join(path.name.encode() + read_all(path) for path in found)
    assert b"T01-L" not in kept
    assert b"T02-L" in kept


def read_all(path) -> bytes:
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def test_train_keeps_a_model_only_where_one_wins(run, programme, code_sample):
    diary = Corpus.load(programme).diary()
    sample = draw_sample(diary, find(diary, WORDS), size=500)
    save_sample(sample, programme)
    write_codes(programme, code_sample(sample, "anna"))
    output = run.train(programme, "--next", 3, "-o", programme.parent / "figures")
    assert "no model beats the rules" in output
    assert "3 sentences were added to the sample" in output
    assert "difficulty              rules 1.00" in output
    assert "key_moment              rules    –  model    –  rules (too_few)" in output
    assert not (programme / "coding" / "model.npz").exists()
    assert (programme.parent / "figures" / "out_of_fold.csv").is_file()


def test_train_without_codes_says_what_to_do(run, programme):
    with pytest.raises(ReflectError, match="has no codes. Bring them in"):
        run.train(programme)


def test_codes_of_the_page_come_in(run, programme):
    run("sample", programme, "--size", 40, "--positives", 1)
    sample = load_sample(programme, Corpus.load(programme).diary())
    store = Store.open(programme / FILE, sample)
    store.save("anna", "u00001", {"marks": {"insight": ""}, "none": False, "note": "hm"}, 0)
    assert "1 codes came in" in run("import", programme)
    assert Corpus.load(programme).codes["note"].tolist() == ["hm"]
    # Taken back on the page, and brought in again: the sentence is coded anew.
    store.save("anna", "u00001", {"marks": {}, "none": True, "note": ""}, 1)
    run("import", programme)
    assert Corpus.load(programme).codes["marker"].tolist() == ["none"]
    # Undone altogether: no judgement is left, and so no code.
    store.undo("anna")
    store.undo("anna")
    run("import", programme)
    assert Corpus.load(programme).codes.empty


def test_a_sample_is_not_drawn_over_another(run, programme):
    run("sample", programme, "--size", 40)
    before = (programme / "coding" / "sample.csv").read_bytes()
    assert "--overwrite draws anew" in run("sample", programme, "--seed", 1)
    assert (programme / "coding" / "sample.csv").read_bytes() == before
    run("sample", programme, "--seed", 1, "--overwrite")
    assert (programme / "coding" / "sample.csv").read_bytes() != before


def test_whole_entries_may_be_coded_without_a_sample(programme):
    text = (
        "coder_id,entry_id,start,end,marker\n"
        + "".join(f"anna,T{t:02d}-L-0,0,11,difficulty\n" for t in range(1, 13))
    )  # fmt: skip
    (programme / "codes.csv").write_text(text, "utf-8")
    corpus = Corpus.load(programme)
    judged = assess(corpus, find(corpus.diary(), WORDS))
    assert not judged.sampled
    assert judged.sentences == 12 * 6
    assert set(judged.validity["marker"]) >= {"difficulty", "insight"}


def test_a_sample_that_nobody_coded_does_not_hide_other_codes(run, programme):
    run("sample", programme, "--size", 30, "--positives", 0)
    corpus = Corpus.load(programme)
    sample = load_sample(programme, corpus.diary())
    entry = next(e for e in corpus.entries["entry_id"] if e not in set(sample["entry_id"]))
    text = f"coder_id,entry_id,start,end,marker\nanna,{entry},0,8,difficulty\n"
    (programme / "codes.csv").write_text(text, "utf-8")
    corpus = Corpus.load(programme)
    judged = assess(corpus, find(corpus.diary(), WORDS))
    assert (judged.sampled, judged.sentences) == (False, 6)


def test_a_corpus_without_codes_has_nothing_to_assess(corpus, run, programme, tmp_path):
    assert assess(corpus) is None
    with pytest.raises(ReflectError, match="has no codes"):
        run("agreement", programme, "-o", tmp_path / "x")


@pytest.mark.parametrize(
    ("name", "text", "words", "message"),
    [
        ("no.csv", None, (), "no such file"),
        ("x.csv", "entry_id,start,end,marker\nT01-L-0,0,3,freude\n", ("--coder", "a"), "freude"),
        ("x.xml", "<TEI", (), "broken XML"),
        ("x.qdpx", "", (), "damaged, or no .qdpx"),
        ("x.csv", "unit_id,insight\nu00001,x\n", (), "who coded"),
    ],
)
def test_a_bad_source_leaves_the_codes_as_they_were(
    run, programme, tmp_path, name, text, words, message
):
    run("sample", programme, "--size", 40)
    (programme / "codes.csv").write_text(
        "coder_id,entry_id,start,end,marker\nben,T01-L-0,0,3,insight\n", "utf-8"
    )
    before = (programme / "codes.csv").read_bytes()
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(ReflectError, match=message):
        run("import", programme, tmp_path / name, *words)
    assert (programme / "codes.csv").read_bytes() == before


def test_every_command_has_help_with_an_example():
    app = typer.Typer()
    cli_coding.register(app)
    for command in cli_coding.code.registered_commands:
        name = command.name or command.callback.__name__
        done = CliRunner().invoke(app, ["code", name, "--help"])
        assert done.exit_code == 0
        assert "Example: reflect code" in " ".join(done.output.split())
