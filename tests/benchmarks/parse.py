"""How long `reflect.text.parse` takes beside bare spaCy on the same texts, warm, in one process.

Run: python tests/benchmarks/parse.py [ENTRIES]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import spacy

from reflect.doc_cache import DocCache
from reflect.text import detect_languages, iter_docs, parse, pipeline, sentences, tokens

GERMAN = [
    "Heute war mein erster Tag mit [PERSON_2] im Betrieb. Wir haben uns um 9.30 Uhr am Eingang "
    "getroffen und z. B. über ihren Weg nach Österreich gesprochen. Sie sagte: „Ich hatte am "
    "Anfang große Angst. Niemand hat mir zugehört.“ Das hat mich bewegt, weil ich nie darüber "
    "nachgedacht hatte, wie viel in unseren Sitzungen ohne Worte vorausgesetzt wird.",
    "ich war sehr müde. dann bin ich nach hause gegangen.Am Abend habe ich noch einmal alles "
    "aufgeschrieben! Die Mentor*innen sind nett und erklären viel, bzw. sie fragen auch mich :) "
    "Das hätte ich am 3. April nicht gedacht …",
    "Von [PERSON_1] habe ich gelernt, dass man eine Bewerbung nicht allein schreiben muss. Unsere "
    "Abteilung dachte lange, junge Leute wollten vor allem Freizeit. Das stimmt nicht.\n\n- Ich "
    "frage jetzt öfter nach.\n- Ich höre länger zu.\n\n"
    "Nächste Woche zeigt er mir seine Schule in [STADT_1].",
]
ENGLISH = [
    "Today I visited the workshop with [PERSON_3] for the first time. We met at 9 a.m. and talked "
    'about her exams, e.g. the oral one in June. "Why does nobody explain the rules?" she asked. I '
    "had no answer, and that stayed with me on the way home.",
    "i did not understand the meeting. then my mentor drew it on paper. Dr. [PERSON_4] laughed and "
    "said that it had taken him ten years. Now I see why he asks so many questions.",
]


def table(size: int) -> pd.DataFrame:
    """Entries of three to six paragraphs, three in four German; a number keeps texts apart."""
    rows = []
    for number in range(size):
        language = "en" if number % 4 == 3 else "de"
        own = ENGLISH if language == "en" else GERMAN
        parts = [own[(number + part) % len(own)] for part in range(3 + number % 4)]
        rows.append((f"E{number:05}", f"Treffen {number}. " + "\n".join(parts), language))
    return pd.DataFrame(rows, columns=["entry_id", "text", "language"])


def seconds(*works: Callable[[], object], repeats: int = 9) -> list[float]:
    """Median CPU time of each work, taken in turns so that a slow moment hits all."""
    times: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(repeats):
        for work, taken in zip(works, times, strict=True):
            begin = time.process_time()
            work()
            taken.append(time.process_time() - begin)
    return [statistics.median(taken) for taken in times]


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    entries = table(size)
    german = entries[entries["language"] == "de"].reset_index(drop=True)
    texts = german["text"].tolist()
    bare = spacy.blank("de")
    count = sum(map(len, bare.pipe(texts)))
    base, ours = seconds(lambda: list(bare.pipe(texts)), lambda: parse(german))
    print(f"{len(texts)} German entries, {count} tokens, {sum(map(len, texts))} characters")
    print(f"bare spacy.blank('de').pipe   {base * 1000:8.1f} ms")
    print(f"parse, sentences included     {ours * 1000:8.1f} ms   ratio {ours / base:.2f}")

    bare_en = spacy.blank("en")
    split = entries.groupby("language")["text"].agg(list)
    base, ours = seconds(
        lambda: (list(bare.pipe(split["de"])), list(bare_en.pipe(split["en"]))),
        lambda: parse(entries),
    )
    print(f"both languages: ratio {ours / base:.2f}")

    unmarked = entries.drop(columns="language")
    (detect,) = seconds(lambda: detect_languages(unmarked["text"]), repeats=3)
    docs = parse(entries)
    table_sentences, table_tokens = seconds(
        lambda: sentences(docs), lambda: tokens(docs), repeats=3
    )
    print(
        f"{size} entries: detect_languages {detect * 1000:.0f} ms, sentences table "
        f"{table_sentences * 1000:.0f} ms, tokens table with lemmas {table_tokens * 1000:.0f} ms"
    )

    with tempfile.TemporaryDirectory() as folder:
        store = DocCache(Path(folder), pipeline("de"))
        for doc in iter_docs(german):
            store.put(doc)
        (read,) = seconds(lambda: [store.get(text) for text in texts], repeats=3)
    print(f"reading blank documents from the cache instead: {read * 1000:.0f} ms")


if __name__ == "__main__":
    main()
