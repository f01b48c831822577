from __future__ import annotations

import json

import pytest

from reflect.errors import ImportFormatError
from reflect.journals import journal_entries


def entries(tmp_path, *items):
    path = tmp_path / "Journal.json"
    path.write_text(json.dumps({"entries": list(items)}))
    return list(journal_entries(path))


@pytest.mark.parametrize(
    ("created", "zone", "local"),
    [
        ("2025-03-03T22:30:00Z", "Europe/Berlin", "2025-03-03 23:30:00"),
        ("2025-07-03T22:30:00Z", "Europe/Berlin", "2025-07-04 00:30:00"),
        ("2025-07-03T22:30:00Z", None, "2025-07-03 22:30:00"),
        ("2025-07-03T22:30:00Z", "../../etc/passwd", "2025-07-03 22:30:00"),
        ("2025-07-03T22:30:00", "Europe/Berlin", "2025-07-03 22:30:00"),
        ("yesterday", "Europe/Berlin", "None"),
        (None, None, "None"),
        ("0001-01-01T00:00:00Z", "America/New_York", "0001-01-01 00:00:00"),
    ],
)
def test_a_diary_has_the_day_of_its_place(tmp_path, created, zone, local):
    found = entries(tmp_path, {"creationDate": created, "timeZone": zone, "text": "x"})
    assert [(number, str(moment), text) for number, moment, text in found] == [(1, local, "x")]


def test_entries_without_text_have_none(tmp_path):
    found = entries(tmp_path, {"creationDate": "2025-03-03T22:30:00Z"}, {"text": ["x"]})
    assert [text for _, _, text in found] == ["", ""]


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[1, 2]", b"PK\x03\x04", b"[" * 99999])
def test_other_files_are_refused(tmp_path, data):
    path = tmp_path / "Journal.json"
    path.write_bytes(data)
    with pytest.raises(ImportFormatError, match=r"^Journal.json: .*(Export, JSON|Save it again)"):
        list(journal_entries(path))
