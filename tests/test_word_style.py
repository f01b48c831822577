"""The reference document of the Word report."""

import zipfile

from reflect.word_style import write_reference


def test_the_reference_holds_no_time_of_its_making(tmp_path):
    path = tmp_path / "reference.docx"
    write_reference(path)
    with zipfile.ZipFile(path) as packed:
        assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
