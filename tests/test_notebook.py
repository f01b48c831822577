"""Parameterised notebooks: every parameter is declared, every failure one line without text."""

from pathlib import Path

import nbformat
import nbformat.v4 as nb
import pytest

from reflect.errors import ReportError
from reflect.notebook import find_notebooks, prepare, run

SECRET = "Zaubernuss"


def notebook(path: Path, *sources: str, parameters: str = 'LANGUAGE = "en"\nSEED: int = 0') -> Path:
    cells = [nb.new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    cells += [nb.new_code_cell(source) for source in sources]
    nbformat.write(nb.new_notebook(cells=cells), path)
    return path


def test_own_notebooks_are_found_and_a_wrong_folder_is_named(tmp_path):
    with pytest.raises(ReportError, match="no report notebooks found") as fault:
        find_notebooks(tmp_path)
    assert str(fault.value) == (
        f"{tmp_path}: no report notebooks found. Name their folder with --notebooks"
    )
    notebook(tmp_path / "01_corpus.ipynb")
    assert find_notebooks(tmp_path) == tmp_path


def test_the_packages_own_notebooks_are_found_without_a_name():
    found = find_notebooks()
    assert (found / "01_corpus.ipynb").is_file()
    assert (found / "tandem.ipynb").is_file()


def test_parameters_are_set_after_their_declaration(tmp_path):
    prepared = prepare(notebook(tmp_path / "a.ipynb"), {"LANGUAGE": "de", "SEED": 3})
    first, second = prepared.cells
    assert "parameters" in first.metadata.tags
    assert "injected-parameters" in second.metadata.tags
    assert 'LANGUAGE = "de"' in second.source and "SEED = 3" in second.source


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"TANDEM": "A"}, "TANDEM"),
        ({"language": "de", "SEED": 1}, "language"),
        ({"Z": 1, "A": 2}, "A, Z"),
        ({"note": "x"}, "note"),
    ],
)
def test_a_parameter_that_is_not_declared_is_refused(tmp_path, given, names):
    path = notebook(tmp_path / "a.ipynb", "note = 1")
    with pytest.raises(ReportError, match="no cell tagged 'parameters' sets") as fault:
        prepare(path, given)
    assert str(fault.value) == (f"{path}: no cell tagged 'parameters' sets {names}. Add it there")


@pytest.mark.parametrize("content", [None, "", "{", '{"cells": 3}', SECRET])
def test_an_unreadable_notebook_is_one_line(tmp_path, content):
    path = tmp_path / "a.ipynb"
    if content is not None:
        path.write_text(content)
    with pytest.raises(
        ReportError, match=r"not a readable notebook \(\w+\)\. Restore it$"
    ) as fault:
        prepare(path, {})
    assert "\n" not in str(fault.value)
    assert SECRET not in str(fault.value)


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> list:
    """Two notebooks in one kernel; what the first leaves behind must not reach the second."""
    folder = tmp_path_factory.mktemp("notebooks")
    first = prepare(notebook(folder / "a.ipynb", "left = 1", "LANGUAGE, SEED"), {"LANGUAGE": "de"})
    look = "import os\n('left' in globals(), os.getcwd(), os.environ['REFLECT_SVG'])"
    second = prepare(notebook(folder / "b.ipynb", look), {"SEED": 7})
    told = []
    done = run([("a", first), ("b", second)], folder, lambda *step: told.append(step))
    return [folder, done, told, sorted(path.name for path in folder.iterdir())]


def result(cell) -> str:
    return cell.outputs[0]["data"]["text/plain"]


def test_each_notebook_runs_with_its_parameters_and_an_empty_namespace(ran):
    folder, (first, second), _, _ = ran
    assert result(first.cells[-1]) == "('de', 0)"
    assert result(second.cells[-1]) == repr((False, str(folder), "1"))


def test_steps_are_told_and_nothing_is_left_in_the_folder(ran):
    _, done, told, names = ran
    assert [step[0] for step in told] == ["a", "b"]
    assert names == ["a.ipynb", "b.ipynb"]
    assert all("reset" not in cell.source for notebook in done for cell in notebook.cells)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (f"raise ValueError('{SECRET}')", "ValueError"),
        (
            "from reflect.errors import ReflectError\nraise ReflectError('no hits. Add entries')",
            "ReflectError: no hits. Add entries",
        ),
    ],
)
def test_a_failing_cell_is_one_line_without_diary_text(tmp_path, source, told):
    failing = prepare(notebook(tmp_path / "a.ipynb", "1", source), {})
    with pytest.raises(ReportError, match="a.ipynb, cell") as fault:
        run([("a.ipynb", failing)], tmp_path)
    message = str(fault.value)
    # The third cell of the notebook as its author sees it.
    assert message.startswith("a.ipynb, cell 3: ")
    assert f": {told}. Run the notebook by itself in JupyterLab" in message
    assert "\n" not in message and SECRET not in message
    # Nor must a traceback of Python's own show it.
    assert fault.value.__suppress_context__
