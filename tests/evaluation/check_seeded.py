"""The audit on filled diaries that the weights have not seen (after train_anonymity.py ... check).

Run: python tests/evaluation/check_seeded.py CORPUS [--errors]
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pandas as pd
from anonymity import score, show_errors
from seeded import Names, fill

from reflect.anonymity.audit import audit


def main() -> None:
    rng = random.Random(99)
    corpus = fill(Path(sys.argv[1]), Names(rng, wide=False), "check")
    table = pd.DataFrame(
        [(f"E{n}", text, language) for n, (text, language, _) in enumerate(corpus)],
        columns=["entry_id", "text", "language"],
    )
    gold = {f"E{n}": spans for n, (_, _, spans) in enumerate(corpus)}
    found = audit(table)
    print(score(found, gold).to_string(index=False))
    if "--errors" in sys.argv:
        show_errors(table, gold, found)


if __name__ == "__main__":
    main()
