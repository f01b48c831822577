"""Parsed documents of trained pipelines on disk, one file a text."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from importlib.resources import files
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

_RULE_FILES = ("sentence_bounds.py", "diary_tokenizer.py")


class DocCache:
    """Documents by the content of their text.

    The key hashes the text, the language, the pipeline's whole description (name, version, parts),
    spaCy's version and our rules, so nothing stale is ever read. A file that cannot be read counts
    as missing and is written anew. The folder holds diary text: it gets a ``.gitignore`` of ``*``.

    Parameters
    ----------
    folder : str or Path
        Made if it is not there.
    nlp : Language
        The pipeline that parses.
    """

    def __init__(self, folder: str | Path, nlp: Language) -> None:
        self.folder = Path(folder)
        self.nlp = nlp
        described = json.dumps(nlp.meta, sort_keys=True, default=str)
        self._seed = "\0".join((nlp.lang, described, spacy.__version__, _rules_version()))
        self.folder.mkdir(parents=True, exist_ok=True)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")

    def get(self, text: str) -> Doc | None:
        """The cached document of a text, or None."""
        try:
            stored = DocBin().from_bytes(self._place(text).read_bytes())
            doc = next(iter(stored.get_docs(self.nlp.vocab)))
        except Exception:  # a damaged file can fail anywhere in zlib, msgpack or spaCy
            return None
        return doc if doc.text == text else None

    def put(self, doc: Doc) -> None:
        """Store a document, whole or not at all."""
        place = self._place(doc.text)
        place.parent.mkdir(exist_ok=True)
        part = place.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(DocBin(docs=[doc], store_user_data=False).to_bytes())
        os.replace(part, place)

    def _place(self, text: str) -> Path:
        key = hashlib.sha256(f"{self._seed}\0{text}".encode(errors="surrogatepass")).hexdigest()
        return self.folder / key[:2] / f"{key[2:]}.spacy"


@cache
def _rules_version() -> str:
    """Hash of everything that decides tokens and sentences."""
    digest = hashlib.sha256()
    package = files("reflect")
    for name in _RULE_FILES:
        digest.update(package.joinpath(name).read_bytes())
    for language in ("de", "en"):
        for name in ("abbreviations.txt", "openers.txt"):
            digest.update(package.joinpath("data", language, name).read_bytes())
    return digest.hexdigest()
