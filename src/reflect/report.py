"""Build a research report from a corpus, and prove that it can be built again."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reflect import manifest
from reflect.anonymity.gate import open_findings, refuse_open
from reflect.appendix import appendix
from reflect.assemble import Document, add_notebook
from reflect.coding import own_model
from reflect.corpus import Corpus
from reflect.errors import ReportError
from reflect.labels import label
from reflect.notebook import find_notebooks, prepare, run
from reflect.prose import enough_for_topics
from reflect.render import render

TOPICS = "02_topics.ipynb"
SECTIONS = (
    "01_corpus.ipynb",
    TOPICS,
    "03_perspective_shift.ipynb",
    "04_both_sides.ipynb",
)
PORTRAIT = "tandem.ipynb"
Progress = Callable[[str, int, int], None]


def build_report(
    corpus: Path,
    folder: Path,
    *,
    language: str = "en",
    seed: int = 0,
    notebooks: Path | None = None,
    strict: bool = False,
    progress: Progress = lambda step, done, total: None,
) -> Path:
    """Run the notebooks on a corpus and write the report.

    The folder gets ``report.html``, ``report.pdf``, ``report.docx``, ``figures/``, ``tables/``
    and ``manifest.json``. It is built beside its place and moved there when whole: an
    interrupted build leaves an earlier report as it was. The same input
    gives the same bytes.

    Parameters
    ----------
    corpus : Path
        A corpus folder.
    folder : Path
        Where the report goes; an earlier report there is replaced, any other
        folder that holds files is refused.
    language : str
        ``de`` or ``en``; quotations stay in the language they were written in.
    seed : int
        Of every resampling and of the topic model.
    notebooks : Path, optional
        A researcher's own copies of the notebooks.
    strict : bool
        Refuse a corpus in which findings of the audit are open, before anything is run.
    progress : callable
        Told the name of each step before it begins, the steps done, and their number.

    Returns
    -------
    Path
        The report's folder.

    Raises
    ------
    CorpusError
        With every fault of the corpus.
    ReportError
        Where the folder is not a report's, or a notebook fails.
    ReflectError
        Where `strict` and findings are open, or a learned model no longer fits the codes.
    """
    loaded = Corpus.load(corpus)
    # A model that no longer fits the codes is told before anything is run.
    own_model.load(loaded)
    if strict:
        refuse_open(open_findings(loaded))
    source = find_notebooks(notebooks)
    folder = folder.resolve()
    _recover(folder)
    _refuse_strangers(folder)
    if folder.is_relative_to(loaded.path.resolve()):
        raise ReportError(f"{folder}: lies inside the corpus. Name a folder outside it")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as fault:
        raise ReportError(
            f"{folder}: cannot be written ({fault.strerror}). Name another folder"
        ) from None
    try:
        document = _run_notebooks(loaded, source, language, seed, progress)
        _write(workplace, document, loaded, language)
        content = _manifest(workplace, loaded, source, folder, language, seed)
        manifest.write(workplace / manifest.NAME, content)
        _swap(workplace, folder)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    return folder


def verify_report(
    folder: Path,
    *,
    corpus: Path | None = None,
    notebooks: Path | None = None,
    progress: Progress = lambda step, done, total: None,
) -> list[str]:
    """Build a report again and compare it with its manifest and its files.

    Parameters
    ----------
    folder : Path
        A report built by `build_report`.
    corpus, notebooks : Path, optional
        Where they are now, if not where the manifest says.

    Returns
    -------
    list of str
        One line for each difference; empty where every byte is the same.

    Raises
    ------
    ReportError
        Where there is no manifest or no corpus.
    """
    folder = folder.resolve()
    old = manifest.read(folder)
    changed = manifest.differences(
        {"outputs": old["outputs"]}, {"outputs": manifest.digests(folder, (manifest.NAME,))}
    )
    corpus = corpus or folder / old["corpus"]
    if not corpus.is_dir():
        raise ReportError(f"{corpus}: no such corpus folder. Name it with --corpus")
    with tempfile.TemporaryDirectory(prefix="reflect-verify-") as place:
        again = build_report(
            corpus,
            Path(place) / folder.name,
            language=old["parameters"]["language"],
            seed=old["parameters"]["seed"],
            notebooks=notebooks,
            progress=progress,
        )
        rebuilt = manifest.differences(old, manifest.read(again))
    on_disk = [f"on disk, {line}" for line in changed]
    return on_disk + [f"built again, {line}" for line in rebuilt]


def _run_notebooks(
    corpus: Corpus, source: Path, language: str, seed: int, progress: Progress
) -> Document:
    shared: dict[str, Any] = {
        "CORPUS": str(corpus.path.resolve()),
        "LANGUAGE": language,
        "SEED": seed,
    }
    tandems = sorted(corpus.participants["tandem_id"].unique())
    sections = [name for name in SECTIONS if name != TOPICS or enough_for_topics(corpus.entries)]
    jobs = [(name, prepare(source / name, shared)) for name in sections]
    for tandem in tandems:
        portrait = prepare(source / PORTRAIT, shared | {"TANDEM": tandem})
        jobs.append((f"{PORTRAIT} ({tandem})", portrait))
    done = run(jobs, source, progress)
    progress("report.html, report.pdf, report.docx", len(jobs), len(jobs) + 1)
    document = Document()
    for notebook in done[: len(sections)]:
        add_notebook(document, notebook, language)
    lead = label(language, "report.portraits_lead")
    document.body.append(f"# {label(language, 'report.portraits')}\n\n{lead}")
    for tandem, notebook in zip(tandems, done[len(sections) :], strict=True):
        add_notebook(document, notebook, language, deeper=1, prefix=f"{_slug(tandem)}-")
    # It reads its figures from every measure's module: a second that refused input need not pay.
    from reflect.methods import methods, passages

    document.body += [
        methods(corpus, done, document.facts, language, seed),
        _provenance(language),
        appendix(corpus, document, language),
        f"# {passages(language)['references']}\n\n::: {{#refs}}\n:::",
    ]
    return document


def _write(folder: Path, document: Document, corpus: Corpus, language: str) -> None:
    for name, files in (("figures", document.figures), ("tables", document.tables)):
        (folder / name).mkdir()
        for file, content in files.items():
            (folder / name / file).write_bytes(content)
    render(
        folder,
        "\n\n".join(document.front),
        "\n\n".join(document.body),
        title=corpus.title,
        subtitle=label(language, "report.subtitle"),
        notice=label(language, "report.synthetic") if corpus.synthetic else "",
        language=language,
    )


def _provenance(language: str) -> str:
    used = ", ".join(f"{package} {version}" for package, version in manifest.versions().items())
    heading = label(language, "report.provenance")
    return f"# {heading}\n\n{label(language, 'report.made_with', versions=used)}"


def _manifest(
    built: Path, corpus: Corpus, notebooks: Path, folder: Path, language: str, seed: int
) -> dict[str, Any]:
    return {
        # Relative, so that report and corpus can move together, and no machine's path is told.
        "corpus": Path(os.path.relpath(corpus.path.resolve(), folder)).as_posix(),
        "parameters": {"language": language, "seed": seed},
        "versions": manifest.versions(),
        "inputs": manifest.digests(corpus.path),
        "notebooks": {name: manifest.digest(notebooks / name) for name in (*SECTIONS, PORTRAIT)},
        "outputs": manifest.digests(built),
    }


def _refuse_strangers(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise ReportError(f"{folder}: is a file. Name a folder for the report")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / manifest.NAME).is_file():
        raise ReportError(
            f"{folder}: holds files and no report. Name a new folder, or empty this one"
        )


def _recover(folder: Path) -> None:
    """Put an earlier report back that a build killed in mid-swap left aside."""
    old = folder.with_name(f".{folder.name}.old")
    if old.exists() and not folder.exists():
        old.rename(folder)


def _swap(built: Path, folder: Path) -> None:
    """Put the new report in its place; the old one goes only when the new one is there."""
    built.chmod(0o755)
    old = folder.with_name(f".{folder.name}.old")
    if old.exists():
        shutil.rmtree(old)
    if folder.exists():
        folder.rename(old)
    try:
        built.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _slug(name: str) -> str:
    """A file name for a tandem: two tandems never share one."""
    return "".join(sign if sign.isalnum() or sign in "-_" else f"~{ord(sign):x}" for sign in name)
