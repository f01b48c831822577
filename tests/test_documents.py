from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from odf import text as odt
from odf.office import Annotation
from odf.opendocument import OpenDocumentText

from reflect import documents
from reflect.documents import check_packed, dated_parts, document_text, plain_markdown
from reflect.errors import ImportFormatError
from reflect.sheets import decode


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("Es war 5\\. Mai\\, ein *guter* Tag", "Es war 5. Mai, ein guter Tag"),
        ("## Überschrift ##\nText", "Überschrift\nText"),
        ("***sehr*** **wichtig**", "sehr wichtig"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("a\\*b\\*c", "a*b*c"),
        ("snake_case bleibt", "snake_case bleibt"),
        ("![Foto](dayone-moment://1F)Danach", "Danach"),
        ("[PERSON_1] sagte [hier](https://example.org)", "[PERSON_1] sagte hier"),
        ("#hashtag\n- Liste", "#hashtag\n- Liste"),
    ],
)
def test_marks_of_markdown_go_and_placeholders_stay(markdown, plain):
    assert plain_markdown(markdown) == plain


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("3.3.2025\na\n4.3.2025\nb", [(1, 3, "a"), (3, 4, "b")]),
        ("Vorwort\n\nMo, 3.3.2025:\na\nb", [(3, 3, "a\nb")]),
        ("## 3. März 2025\na", [(1, 3, "a")]),
        ("Am 3.3.2025 war Regen.\n", []),
        ("12345\n10115 Ort", []),
        ("31/3/25\na\n1/4/25\nb", [(1, 31, "a"), (3, 1, "b")]),
    ],
)
def test_lines_that_are_dates_part_a_document(text, parts):
    found = [(line, moment.day, body) for line, moment, body in dated_parts(text)]
    assert found == parts


def test_odt_without_comments_and_deleted_passages(tmp_path):
    document = OpenDocumentText()
    changes, region, deletion = (
        odt.TrackedChanges(),
        odt.ChangedRegion(check_grammar=False),
        odt.Deletion(),
    )
    deletion.addElement(odt.P(text="gone"))
    region.addElement(deletion)
    changes.addElement(region)
    document.text.addElement(changes)
    document.text.addElement(odt.H(outlinelevel=1, text="Titel"))
    paragraph = odt.P(text="Eins")
    comment = Annotation()
    comment.addElement(odt.P(text="remark"))
    paragraph.addElement(comment)
    paragraph.addElement(odt.S(c=2))
    paragraph.addElement(odt.Span(stylename="x", text="zwei"))
    paragraph.addElement(odt.LineBreak())
    paragraph.addText("drei")
    document.text.addElement(paragraph)
    document.save(tmp_path / "x.odt")
    assert document_text(tmp_path / "x.odt") == "Titel\nEins  zwei\ndrei"


def test_text_files_are_read_in_any_encoding(tmp_path):
    path = tmp_path / "x.txt"
    for encoding in ("utf-8", "utf-16", "cp1252"):
        path.write_bytes("Größe „x“".encode(encoding))
        assert document_text(path) == "Größe „x“"
    assert decode(path.read_bytes())[1] == "cp1252"


def test_a_document_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "MAX_UNPACKED", 10)
    path = tmp_path / "x.docx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("big", "x" * 11)
    with pytest.raises(ImportFormatError, match="x.docx: unpacks to over 512 MB. Take pictures"):
        check_packed(path, path.read_bytes())


def test_a_missing_document_is_told(tmp_path: Path):
    with pytest.raises(ImportFormatError, match="x.txt: cannot be read .No such file"):
        document_text(tmp_path / "x.txt")
