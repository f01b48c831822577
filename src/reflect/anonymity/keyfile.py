"""The key of a pseudonymised corpus: a file of its own, for its owner only."""

from __future__ import annotations

import base64
import json
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from reflect.errors import ReflectError

FORMAT = "reflect-key"
_COST = {"n": 2**15, "r": 8, "p": 1}
#: No key needs more; a larger file is none of ours.
_LARGEST = 512 * 1024 * 1024
_HIGHEST = 2**20


class KeyFileError(ReflectError):
    """A key file that cannot be used, or a place where none may lie."""


def write_key(
    path: Path,
    content: dict[str, Any],
    *,
    passphrase: str = "",
    apart: tuple[Path, ...] = (),
    replace: bool = False,
) -> Path:
    """Write a key file with mode 0600, whole or not at all.

    With a passphrase it is encrypted: scrypt (n = 2**15, r = 8, p = 1) makes the key for AES-256 in
    GCM mode, so a wrong passphrase or a changed byte is noticed.

    Parameters
    ----------
    path : Path
        The file; not inside a corpus, nor in the work tree of a version control system.
    content : dict
        What JSON can hold.
    passphrase : str
        "" writes it readable.
    apart : tuple of Path
        Corpus folders that it must not lie in.
    replace : bool
        Whether a key that is there may be replaced.

    Raises
    ------
    KeyFileError
        If the place is refused, or cannot be written to.
    """
    refuse_place(path, apart)
    if path.exists() and not replace:
        raise KeyFileError(f"{path}: exists. Name a new key file; a lost key cannot be made again")
    data = json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    outer: dict[str, Any] = {"format": FORMAT, "version": 1}
    if passphrase:
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        sealed = _cipher(passphrase, salt, _COST).encrypt(nonce, data, FORMAT.encode())
        outer |= {"kdf": {"name": "scrypt", **_COST, "salt": _text(salt)}}
        outer |= {"cipher": "AES-256-GCM", "nonce": _text(nonce), "data": _text(sealed)}
    else:
        outer["content"] = content
    text = json.dumps(outer, ensure_ascii=True, sort_keys=True, indent=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp makes the file for its owner only from the first byte on.
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as target:
                target.write(text.encode("ascii"))
                target.flush()
                os.fsync(target.fileno())
            os.chmod(name, 0o600)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise KeyFileError(
            f"{path}: cannot be written ({error.strerror}). Name another place"
        ) from None
    return path


def read_key(path: Path, passphrase: str = "") -> dict[str, Any]:
    """Content of a key file.

    Raises
    ------
    KeyFileError
        If there is none, it is no key, or the passphrase does not open it.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise KeyFileError(f"{path}: too large for a key file. Name the key of this corpus")
        outer = json.loads(path.read_bytes())
        if outer["format"] != FORMAT or outer["version"] != 1:
            raise KeyError
        content = outer["content"] if "content" in outer else _opened(path, outer, passphrase)
        if not isinstance(content, dict):
            raise TypeError
    except OSError as error:
        raise KeyFileError(
            f"{path}: cannot be read ({error.strerror}). Name the key file"
        ) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KeyFileError(
            f"{path}: not a key file of reflect, or a damaged one. Take your copy of it"
        ) from None
    return content


def is_encrypted(path: Path) -> bool:
    """Whether a key file needs a passphrase."""
    try:
        return "content" not in json.loads(path.read_bytes())
    except (OSError, ValueError, TypeError):
        return False


def refuse_place(path: Path, apart: tuple[Path, ...] = ()) -> None:
    """Raise where a key file must not lie: in a corpus, or where version control would take it.

    Raises
    ------
    KeyFileError
        With the folder that is the reason.
    """
    whole = path.resolve()
    for folder in (whole, *whole.parents):
        for mark in (".git", ".hg", ".svn"):
            if (folder / mark).exists():
                raise KeyFileError(
                    f"{path}: lies in the work tree {folder}, which version control keeps for ever"
                    ". Name a place outside it"
                )
        if (folder / "datapackage.json").exists() or any(
            folder == other.resolve() for other in apart
        ):
            raise KeyFileError(
                f"{path}: lies inside the corpus {folder.name}, and a key must be kept apart from "
                "it. Name a place outside"
            )


def _opened(path: Path, outer: dict[str, Any], passphrase: str) -> Any:
    from cryptography.exceptions import InvalidTag

    if not passphrase:
        raise KeyFileError(f"{path}: is encrypted. Give its passphrase")
    cost = {name: int(outer["kdf"][name]) for name in _COST}
    # Numbers from a file must not make us fill the memory.
    if not (1 < cost["n"] <= _HIGHEST and cost["r"] <= 32 and cost["p"] <= 16):
        raise ValueError
    cipher = _cipher(passphrase, base64.b64decode(outer["kdf"]["salt"]), cost)
    try:
        data = cipher.decrypt(
            base64.b64decode(outer["nonce"]), base64.b64decode(outer["data"]), FORMAT.encode()
        )
    except InvalidTag:
        raise KeyFileError(
            f"{path}: the passphrase does not open it, or it was changed. Try again"
        ) from None
    return json.loads(data.decode("utf-8", "surrogatepass"))


def _cipher(passphrase: str, salt: bytes, cost: dict[str, int]) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return AESGCM(Scrypt(salt=salt, length=32, **cost).derive(passphrase.encode("utf-8")))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
