from __future__ import annotations

import json

import pytest

from reflect.errors import fault_lines
from reflect.package import build_package, package_text
from reflect.schemas import TABLES
from reflect.validation import faults

EXAMPLE = '"reflect": {"sides": ["leader", "talent"], "languages": ["de", "en"]}'
CASES = {
    "missing": (
        "",
        ": the file is missing. Run `reflect check {} --fix`, which writes one from the tables, "
        f"or write one with {EXAMPLE}.",
    ),
    "broken": (
        '{"reflect": {"sides": ["a" "b"]}}',
        ": no valid JSON: Expecting ',' delimiter at line 1, character 28. "
        "Look there for a missing comma, bracket or quotation mark.",
    ),
    "Latin-1": (
        '{"title": "ä"}'.encode("latin-1"),
        ": not in UTF-8. Save it as UTF-8 in a text editor.",
    ),
    "a list": ("[]", f": no JSON object. Write {{{EXAMPLE}}}."),
    "too deep": (
        "[" * 99999,
        ": no valid JSON: nested too deeply, or a number too long. Write it anew.",
    ),
    "number too long": (
        "9" * 9999,
        ": no valid JSON: nested too deeply, or a number too long. Write it anew.",
    ),
    "no settings": (
        '{"title": "x"}',
        f", column reflect: the settings of the corpus are missing. Add {EXAMPLE}.",
    ),
    "one side": (
        {"sides": ["leader"], "side_labels": None},
        ", column reflect.sides: a corpus has exactly two sides. "
        'Name both as in participants.csv, such as "sides": ["leader", "talent"].',
    ),
    "no sides": (
        {"sides": None, "side_labels": None},
        ", column reflect.sides: a corpus has exactly two sides. "
        'Name both as in participants.csv, such as "sides": ["leader", "talent"].',
    ),
    "label of a third side": (
        {"side_labels": {"boss": {"de": "Chef"}}},
        ", column reflect.side_labels: labels a side that is not in sides ('boss'). "
        "Use the names in sides: leader and talent.",
    ),
    "labels no object": (
        {"side_labels": ["boss"]},
        ", column reflect.side_labels: not one label a language. "
        'Write "side_labels": {"leader": {"de": "Führungskraft", "en": "leader"}}.',
    ),
    "other language": (
        {"languages": ["fr"]},
        ", column reflect.languages: not a list of languages that reflect reads. "
        'Write "languages": ["de", "en"], or one of the two.',
    ),
    "misspelt": (
        {"languages": None, "langauges": ["de"]},
        ", column reflect.langauges: unknown setting. Call it languages.",
    ),
    "synthetic": (
        {"synthetic": "yes"},
        ', column reflect.synthetic: neither true nor false. Write "synthetic": false.',
    ),
    "consent": (
        {"consent": True},
        ', column reflect.consent: no text. Write one sentence: "consent": "…".',
    ),
    "start": (
        {"start": "03.03.2025"},
        ', column reflect.start: not an ISO date (\'03.03.2025\'). Write "start": "2025-03-03".',
    ),
    "end": (
        {"end": "2025-01-01"},
        ", column reflect.end: before start ('2025-01-01'). "
        "Write the first day as start and the last as end.",
    ),
    "resource": (
        '{"reflect": {"sides": ["leader", "talent"]}, "resources": [{"path": "moods.csv"}]}',
        ", column resources: lists a file that is not there ('moods.csv'). "
        "Put the file into the folder, or take it out of resources.",
    ),
}


@pytest.mark.parametrize(("package", "line"), CASES.values(), ids=CASES)
def test_each_fault_says_what_is_needed(build_corpus, package, line):
    folder = build_corpus(package=package)
    found = fault_lines(faults(folder))
    assert found == ["datapackage.json" + line.replace("{}", str(folder))]


@pytest.mark.parametrize("name", ["a\0b", "x" * 999, "../" * 999, 7, None])
def test_no_path_of_a_resource_breaks_the_check(build_corpus, name):
    package = {"reflect": {"sides": ["leader", "talent"]}, "resources": [{"path": name}]}
    found = faults(build_corpus(package=json.dumps(package)))
    assert set(found["problem"]) <= {"lists a file that is not there"}


def test_a_byte_order_mark_and_unknown_settings_do_no_harm(build_corpus):
    package = b'\xef\xbb\xbf{"reflect": {"sides": ["leader", "talent"], "funder": "x"}}'
    assert faults(build_corpus(package=package)).empty


def test_a_descriptor_is_frictionless():
    package = build_package(
        "My Corpus",
        sides=("a", "b"),
        columns={"participants": TABLES["participants"].names, "codes": TABLES["codes"].names},
        start="2025-03-03",
    )
    assert package["name"] == "my-corpus"
    assert package["reflect"]["sides"] == ["a", "b"]
    assert package["reflect"]["start"] == "2025-03-03" and "end" not in package["reflect"]
    people, codes = package["resources"]
    assert people["path"] == "participants.csv"
    assert people["schema"]["primaryKey"] == "participant_id"
    assert codes["schema"]["foreignKeys"] == [
        {"fields": "entry_id", "reference": {"resource": "entries", "fields": "entry_id"}}
    ]
    types = {field["name"]: field["type"] for field in codes["schema"]["fields"]}
    assert types["start"] == "integer" and types["marker"] == "string"
    assert package_text(package).endswith("}\n")
