"""Writing a corpus folder: all of it or nothing, and never over something else."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reflect.errors import ReflectError
from reflect.schemas import TABLES

PACKAGE = "datapackage.json"
CACHE = ".reflect"
_OWN = frozenset([PACKAGE, *(table.file for table in TABLES.values())])


def write_folder(
    path: Path, files: dict[str, str], *, overwrite: bool = False, keep_cache: bool = False
) -> Path:
    """Write text files as a corpus folder.

    Built beside its place and moved there when complete. With `overwrite` the old corpus steps
    aside first and steps back if anything fails; its files that are no tables are kept.

    Parameters
    ----------
    path : Path
        The folder to make.
    files : dict of str to str
        Content by file name.
    overwrite : bool
        Whether a corpus may be replaced.
    keep_cache : bool
        Whether ``.reflect`` (cache, backups) of the old corpus stays.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ReflectError
        If the folder exists and may not be replaced, or cannot be written.
    """
    target = path.resolve()
    _refuse(path, target, overwrite)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _sibling(target) as fresh:
            if target.exists():
                _copy_others(target, fresh, keep_cache)
            for name, text in files.items():
                (fresh / name).write_bytes(text.encode("utf-8", errors="replace"))
            _swap(fresh, target)
    except OSError as error:
        raise ReflectError(
            f"{path}: cannot be written ({error.strerror}). Choose a folder you may write to."
        ) from error
    return path


def write_file(path: Path, data: bytes) -> None:
    """Write one file under a temporary name and rename it: it is never half-written."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(data)
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _refuse(path: Path, target: Path, overwrite: bool) -> None:
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not (target / PACKAGE).is_file():
        raise ReflectError(f"{path}: exists and is not a corpus. Choose another name.")
    if not overwrite:
        raise ReflectError(
            f"{path}: exists. Choose another name, or replace it with --overwrite "
            "(overwrite=True in Python)."
        )


@contextmanager
def _sibling(target: Path) -> Iterator[Path]:
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        fresh.chmod(0o777 & ~_umask())
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, target: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    target.rename(aside / target.name)
    try:
        fresh.rename(target)
    except BaseException:
        (aside / target.name).rename(target)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _copy_others(old: Path, fresh: Path, keep_cache: bool) -> None:
    for other in sorted(old.iterdir()):
        if other.name in _OWN or (other.name == CACHE and not keep_cache):
            continue
        if other.is_dir() and not other.is_symlink():
            shutil.copytree(other, fresh / other.name, symlinks=True)
        else:
            shutil.copy2(other, fresh / other.name, follow_symlinks=False)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
