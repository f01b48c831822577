"""The command line forwards, explains itself, and fails in one line."""

import csv
import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from reflect import cli

ROOT = Path(__file__).parents[1]
SECRET = "Zaubernuss"
COMMANDS = sorted(typer.main.get_command(cli.app).commands)
ENTRIES = (
    "entry_id,text,language\n"
    "e1,Today I learned from her that silence is not a no. We had tea.,en\n"
    'e2,"Ich habe von ihr gelernt, dass Schweigen kein Nein ist.",de\n'
    "e3,Tea.,en\n"
)


@pytest.fixture
def reflect(monkeypatch, capsys):
    """``reflect("check", folder)`` as typed: exit code, standard output, standard error."""
    handler = signal.getsignal(signal.SIGTERM)

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["reflect", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        return stop.value.code or 0, out, err

    yield call
    signal.signal(signal.SIGTERM, handler)


def test_the_commands_are_those_agreed():
    agreed = "annotate audit check code evaluate import k-anonymity new pseudonymise report topics"
    assert sorted([*agreed.split(), "train", "verify", "withdraw"]) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command):
    shown = CliRunner().invoke(cli.app, [command, "--help"])
    assert shown.exit_code == 0
    example = " ".join(shown.output.split()).partition("Example: ")[2]
    assert example.startswith(f"reflect {command} ")
    # Every option has words of its own.
    options = typer.main.get_command(cli.app).commands[command].params
    assert [option.name for option in options if not getattr(option, "help", None)] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_example_of_a_command_names_options_that_exist(command):
    known = typer.main.get_command(cli.app).commands[command]
    names = {name for option in known.params for name in [*option.opts, *option.secondary_opts]}
    used = re.findall(r"(?<!\S)--?[a-z][\w-]*", known.epilog)
    assert set(used) <= names


@pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="no README.md yet")
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme(command):
    assert f"reflect {command}" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="no README.md yet")
def test_the_readme_names_no_option_that_does_not_exist():
    commands = typer.main.get_command(cli.app).commands
    text = (ROOT / "README.md").read_text("utf-8").replace("\\\n", " ")
    for command, rest in re.findall(r"reflect (\w+)([^\n`#]*)", text):
        if command in commands:
            found = commands[command]
            # `code` is a group: the next word is its command.
            if parts := getattr(found, "commands", {}):
                found = parts.get((rest.split() or [""])[0], found)
            known = {
                name for option in found.params for name in [*option.opts, *option.secondary_opts]
            }
            assert set(re.findall(r"(?<!\S)--?[a-z][\w-]*", rest)) <= known, command


def test_help_loads_nothing_heavy():
    code = (
        "import sys\nsys.argv = ['reflect', '--help']\nfrom reflect.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'pandas', 'numpy', 'spacy', 'sklearn', 'matplotlib', 'nbformat', 'torch'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing leaves this machine" in " ".join(done.stdout.split())


def test_bad_input_ends_the_process_with_two_and_one_line(tmp_path):
    script = Path(sys.executable).with_name("reflect")
    command = [str(script), "annotate", str(tmp_path / "none.csv"), "-o", str(tmp_path / "out.csv")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"reflect: {tmp_path / 'none.csv'}: cannot be read. Check the name and the rights\n"
    )
    assert list(tmp_path.iterdir()) == []


# new, check ---------------------------------------------------------------------------------


def test_a_new_corpus_is_made_and_has_no_faults(reflect, tmp_path):
    code, out, err = reflect("new", tmp_path / "mine", "--sides", "chief, junior", "--title", "T")
    assert (code, err) == (0, "")
    assert "then: reflect check" in out
    assert reflect("check", tmp_path / "mine") == (0, f"{tmp_path / 'mine'}: no faults\n", "")
    code, _, err = reflect("new", tmp_path / "mine")
    assert code == 2 and len(err.splitlines()) == 1


def test_check_names_each_fault_in_a_line_and_no_text(reflect, build_corpus):
    folder = build_corpus(
        entries="entry_id,participant_id,date,text,language\n"
        f"e1,A-L,someday,{SECRET},de\ne2,nobody,2025-03-12,{SECRET},xx\n"
    )
    code, out, err = reflect("check", folder)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) >= 3
    assert all(line.startswith("reflect: ") for line in err.splitlines())
    assert "entries.csv, row 2, column date" in err
    assert SECRET not in err


def test_check_of_no_folder_is_told(reflect, tmp_path):
    code, _, err = reflect("check", tmp_path / "none")
    assert code == 2 and err.startswith("reflect: ") and "Traceback" not in err


# annotate -----------------------------------------------------------------------------------


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


def test_annotate_writes_exactly_the_six_columns(reflect, tmp_path):
    (tmp_path / "entries.csv").write_text(ENTRIES, encoding="utf-8")
    out = tmp_path / "new" / "spans.csv"
    assert reflect("annotate", tmp_path / "entries.csv", "-o", out) == (0, "", "")
    header, *rows = read(out)
    assert header == ["entry_id", "marker", "direction", "start", "end", "text"]
    texts = {row[0]: row[1] for row in list(csv.reader(io.StringIO(ENTRIES)))[1:]}
    assert {tuple(row[:3]) for row in rows} >= {
        ("e1", "learning", "from_partner"),
        ("e2", "learning", "from_partner"),
    }
    for entry, _, _, start, end, text in rows:
        assert texts[entry][int(start) : int(end)] == text
    assert b"\r\n" not in out.read_bytes()


def test_annotate_writes_the_header_where_nothing_was_found(reflect, tmp_path):
    (tmp_path / "entries.csv").write_text("entry_id,text\ne1,Tee.\n", encoding="utf-8")
    assert reflect("annotate", tmp_path / "entries.csv", "-o", tmp_path / "o.csv")[0] == 0
    assert (tmp_path / "o.csv").read_text() == "entry_id,marker,direction,start,end,text\n"


def test_gated_adds_columns_and_reasons(reflect, tmp_path):
    text = "entry_id,text,language\ne1,I did not learn anything from her.,en\n"
    (tmp_path / "entries.csv").write_text(text, encoding="utf-8")
    out = tmp_path / "o.csv"
    assert reflect("annotate", tmp_path / "entries.csv", "-o", out, "--gated")[0] == 0
    header = read(out)[0]
    assert header[:6] == ["entry_id", "marker", "direction", "start", "end", "text"]
    assert "gate" in header and "rule" in header


def test_evaluate_scores_what_annotate_found(reflect, tmp_path):
    entries, spans, codes = (tmp_path / f"{name}.csv" for name in ("entries", "spans", "codes"))
    entries.write_text(ENTRIES, encoding="utf-8")
    assert reflect("annotate", entries, "-o", spans)[0] == 0
    codes.write_text("entry_id,marker,direction\ne1,learning,from_partner\ne2,insight,\n")
    code, out, err = reflect("evaluate", spans, codes, entries, "-o", tmp_path / "scores.csv")
    assert (code, err) == (0, "")
    assert "macro F1" in out
    header, *rows = read(tmp_path / "scores.csv")
    scores = [dict(zip(header, row, strict=True)) for row in rows]
    learning = [row for row in scores if (row["language"], row["marker"]) == ("en", "learning")]
    assert [(row["both"], row["annotated"], row["recall"]) for row in learning] == [
        ("1", "1", "1.0")
    ]


def test_evaluate_refuses_unknown_markers_in_one_line(reflect, tmp_path):
    entries, codes = tmp_path / "entries.csv", tmp_path / "codes.csv"
    entries.write_text(ENTRIES, encoding="utf-8")
    codes.write_text("entry_id,marker\ne1,joy\n")
    code, out, err = reflect("evaluate", codes, codes, entries)
    assert (code, out) == (2, "")
    assert err.startswith(f"reflect: {codes}, row 2, column marker: unknown. Use one of insight,")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"entry_id,body\ne1,{SECRET}\n",
            ", row 1: column text is missing. Name one column text",
        ),
        (
            f"id,text\ne1,{SECRET}\n",
            ", row 1: column entry_id is missing. Name one column entry_id",
        ),
        (
            f"entry_id,text\ne1,{SECRET}\ne1,{SECRET}\n",
            ", row 3, column entry_id: 'e1' stands in row 2 already. Give each entry its own id",
        ),
        (
            f"entry_id,text\ne1,{SECRET}, ja\n",
            ", row 2: 3 cells under 2 columns. "
            "Put quotation marks around texts that hold a separator",
        ),
    ],
)
def test_annotate_refuses_in_one_line_and_writes_nothing(reflect, tmp_path, text, message):
    entries, out = tmp_path / "entries.csv", tmp_path / "spans.csv"
    entries.write_text(text, encoding="utf-8")
    out.write_text("old")
    assert reflect("annotate", entries, "-o", out) == (2, "", f"reflect: {entries}{message}\n")
    assert out.read_text() == "old"


def test_annotate_with_a_bad_codebook_is_one_line(reflect, tmp_path):
    (tmp_path / "entries.csv").write_text(ENTRIES, encoding="utf-8")
    (tmp_path / "own.yml").write_text("rules: [", encoding="utf-8")
    code, _, err = reflect(
        *("annotate", tmp_path / "entries.csv", "-o", tmp_path / "o.csv"),
        *("--codebook", tmp_path / "own.yml"),
    )
    assert code == 2
    assert len(err.splitlines()) == 1 and "own.yml" in err
    assert not (tmp_path / "o.csv").exists()


def test_an_output_that_cannot_be_written_is_one_line(reflect, tmp_path):
    (tmp_path / "entries.csv").write_text(ENTRIES, encoding="utf-8")
    out = tmp_path / "entries.csv" / "spans.csv"
    code, _, err = reflect("annotate", tmp_path / "entries.csv", "-o", out)
    assert code == 2
    assert re.fullmatch(r"reflect: .*spans\.csv: cannot be written \(.*\)\. Name another\n", err)
    assert (tmp_path / "entries.csv").read_text("utf-8") == ENTRIES


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_nothing_half_written_without_the_right_to_write(reflect, tmp_path):
    (tmp_path / "entries.csv").write_text(ENTRIES, encoding="utf-8")
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    code, _, err = reflect("annotate", tmp_path / "entries.csv", "-o", locked / "spans.csv")
    assert code == 2 and "cannot be written" in err
    assert list(locked.iterdir()) == []


# topics, report, verify: they only forward ----------------------------------------------------


class Model:
    """Stands in for a topic model; remembers where it was saved."""

    def save(self, folder: Path) -> None:
        folder.mkdir()


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ([], {"n_topics": "auto", "embedding": "lsa", "seed": 0}),
        (["--n-topics", "7", "--seed", "3"], {"n_topics": 7, "embedding": "lsa", "seed": 3}),
    ],
)
def test_topics_forwards(reflect, tiny, tmp_path, monkeypatch, options, wanted):
    given = {}

    def fit(entries: pd.DataFrame, **values: object) -> Model:
        given.update(values, entries=entries["entry_id"].tolist())
        return Model()

    monkeypatch.setattr("reflect.topics.fit_topics", fit)
    code, _, err = reflect("topics", tiny, "-o", tmp_path / "topics", *options)
    assert (code, err) == (0, "")
    assert given.pop("entries") == ["e1", "e2", "e3", "e4"]
    assert {key: given[key] for key in wanted} == wanted
    assert (tmp_path / "topics").is_dir()


@pytest.mark.parametrize("number", ["many", "-1", "2.5", ""])
def test_topics_wants_a_whole_number(reflect, tiny, tmp_path, number):
    code, _, err = reflect("topics", tiny, "-o", tmp_path / "t", "--n-topics", number)
    assert (code, err) == (2, f"reflect: --n-topics {number}: give a whole number or auto\n")


def test_report_forwards_and_says_where(reflect, tmp_path, monkeypatch):
    given = []

    def build(corpus: Path, folder: Path, **values: object) -> Path:
        values.pop("progress")
        given.append((corpus, folder, values))
        return folder

    monkeypatch.setattr("reflect.report.build_report", build)
    code, out, err = reflect("report", "c", "-o", "r", "--language", "de", "--seed", "2")
    assert (code, err) == (0, "")
    assert out.split() == [str(Path(f"r/report.{kind}")) for kind in ("html", "pdf", "docx")]
    values = {"language": "de", "seed": 2, "notebooks": None, "strict": False}
    assert given == [(Path("c"), Path("r"), values)]


def test_report_knows_two_languages(reflect):
    code, _, err = reflect("report", "c", "-o", "r", "--language", "fr")
    assert code == 2 and "'fr'" in err


@pytest.mark.parametrize(
    ("changed", "code", "out", "err"),
    [
        ([], 0, "r: identical\n", ""),
        (["on disk, outputs: a is gone", "b"], 1, "", "on disk, outputs: a is gone\nb\n"),
    ],
)
def test_verify_fails_with_one_on_any_difference(reflect, monkeypatch, changed, code, out, err):
    monkeypatch.setattr("reflect.report.verify_report", lambda folder, **_: changed)
    assert reflect("verify", "r") == (code, out, err)


def test_verify_of_no_report_is_one_line(reflect, tmp_path):
    code, _, err = reflect("verify", tmp_path)
    assert code == 2
    assert err == (
        f"reflect: {tmp_path / 'manifest.json'}: not found. "
        "Give the folder of a report built by `reflect report`\n"
    )


# import -------------------------------------------------------------------------------------


def test_import_brings_a_table_in(reflect, tmp_path):
    (tmp_path / "export.csv").write_text(
        "who;pair;role;when;what\nA-L;A;leader;2025-03-03;Tee.\nA-T;A;talent;2025-03-04;Tea.\n"
    )
    code, out, err = reflect(
        *("import", tmp_path / "export.csv", tmp_path / "corpus", "--participant", "who"),
        *("--tandem", "pair", "--side", "role", "--date", "when", "--text", "what"),
        *("--sides", "leader,talent"),
    )
    assert code == 0, err
    assert "2 entries of 2 new participants came in, 0 skipped" in out
    assert (tmp_path / "corpus" / "entries.csv").is_file()


def test_a_failing_import_names_no_text_and_leaves_nothing(reflect, tmp_path):
    (tmp_path / "export.csv").write_text(f"who;pair;role;when;what\nA;A;x;someday;{SECRET}\n")
    code, out, err = reflect(
        *("import", tmp_path / "export.csv", tmp_path / "corpus", "--participant", "who"),
        *("--tandem", "pair", "--side", "role", "--date", "when", "--text", "what"),
    )
    assert code == 2
    assert all(line.startswith("reflect: ") for line in err.splitlines())
    assert SECRET not in out + err
    assert [path.name for path in tmp_path.iterdir()] == ["export.csv"]
