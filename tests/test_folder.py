from __future__ import annotations

import os

import pytest

from reflect.errors import ReflectError
from reflect.folder import write_file, write_folder


def test_a_folder_is_written_whole_with_its_parents(tmp_path):
    path = write_folder(tmp_path / "a" / "b", {"datapackage.json": "{}", "x.csv": "ä\n"})
    assert (path / "x.csv").read_bytes() == "ä\n".encode()
    assert [each.name for each in path.parent.iterdir()] == ["b"]
    assert path.stat().st_mode & 0o777 == 0o777 & ~os.umask(os.umask(0o22))


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "x").mkdir()
    write_folder(tmp_path / "x", {"datapackage.json": "{}"})
    assert (tmp_path / "x" / "datapackage.json").exists()


def test_a_file_is_no_place_for_a_corpus(tmp_path):
    (tmp_path / "x").write_text("mine")
    with pytest.raises(ReflectError, match="x: exists and is not a corpus. Choose another name."):
        write_folder(tmp_path / "x", {}, overwrite=True)
    with pytest.raises(ReflectError, match="cannot be written .* Choose a folder you may write to"):
        write_folder(tmp_path / "x" / "y", {})


@pytest.mark.parametrize(("keep", "there"), [(True, True), (False, False)])
def test_the_cache_stays_only_when_asked(tmp_path, keep, there):
    path = write_folder(tmp_path / "x", {"datapackage.json": "{}"})
    (path / ".reflect").mkdir()
    write_folder(path, {"datapackage.json": "{}"}, overwrite=True, keep_cache=keep)
    assert (path / ".reflect").exists() is there


def test_a_table_that_is_not_written_again_goes(tmp_path):
    path = write_folder(tmp_path / "x", {"datapackage.json": "{}", "codes.csv": "old"})
    (path / "notes").mkdir()
    write_folder(path, {"datapackage.json": "{}"}, overwrite=True)
    assert sorted(each.name for each in path.iterdir()) == ["datapackage.json", "notes"]


def test_a_file_is_never_half_written(tmp_path, monkeypatch):
    path = tmp_path / "x.csv"
    write_file(path, b"old")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["x.csv"]
