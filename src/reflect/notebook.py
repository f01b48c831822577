"""Run parameterised notebooks in one kernel, so that heavy imports are paid once."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.parameterize import parameterize_notebook

from reflect.errors import ReportError
from reflect.exhibit import SVG_SWITCH

RESET = "get_ipython().reset(new_session=True)"
TIMEOUT_SECONDS = 1800


def find_notebooks(folder: Path | None = None) -> Path:
    """The folder of the report's notebooks.

    Those of the installed package or of the checkout that it is installed from,
    unless `folder` names a researcher's own.

    Raises
    ------
    ReportError
        Where there is no such folder.
    """
    here = Path(__file__).resolve().parent
    candidates = [folder] if folder else [here / "notebooks", here.parents[1] / "notebooks"]
    for candidate in candidates:
        if (candidate / "01_corpus.ipynb").is_file():
            return candidate
    raise ReportError(
        f"{candidates[-1]}: no report notebooks found. Name their folder with --notebooks"
    )


def prepare(path: Path, parameters: dict[str, Any]) -> nbformat.NotebookNode:
    """A notebook with its parameters set; every parameter must be one that it declares.

    Raises
    ------
    ReportError
        For an unreadable notebook, or one that does not declare a parameter.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as fault:  # nbformat raises many kinds for broken JSON and old formats
        raise ReportError(
            f"{path}: not a readable notebook ({type(fault).__name__}). Restore it"
        ) from None
    declared = [
        cell.source for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])
    ]
    names = {
        line.partition("=")[0].partition(":")[0].strip()
        for cell in declared
        for line in cell.splitlines()
        if "=" in line
    }
    missing = sorted(parameters.keys() - names)
    if missing:
        raise ReportError(
            f"{path}: no cell tagged 'parameters' sets {', '.join(missing)}. Add it there"
        )
    notebook.metadata.setdefault("papermill", {})
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    logging.getLogger("papermill").setLevel(logging.ERROR)
    return parameterize_notebook(notebook, parameters, kernel_name="python3", language="python")


@contextmanager
def kernel(folder: Path) -> Iterator[KernelManager]:
    """A Python kernel of this very environment, started in `folder`, shut down afterwards."""
    specs = KernelSpecManager()
    # A kernel "python3" of the user's home must not shadow this environment's own.
    specs.kernel_dirs = [os.path.join(sys.prefix, "share", "jupyter", "kernels")]
    environment = os.environ | {
        SVG_SWITCH: "1",
        "HF_HUB_OFFLINE": "1",
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
    }
    with tempfile.TemporaryDirectory(prefix="reflect-") as place:
        # Diary text must not even cross the loopback network where the system can avoid it.
        sockets = {"transport": "ipc", "ip": f"{place}/kernel"} if os.name == "posix" else {}
        manager = KernelManager(kernel_name="python3", kernel_spec_manager=specs, **sockets)
        manager.start_kernel(cwd=str(folder), env=environment)
        try:
            yield manager
        finally:
            manager.shutdown_kernel(now=True)


def run(
    jobs: list[tuple[str, nbformat.NotebookNode]],
    folder: Path,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> list[nbformat.NotebookNode]:
    """Run notebooks one after the other, each with an empty namespace.

    Parameters
    ----------
    jobs : list of (name, notebook)
        Notebooks from `prepare`. Before each run `progress` is told its name, how many
        are done, and how many steps a report takes.

    Raises
    ------
    ReportError
        Where a cell fails: notebook, cell and kind of error, and the message only if
        it is one of reflect's own, because others may hold diary text.
    """
    done = []
    with kernel(folder) as manager:
        for place, (name, notebook) in enumerate(jobs):
            progress(name, place, len(jobs) + 1)
            notebook.cells.insert(0, nbformat.v4.new_code_cell(RESET))
            client = NotebookClient(notebook, km=manager, timeout=TIMEOUT_SECONDS)
            try:
                client.execute(reset_kc=False, cleanup_kc=False)
            except CellExecutionError as fault:
                raise ReportError(_describe(name, notebook, fault)) from None
            except (CellTimeoutError, DeadKernelError) as fault:
                raise ReportError(
                    f"{name}: {type(fault).__name__}. Run the notebook by itself in JupyterLab"
                ) from None
            notebook.cells.pop(0)
            done.append(notebook)
    return done


def _describe(name: str, notebook: nbformat.NotebookNode, fault: CellExecutionError) -> str:
    failed = [
        index
        for index, cell in enumerate(notebook.cells)
        if any(output.output_type == "error" for output in cell.get("outputs", []))
    ]
    own = fault.ename in {"ReflectError", "CorpusError", "CodebookError", "MissingExtraError"}
    message = f"{fault.ename}: {fault.evalue}" if own else fault.ename
    # Counted from 1 as in JupyterLab, without the two cells put in before it.
    place = f"cell {failed[0] - 1}" if failed else "a cell"
    return f"{name}, {place}: {message}. Run the notebook by itself in JupyterLab to see more"
