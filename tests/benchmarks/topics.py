"""How long a fit of topics takes beside default BERTopic, and how it grows.

Run: python tests/benchmarks/topics.py [ENTRIES]

Both get the same texts and vectors; imports are made beforehand. BERTopic is timed first in a fresh
process, as people meet it: UMAP compiles when it is first used.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
import time
import warnings

os.environ.setdefault("TQDM_DISABLE", "1")
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import hdbscan  # noqa: E402, F401
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import umap  # noqa: E402, F401
from bertopic import BERTopic  # noqa: E402

from reflect.embeddings import aligned  # noqa: E402
from reflect.lemmas import lemmas  # noqa: E402
from reflect.lsa import LsaEmbedder  # noqa: E402
from reflect.topics import fit_topics  # noqa: E402

SYLLABLES = "ba de fi go ku la me ni po ru sa te vi wo zu bel dan fer gas hol".split()  # noqa: SIM905
THEMES, WORDS_A_TEXT, VOCABULARY = 12, 90, 4000


def table(size: int) -> pd.DataFrame:
    """Entries of made-up words, as frequent as in language, that lean to a theme each."""
    random = np.random.default_rng(0)
    picks = random.integers(0, len(SYLLABLES), (VOCABULARY, 3))
    words = np.array(["".join(SYLLABLES[i] for i in row) for row in picks])
    usual = 1 / np.arange(5, VOCABULARY + 5)
    lean = [usual[random.permutation(VOCABULARY)] for _ in range(THEMES)]
    shares = [(usual + one) / (usual + one).sum() for one in lean]
    texts = [
        " ".join(random.choice(words, WORDS_A_TEXT, p=shares[number % THEMES]))
        for number in range(size)
    ]
    ids = [f"E{number:05}" for number in range(size)]
    return pd.DataFrame({"entry_id": ids, "text": texts, "language": "de"})


def seconds(work: object) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    entries = table(size)
    texts, languages = entries["text"].tolist(), entries["language"].tolist()
    lemmas(["Haus"], "de")  # loads the dictionary, as an import would
    vectors = aligned(LsaEmbedder().encode(texts, languages), languages)
    default = seconds(lambda: BERTopic(language="multilingual").fit(texts, vectors))
    again = seconds(lambda: BERTopic(language="multilingual").fit(texts, vectors))
    print(f"{size} entries, the same vectors for both")
    print(f"BERTopic defaults          {default:7.2f} s (again, compiled: {again:.2f} s)")
    for name, count in (("n_topics=12", 12), ("n_topics='auto'", "auto")):
        own = seconds(lambda count=count: fit_topics(entries, count, embedding=vectors))
        print(f"fit_topics {name:<16}{own:7.2f} s: {default / own:.1f} times as fast")
    for part in (size, 2 * size, 4 * size):
        longer = table(part)
        took = seconds(lambda longer=longer: fit_topics(longer, 12))
        print(f"with lsa, {part:6} entries   {took:7.2f} s: {1000 * took / part:.2f} ms an entry")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MiB")


if __name__ == "__main__":
    main()
