"""The look of the Word version of a report: pandoc's own reference document, restyled."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path
from typing import Any

_INK, _SOFT, _LINE = "1C2330", "5B6472", "DDE1E7"
_SERIF, _SANS = "Georgia", "Arial"
# Style, size in points, colour, font, space before and after in points.
_STYLES = (
    ("Normal", 10.5, _INK, _SERIF, 0, 6),
    ("Body Text", 10.5, _INK, _SERIF, 0, 6),
    ("First Paragraph", 10.5, _INK, _SERIF, 0, 6),
    ("Compact", 9, _INK, _SANS, 1, 1),
    ("Title", 22, _INK, _SANS, 0, 6),
    ("Subtitle", 11, _SOFT, _SANS, 0, 12),
    ("Heading 1", 17, _INK, _SANS, 24, 6),
    ("Heading 2", 13, _INK, _SANS, 16, 4),
    ("Heading 3", 11, _INK, _SANS, 12, 3),
    ("Heading 4", 10, _INK, _SANS, 10, 2),
    ("Heading 5", 10, _INK, _SANS, 10, 2),
    ("Block Text", 10.5, _INK, _SERIF, 4, 4),
    ("Table Caption", 9, _SOFT, _SANS, 10, 3),
    ("Image Caption", 9, _SOFT, _SANS, 2, 10),
    ("Bibliography", 9.5, _INK, _SERIF, 0, 4),
)


def write_reference(path: Path) -> None:
    """Write the reference document that pandoc takes the styles of a Word file from."""
    import docx
    import pypandoc
    from docx.shared import Cm

    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    default = subprocess.run(command, check=True, capture_output=True).stdout
    path.write_bytes(default)
    document = docx.Document(str(path))
    for name, size, colour, font, before, after in _STYLES:
        _restyle(document.styles[name], size, colour, font, before, after)
    document.styles["Heading 1"].paragraph_format.page_break_before = False
    _rule_left(document.styles["Block Text"])
    _rule_rows(document.styles["Table"])
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2.3)
    document.save(str(path))
    _undate(path)


def _undate(path: Path) -> None:
    """Set back the times inside, which pandoc copies: a report is the same bytes on every day."""
    with zipfile.ZipFile(path) as packed:
        parts = [(part.filename, packed.read(part)) for part in packed.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts:
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def _restyle(style: Any, size: float, colour: str, font: str, before: float, after: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = font, Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _rule_left(style: Any) -> None:
    """A blue rule beside quotations, as in the PDF."""
    from docx.shared import Cm

    style.paragraph_format.left_indent = Cm(0.6)
    _borders(style.element.get_or_add_pPr(), "w:pBdr", {"left": (18, "0072B2")})


def _rule_rows(style: Any) -> None:
    """Thin rules between the rows of a table."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = style.element.find(qn("w:tblPr"))
    if properties is None:
        properties = OxmlElement("w:tblPr")
        style.element.append(properties)
    _borders(properties, "w:tblBorders", {"bottom": (4, _LINE), "insideH": (4, _LINE)})


def _borders(parent: Any, name: str, edges: dict[str, tuple[int, str]]) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement(name)
    for edge, (eighths, colour) in edges.items():
        line = OxmlElement(f"w:{edge}")
        for key, value in {"val": "single", "sz": eighths, "space": 4, "color": colour}.items():
            line.set(qn(f"w:{key}"), str(value))
        borders.append(line)
    parent.append(borders)
