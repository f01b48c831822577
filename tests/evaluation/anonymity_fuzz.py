"""Random and hostile inputs through ingest, audit and pseudonymise: no crash, nothing lost.

Run: python tests/evaluation/anonymity_fuzz.py [INPUTS] [SEED]
Each batch is a corpus whose cells are random; one in ten batches is random bytes as a file.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from reflect.anonymity.pseudonyms import pseudonymise
from reflect.anonymity.restoration import restore
from reflect.corpus import Corpus
from reflect.errors import ReflectError
from reflect.ingest import import_table
from reflect.intake import Programme
from reflect.sheets import sheet_text

BATCH = 100
PIECES = [
    "Olena",
    "Frau Klein",
    "Ivans",
    "[PERSON_1]",
    "[PERSON_",
    "]",
    "=1+1",
    "@x",
    "+43 664 1234567",
    "AT61 1904 3002 3457 3201",
    "Lange Gasse 4, 1080 Wien",
    "a@b.at",
    "http://x.at/?<>",
    "\n",
    "\r\n",
    "\t",
    '"',
    "'",
    ",",
    ";",
    "\u202e",
    "\u200b",
    "\ufeff",
    "é",
    "e\u0301",
    "ß",
    "İ",
    "Олена",
    "中文",
    "علي",
    "🙂",
    "geboren am 3.5.2001",
    "am 29.2.",
    "31. Dezember",
    "2025-02-30",
    "Feb 29, 2024",
    "12.12.99",
    "der einzige Afghane in der Abteilung",
    "</script>",
    "{{7*7}}",
    "%s%n",
    "\\",
    "--",
    "NULL",
    "0" * 40,
    "A." * 20,
    "A-" * 30,
    "im März 2024",
    "Klinik am ",
    "geboren am ersten ",
    "-",
    " ",
    " ",
    " ",
    ". ",
]


def piece(rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.7:
        return rng.choice(PIECES)
    if roll < 0.85:
        return "".join(chr(rng.randrange(32, 0x250)) for _ in range(rng.randrange(1, 12)))
    letters = (rng.randrange(32, 0x1FFFF) for _ in range(rng.randrange(1, 6)))
    return "".join(chr(x) for x in letters if not 0xD800 <= x < 0xE000)


def cells(rng: random.Random) -> list[str]:
    return ["x" + "".join(piece(rng) for _ in range(rng.randrange(1, 14))) for _ in range(BATCH)]


def corpus_of(rng: random.Random, place: Path) -> Path:
    texts = cells(rng)
    folder = place / "c"
    folder.mkdir()
    people = [["A", "T", "one"], ["B", "T", "two"]]
    (folder / "participants.csv").write_bytes(
        sheet_text(["participant_id", "tandem_id", "side"], people).encode()
    )
    prompt = piece(rng) if rng.random() < 0.5 else ""
    rows = [
        [f"e{n}", "AB"[n % 2], "2025-01-02", text, "de", prompt, piece(rng)]
        for n, text in enumerate(texts)
    ]
    header = ["entry_id", "participant_id", "date", "text", "language", "prompt", "note"]
    (folder / "entries.csv").write_bytes(sheet_text(header, rows).encode("utf-8", "replace"))
    (folder / "datapackage.json").write_text(json.dumps({"reflect": {"sides": ["one", "two"]}}))
    return folder


def run(rng: random.Random, place: Path, counts: dict[str, int]) -> None:
    if rng.random() < 0.1:
        source = place / "x.csv"
        data = bytes(rng.randrange(256) for _ in range(400))
        head = b"who,tandem,side,date,text\n" if rng.random() < 0.5 else b""
        source.write_bytes(head + data)
        try:
            import_table(
                source,
                place / "i",
                participant="who",
                tandem="tandem",
                side="side",
                date="date",
                text="text",
                programme=Programme(sides=("one", "two")),
            )
        except ReflectError:
            counts["refused"] += 1
        return
    folder = corpus_of(rng, place)
    try:
        loaded = Corpus.load(folder)
    except ReflectError:
        counts["refused"] += 1
        return
    pseudonymise(loaded, place / "n", place / "k.json", shift_dates=rng.random() < 0.5)
    Corpus.load(place / "n")
    restore(place / "n", place / "r", place / "k.json")
    for name in ("entries.csv", "participants.csv", "datapackage.json"):
        if (place / "r" / name).read_bytes() != (folder / name).read_bytes():
            raise AssertionError(f"{name} did not come back")
    counts["round trips"] += 1


def main() -> None:
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    counts = {"refused": 0, "round trips": 0}
    begin = time.perf_counter()
    for batch in range(inputs // BATCH):
        place = Path(tempfile.mkdtemp(prefix="reflect-fuzz-"))
        try:
            run(random.Random(f"{seed}-{batch}"), place, counts)
        except Exception:
            print(f"seed {seed}, batch {batch} failed; its files are in {place}")
            raise
        shutil.rmtree(place)
    print(
        f"{inputs} inputs in {inputs // BATCH} batches: {counts}, no crash, nothing lost, "
        f"{time.perf_counter() - begin:.0f} s"
    )


if __name__ == "__main__":
    main()
