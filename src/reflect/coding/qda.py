"""REFI-QDA out: a corpus as a project (.qdpx) for MAXQDA, ATLAS.ti, NVivo and QualCoder."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

import pandas as pd

from reflect.coding.qda_names import CODEBOOK, PROJECT, code_table, guid
from reflect.errors import ReflectError
from reflect.folder import write_file

if TYPE_CHECKING:
    from reflect.corpus import Corpus

ORIGIN = "reflect"
#: ZIP knows no time before this; a fixed one makes two exports the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OF_ENTRIES = ("date", "language", "prompt")


def write_qdpx(
    corpus: Corpus, path: Path, *, codes: pd.DataFrame | None = None, language: str = "en"
) -> Path:
    """Write a corpus with its codes as a REFI-QDA project.

    Entries are text sources with date, language and prompt as variables; participants are cases
    with their attributes and entries; coders are users; families are codes with their
    definitions, directions their subcodes. Each code of the corpus is a selection of its own,
    its note the selection's description, as QualCoder and MAXQDA read it. A sentence in which
    somebody found none of the families carries the code "none of these".

    Parameters
    ----------
    corpus : Corpus
        What to write.
    path : Path
        The .qdpx file.
    codes : DataFrame, optional
        ``coder_id, entry_id, start, end, marker, direction`` [``, note``]; the corpus's own by
        default.
    language : str
        Language of the code names, de or en.

    Raises
    ------
    ReflectError
        If a code lies outside its entry, or the place cannot be written to.

    Notes
    -----
    REFI-QDA 1.0 (urn:QDA-XML:project:1.0). Positions count Unicode characters from 0, the end not
    included. Line ends are written as one character, since programs differ in how they count two;
    :func:`plain_offset` tells where an offset goes. The standard wants times; codes have
    none, so a source and its selections bear the date of the entry.
    """
    codes = corpus.codes if codes is None else codes
    codes = codes.assign(note=codes["note"].fillna("") if "note" in codes else "")
    codes = codes.drop_duplicates(["coder_id", "entry_id", "start", "end", "marker", "direction"])
    texts = corpus.entries.set_index("entry_id")["text"]
    for row in codes.itertuples(index=False):
        if row.entry_id not in texts or not 0 <= row.start < row.end <= len(texts[row.entry_id]):
            raise ReflectError(
                f"code of {row.coder_id} in entry {row.entry_id}: {row.start} to {row.end} lies "
                "outside the text. Correct codes.csv, see `reflect check`"
            )
    root = _project(corpus, codes, language)
    files = {"project.qde": _document(root)}
    for entry_id, text in texts.items():
        files[f"sources/{guid('text', entry_id)}.txt"] = plain(text).encode("utf-8", "replace")
    _write(path, _packed(files))
    return path


def write_qdc(path: Path, *, codes: pd.DataFrame | None = None, language: str = "en") -> Path:
    """Write the codebook alone as a REFI-QDA codebook (.qdc).

    Parameters
    ----------
    path : Path
        The file.
    codes : DataFrame, optional
        Codes whose own markers come in, too.
    language : str
        Language of names and definitions, de or en.

    Raises
    ------
    ReflectError
        If the place cannot be written to.
    """
    table = code_table(pd.DataFrame() if codes is None else codes, language)
    root = Xml.Element("CodeBook", {"xmlns": CODEBOOK, "origin": ORIGIN})
    root.append(_codes(table))
    _write(path, _document(root))
    return path


def plain(text: str) -> str:
    """Text with each line end as one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain_offset(text: str, offset: int) -> int:
    """Where an offset of a text lies in its :func:`plain` form."""
    return offset - text.count("\r\n", 0, offset)


def text_offset(text: str, offset: int) -> int:
    """Where an offset of the :func:`plain` form lies in the text."""
    place = offset
    while (found := plain_offset(text, place)) < offset:
        place += offset - found
    # Behind both characters of a line end, not between them.
    return place + 1 if text[place - 1 : place + 1] == "\r\n" and place else place


def _project(corpus: Corpus, codes: pd.DataFrame, language: str) -> Xml.Element:
    end = _moment(corpus.end)
    root = Xml.Element(
        "Project",
        {
            "xmlns": PROJECT,
            "name": _clean(corpus.title),
            "origin": ORIGIN,
            "creatingUserGUID": guid("user", ORIGIN),
            "creationDateTime": end,
        },
    )
    users = Xml.SubElement(root, "Users")
    for name in (ORIGIN, *sorted(codes["coder_id"].unique())):
        Xml.SubElement(users, "User", {"guid": guid("user", name), "name": _clean(name)})
    table = code_table(codes, language)
    Xml.SubElement(root, "CodeBook").append(_codes(table))
    people = corpus.participants.set_index("participant_id")
    entries = corpus.entries
    variables = Xml.SubElement(root, "Variables")
    for name in people.columns:
        _variable(variables, name, "Text")
    for name in _OF_ENTRIES:
        _variable(variables, f"entry_{name}", "DateTime" if name == "date" else "Text")
    if len(people):
        cases = Xml.SubElement(root, "Cases")
        for person, row in people.iterrows():
            case = Xml.SubElement(
                cases, "Case", {"guid": guid("case", person), "name": _clean(str(person))}
            )
            for name, value in row.items():
                _value(case, str(name), str(value))
            for entry_id in entries.loc[entries["participant_id"] == person, "entry_id"]:
                Xml.SubElement(case, "SourceRef", {"targetGUID": guid("entry", entry_id)})
    if len(entries):
        sources = Xml.SubElement(root, "Sources")
        ids = dict(
            zip(zip(table["marker"], table["direction"], strict=True), table["guid"], strict=True)
        )
        coded = dict(list(codes.groupby("entry_id", sort=False)))
        for row in entries.itertuples(index=False):
            _source(sources, row, coded.get(row.entry_id), ids)
    Xml.SubElement(root, "Description").text = _clean(_about(corpus))
    return root


def _about(corpus: Corpus) -> str:
    made = "Synthetic diaries, made up. " if corpus.synthetic else ""
    return f"{made}{corpus.consent_statement}".strip()


def _codes(table: pd.DataFrame) -> Xml.Element:
    root = Xml.Element("Codes")
    placed = {"": root}
    for row in table.itertuples(index=False):
        code = Xml.SubElement(
            placed[row.parent],
            "Code",
            {
                "guid": row.guid,
                "name": _clean(row.name),
                "isCodable": "true",
                "color": row.colour,
            },
        )
        if row.description:
            Xml.SubElement(code, "Description").text = _clean(row.description)
        placed[row.guid] = code
    return root


def _source(
    parent: Xml.Element, row: tuple, codes: pd.DataFrame | None, ids: dict[tuple[str, str], str]
) -> None:
    moment = _moment(row.date)
    name = guid("text", row.entry_id)
    source = Xml.SubElement(
        parent,
        "TextSource",
        {
            "guid": guid("entry", row.entry_id),
            "name": _clean(row.entry_id),
            "plainTextPath": f"internal://{name}.txt",
            "creatingUser": guid("user", ORIGIN),
            "creationDateTime": moment,
        },
    )
    for code in () if codes is None else codes.itertuples(index=False):
        parts = (code.coder_id, code.entry_id, code.start, code.end, code.marker, code.direction)
        made = {"creatingUser": guid("user", code.coder_id), "creationDateTime": moment}
        selection = Xml.SubElement(
            source,
            "PlainTextSelection",
            {
                "guid": guid("selection", *parts),
                "startPosition": str(plain_offset(row.text, code.start)),
                "endPosition": str(plain_offset(row.text, code.end)),
                **made,
            },
        )
        if code.note:
            Xml.SubElement(selection, "Description").text = _clean(code.note)
        coding = Xml.SubElement(selection, "Coding", {"guid": guid("coding", *parts), **made})
        Xml.SubElement(coding, "CodeRef", {"targetGUID": ids[code.marker, code.direction]})
    _value(source, "entry_date", moment, "DateTimeValue")
    _value(source, "entry_language", row.language)
    _value(source, "entry_prompt", row.prompt)


def _variable(parent: Xml.Element, name: str, kind: str) -> None:
    given = {"guid": guid("variable", name), "name": _clean(name), "typeOfVariable": kind}
    Xml.SubElement(parent, "Variable", given)


def _value(parent: Xml.Element, name: str, value: str, kind: str = "TextValue") -> None:
    if value:
        holder = Xml.SubElement(parent, "VariableValue")
        Xml.SubElement(holder, "VariableRef", {"targetGUID": guid("variable", name)})
        Xml.SubElement(holder, kind).text = _clean(value)


def _moment(date: pd.Timestamp) -> str:
    return "1970-01-01T00:00:00Z" if pd.isna(date) else f"{date:%Y-%m-%dT%H:%M:%S}Z"


def _clean(text: str) -> str:
    """Text without the signs that XML cannot hold."""
    return _ILLEGAL.sub("\ufffd", text)


def _document(root: Xml.Element) -> bytes:
    Xml.indent(root)
    return Xml.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _packed(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            packed.writestr(member, data)
    return target.getvalue()


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, data)
    except OSError as fault:
        raise ReflectError(f"{path}: cannot be written ({fault.strerror}). Name another") from None
