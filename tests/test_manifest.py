"""Digests, versions and differences."""

import hashlib

import pytest

from reflect import __version__, manifest
from reflect.errors import ReportError


def test_digests_are_sha_256_by_relative_path(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.csv").write_bytes(b"2")
    (tmp_path / "a.txt").write_bytes(b"1")
    assert manifest.digests(tmp_path) == {
        "a.txt": hashlib.sha256(b"1").hexdigest(),
        "b/two.csv": hashlib.sha256(b"2").hexdigest(),
    }
    assert list(manifest.digests(tmp_path)) == ["a.txt", "b/two.csv"]


def test_hidden_files_and_those_left_out_do_not_count(tmp_path):
    (tmp_path / ".reflect" / "cache").mkdir(parents=True)
    (tmp_path / ".reflect" / "cache" / "x").write_bytes(b"derived")
    (tmp_path / ".hidden").write_bytes(b"")
    (tmp_path / "manifest.json").write_bytes(b"{}")
    assert manifest.digests(tmp_path, ("manifest.json",)) == {}


def test_versions_name_reflect_python_and_every_package():
    found = manifest.versions()
    assert found["reflect"] == __version__
    assert set(found) == {"reflect", "python", *manifest.PACKAGES}
    assert "not installed" not in found.values()


def test_a_missing_package_is_said(monkeypatch):
    monkeypatch.setattr(manifest, "PACKAGES", ("no-such-package",))
    assert manifest.versions()["no-such-package"] == "not installed"


def test_what_is_written_is_read_and_sorted(tmp_path):
    content = {"parameters": {"seed": 1, "language": "de"}, "corpus": "ü", "outputs": {}}
    manifest.write(tmp_path / manifest.NAME, content)
    text = (tmp_path / manifest.NAME).read_bytes().decode("utf-8")
    assert text == (
        '{\n  "corpus": "ü",\n  "outputs": {},\n'
        '  "parameters": {\n    "language": "de",\n    "seed": 1\n  }\n}\n'
    )
    assert manifest.read(tmp_path) == content


def test_no_manifest(tmp_path):
    with pytest.raises(ReportError, match="not found") as fault:
        manifest.read(tmp_path)
    assert str(fault.value) == (
        f"{tmp_path / 'manifest.json'}: not found. "
        "Give the folder of a report built by `reflect report`"
    )


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"not json", b"[]", b"3", b"{}"])
def test_no_readable_manifest(tmp_path, content):
    (tmp_path / manifest.NAME).write_bytes(content)
    with pytest.raises(ReportError, match="not a manifest") as fault:
        manifest.read(tmp_path)
    assert str(fault.value) == (
        f"{tmp_path / 'manifest.json'}: not a manifest. Build the report again"
    )


@pytest.mark.parametrize("part", ["inputs", "notebooks", "parameters", "versions", "outputs"])
@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ({"a": "1"}, {"a": "1"}, []),
        ({"a": "1"}, {"a": "2"}, ["a differs"]),
        ({"a": "1"}, {}, ["a is gone"]),
        ({}, {"a": "1"}, ["a is new"]),
        ({"b": "1", "a": "1"}, {"c": "1", "a": "2"}, ["a differs", "b is gone", "c is new"]),
    ],
)
def test_differences_name_the_part_and_the_key(part, before, after, lines):
    found = manifest.differences({part: before}, {part: after})
    assert found == [f"{part}: {line}" for line in lines]


def test_where_the_corpus_lies_makes_no_difference():
    assert manifest.differences({"corpus": "../a"}, {"corpus": "../b"}) == []
