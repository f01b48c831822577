"""Tokens a second of the audit on one core, after loading.

Run: OMP_NUM_THREADS=1 python tests/benchmarks/audit.py [ENTRIES]
"""

from __future__ import annotations

import sys
import time

import pandas as pd
from parse import table

from reflect.anonymity.audit import audit
from reflect.anonymity.words import words

NAMES = ("Olena", "Tewodros", "Frau Huber", "Mr Adeyemi", "Zahra Rezaei", "Ivan", "Karl-Heinz")
EXTRA = (
    "Tel. 0664 {n:07d}.",
    "Sie wohnt in der Langen Gasse {n}, 1080 Wien.",
    "Schreib an tee{n}@example.org!",
    "Konto AT61 1904 3002 3457 3201.",
)


def seeded(size: int) -> pd.DataFrame:
    """Entries of the parsing benchmark, placeholders filled, every fourth with a number."""
    entries = table(size)
    texts = []
    for number, text in enumerate(entries["text"]):
        for place in range(1, 5):
            text = text.replace(f"[PERSON_{place}]", NAMES[(number + place) % len(NAMES)])
        if number % 4 == 0:
            text += " " + EXTRA[number // 4 % len(EXTRA)].format(n=number)
        texts.append(text)
    return entries.assign(text=texts)


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    entries = seeded(size)
    count = sum(len(words(text)) for text in entries["text"])
    begin = time.perf_counter()
    audit(entries.head(4))
    print(f"loading and four entries: {time.perf_counter() - begin:.2f} s")
    best = float("inf")
    for _ in range(3):
        begin = time.perf_counter()
        found = audit(entries)
        best = min(best, time.perf_counter() - begin)
    print(
        f"{size} entries, {count} tokens, {len(found)} findings: {best:.2f} s, "
        f"{count / best:,.0f} tokens/s"
    )


if __name__ == "__main__":
    main()
