"""Reading the journals of diary apps: Day One."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reflect.dates import iso_date
from reflect.documents import check_packed, plain_markdown
from reflect.errors import ImportFormatError


def journal_entries(path: Path, journal: str = "") -> Iterator[tuple[int, datetime | None, str]]:
    """Entries of a Day One export: number in the file from 1, local time or None, text.

    Raises
    ------
    ImportFormatError
        If it is no such export.
    """
    if not path.is_file():
        raise ImportFormatError(f"{path}: no such file. Check the path.")
    data = path.read_bytes()
    if data[:2] == b"PK":
        check_packed(path, data)
        data = _journal_member(path, data, journal)
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ImportFormatError(
            f"{path.name}: no JSON. In Day One choose File, Export, JSON."
        ) from error
    entries = content.get("entries") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise ImportFormatError(
            f"{path.name}: no list of entries in it. In Day One choose File, Export, JSON."
        )
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise ImportFormatError(f"{path.name}, entry {number}: no entry. Export it again.")
        text = entry.get("text", "")
        moment = _local(entry.get("creationDate"), entry.get("timeZone"))
        yield number, moment, plain_markdown(text) if isinstance(text, str) else ""


def _journal_member(path: Path, data: bytes, journal: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = [name for name in packed.namelist() if re.fullmatch(r"[^/]+\.json", name)]
        if journal:
            names = [name for name in names if name == f"{journal.removesuffix('.json')}.json"]
        if len(names) != 1:
            listed = ", ".join(sorted(packed.namelist())[:10])
            raise ImportFormatError(
                f"{path.name}: {len(names)} journals. "
                f"Choose one with --journal; it holds: {listed}."
            )
        try:
            return packed.read(names[0])
        except Exception as error:  # zlib, encryption, unknown compression
            raise ImportFormatError(f"{path.name}: cannot be unpacked. Export it again.") from error


def _local(created: Any, zone: Any) -> datetime | None:
    if not isinstance(created, str):
        return None
    utc = created.removesuffix("Z")
    moment = iso_date(utc)
    if moment is None:
        return None
    if utc == created:
        return moment
    try:
        place = ZoneInfo(zone)
    except (KeyError, ValueError, TypeError, OSError):
        return moment
    try:
        return moment.replace(tzinfo=UTC).astimezone(place).replace(tzinfo=None)
    except OverflowError:
        return moment
