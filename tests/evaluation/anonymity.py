"""How well the audit finds names: a table beside plain Presidio with its defaults for German.

Run: python tests/evaluation/anonymity.py [FILE | --old ENTRIES.csv ENTITIES.csv [PART]] [--errors]
FILE holds seeded entries; without it tests/data/anonymity/test.txt and heldout.txt are used, on
which nothing was fitted; heldout.txt was written before the rules it tests, and its errors were
never looked at. PART is 0 or 1, the entries of even or odd rows. The weights of the package were
fitted on both parts: `python tests/evaluation/train_anonymity.py … check` fits others on part 0,
and REFLECT_WEIGHTS names their file for a fair test on part 1.

Presidio runs with the recognisers that it loads for German by default and a blank spaCy pipeline:
its default for names is a trained pipeline that must be downloaded, so it cannot find names here.
Without presidio-analyzer only our table is printed.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections import Counter
from pathlib import Path

import pandas as pd

DATA = Path(__file__).parents[1] / "data" / "anonymity"
_MARK = re.compile(r"\{(\w+):([^}]*)\}")
KINDS = {"dob": "date_of_birth", "id": "id_number"}
Gold = dict[str, list[tuple[int, int, str]]]


def seeded(path: Path) -> tuple[pd.DataFrame, Gold]:
    """Entries written as ``de|text with {person:Olena} marked``, one a line."""
    rows, gold = [], {}
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        language, marked = line.split("|", 1)
        text, spans, at = "", [], 0
        for match in _MARK.finditer(marked):
            text += marked[at : match.start()]
            spans.append((len(text), len(text) + len(match[2]), KINDS.get(match[1], match[1])))
            text += match[2]
            at = match.end()
        text += marked[at:]
        rows.append((f"E{number}", text, language))
        gold[f"E{number}"] = spans
    return pd.DataFrame(rows, columns=["entry_id", "text", "language"]), gold


def old(entries: str, entities: str, part: int | None) -> tuple[pd.DataFrame, Gold]:
    table = pd.read_csv(entries, dtype=str, keep_default_na=False)
    if part is not None:
        table = table[part::2].reset_index(drop=True)
    marks = pd.read_csv(entities, keep_default_na=False)
    gold: Gold = {name: [] for name in table["entry_id"]}
    for row in marks.itertuples(index=False):
        if row.entry_id in gold:
            gold[row.entry_id].append((row.start, row.end, row.kind))
    return table[["entry_id", "text", "language"]], gold


def score(found: pd.DataFrame, gold: Gold, alike: dict[str, str] | None = None) -> pd.DataFrame:
    """Recall and precision by kind; a mark counts as found where a finding of its kind overlaps it.

    ``any`` columns count overlaps with a finding or mark of any kind; ``exact`` wants both offsets.
    """
    alike = alike or {}
    hits: dict[str, list[tuple[int, int, str]]] = {}
    for row in found.itertuples(index=False):
        hits.setdefault(row.entry_id, []).append((row.start, row.end, row.kind))
    counts: Counter[tuple[str, str]] = Counter()
    for name, marks in gold.items():
        own = hits.get(name, [])
        for start, end, kind in marks:
            over = [h for h in own if h[0] < end and start < h[1]]
            counts[kind, "marks"] += 1
            counts[kind, "found"] += any(
                alike.get(h[2], h[2]) == kind or h[2] == kind for h in over
            )
            counts[kind, "found_any"] += bool(over)
            counts[kind, "exact"] += (start, end, kind) in own
        for start, end, kind in own:
            over = [m for m in marks if m[0] < end and start < m[1]]
            counts[kind, "findings"] += 1
            counts[kind, "right"] += any(m[2] in (kind, alike.get(kind)) for m in over)
            counts[kind, "right_any"] += bool(over)
    kinds = sorted({kind for kind, _ in counts})
    rows = [
        {"kind": k}
        | {
            n: counts[k, n]
            for n in ("marks", "found", "found_any", "exact", "findings", "right", "right_any")
        }
        for k in kinds
    ]
    rows.append({"kind": "all"} | {n: sum(r[n] for r in rows) for n in list(rows[0])[1:]})
    table = pd.DataFrame(rows)
    table["recall"] = (table["found"] / table["marks"]).round(3)
    table["recall_any"] = (table["found_any"] / table["marks"]).round(3)
    table["recall_exact"] = (table["exact"] / table["marks"]).round(3)
    table["precision"] = (table["right"] / table["findings"]).round(3)
    table["precision_any"] = (table["right_any"] / table["findings"]).round(3)
    return table.drop(columns=["found_any", "exact", "right_any"])


def presidio(table: pd.DataFrame) -> pd.DataFrame:
    """Plain Presidio: its registry for German, on a blank pipeline as none is trained here.

    Raises
    ------
    ImportError
        If it is not installed.
    """
    import logging

    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    logging.disable(logging.WARNING)
    engine = SpacyNlpEngine(models=[{"lang_code": "de", "model_name": "blank"}])
    engine.nlp = {"de": spacy.blank("de")}
    registry = RecognizerRegistry(supported_languages=["de"])
    registry.load_predefined_recognizers(languages=["de"], nlp_engine=engine)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["de"])
    kinds = {
        "PERSON": "person",
        "LOCATION": "place",
        "ORGANIZATION": "org",
        "PHONE_NUMBER": "phone",
        "EMAIL_ADDRESS": "email",
        "IBAN_CODE": "iban",
        "URL": "url",
    }
    rows = []
    for row in table.itertuples(index=False):
        for item in analyzer.analyze(row.text, language="de"):
            rows.append(
                (
                    row.entry_id,
                    item.start,
                    item.end,
                    kinds.get(item.entity_type, item.entity_type.lower()),
                )
            )
    return pd.DataFrame(rows, columns=["entry_id", "start", "end", "kind"])


def main() -> None:
    own_weights()
    arguments = sys.argv[1:]
    errors = "--errors" in arguments
    arguments = [a for a in arguments if a != "--errors"]
    if "--old" in arguments:
        entries, entities, *part = arguments[arguments.index("--old") + 1 :]
        sets = {"old texts": old(entries, entities, int(part[0]) if part else None)}
        alike = {"address": "place"}
    else:
        paths = [Path(name) for name in arguments] or [DATA / "test.txt", DATA / "heldout.txt"]
        sets = {path.name: seeded(path) for path in paths}
        alike = {}
    for name, (table, gold) in sets.items():
        compare(name, table, gold, alike, errors)


def own_weights() -> None:
    """Take the weights of the file that REFLECT_WEIGHTS names."""
    from reflect.anonymity import tagger

    if own := os.environ.get("REFLECT_WEIGHTS"):
        content = {clue: tuple(each) for clue, each in json.loads(Path(own).read_text()).items()}
        tagger.weights = lambda: content


def compare(
    name: str, table: pd.DataFrame, gold: Gold, alike: dict[str, str], errors: bool
) -> None:
    """Print how well the audit and plain Presidio find the marks of some texts."""
    from reflect.anonymity.audit import audit

    audit(table.head(1))
    begin = time.perf_counter()
    found = audit(table)
    taken = time.perf_counter() - begin
    print(f"reflect audit, {name}, {len(table)} entries, {taken:.2f} s")
    print(score(found, gold).to_string(index=False))
    if alike:
        lenient = score(found, gold, alike).set_index("kind")
        for kind in sorted(set(alike.values())):
            recall, precision = lenient.loc[kind, ["recall", "precision"]]
            print(f"{kind}, {' and '.join(alike)} counted as one: {recall} at {precision}")
    if errors:
        show_errors(table, gold, found)
        return
    try:
        other = presidio(table)
    except ImportError:
        print("plain Presidio: not installed (pip install presidio-analyzer)")
        return
    print("plain Presidio, its recognisers for German, no trained pipeline")
    print(score(other, gold).to_string(index=False))


def show_errors(table: pd.DataFrame, gold: Gold, found: pd.DataFrame) -> None:
    texts = table.set_index("entry_id")["text"]
    for name, marks in gold.items():
        own = found[found["entry_id"] == name]
        for start, end, kind in marks:
            if not ((own["start"] < end) & (own["end"] > start) & (own["kind"] == kind)).any():
                around = texts[name][max(0, start - 40) : end + 25].replace("\n", "|")
                other = own[(own["start"] < end) & (own["end"] > start)]["kind"].tolist()
                print(f"MISS {kind} {texts[name][start:end]!r} as {other}: {around!r}")
        for row in own.itertuples(index=False):
            if not any(m[0] < row.end and row.start < m[1] for m in marks):
                around = texts[name][max(0, row.start - 40) : row.end + 25].replace("\n", "|")
                print(f"FALSE {row.kind} {row.score} {row.recogniser} {row.text!r}: {around!r}")


if __name__ == "__main__":
    main()
