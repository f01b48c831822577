"""The audit on filled diaries that the weights have not seen, filled in five ways.

Run: REFLECT_WEIGHTS=TARGET.json python tests/evaluation/check_seeded.py CORPUS [--errors]
with the weights of `train_anonymity.py … check TARGET.json`.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pandas as pd
from anonymity import own_weights, score, show_errors
from seeded import Names, fill

from reflect.anonymity.audit import audit


def main() -> None:
    own_weights()
    tables, findings, gold = [], [], {}
    for seed in range(99, 104):
        corpus = fill(Path(sys.argv[1]), Names(random.Random(seed), wide=False), "check")
        names = [f"{seed}-{number}" for number in range(len(corpus))]
        rows = [(n, text, code) for n, (text, code, _) in zip(names, corpus, strict=True)]
        tables.append(pd.DataFrame(rows, columns=["entry_id", "text", "language"]))
        findings.append(audit(tables[-1]))
        gold |= {n: spans for n, (_, _, spans) in zip(names, corpus, strict=True)}
    table, found = pd.concat(tables), pd.concat(findings)
    print(score(found, gold).to_string(index=False))
    if "--errors" in sys.argv:
        show_errors(table, gold, found)


if __name__ == "__main__":
    main()
