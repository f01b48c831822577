"""Speed of the marker pass beside bare spaCy, spaCy's Matcher and packages that count words.

    python tests/benchmarks/markers.py

Prints, warm and in one process: tokens a second of spacy.blank(lang).pipe, of the marker pass
over parsed entries and of `annotate` as a whole, and ratios; then the same rule subset as
our engine and as Matcher patterns, whether the hits are identical, and both times.
"""

from __future__ import annotations

import importlib.util
import tempfile
import time
from collections import Counter
from collections.abc import Callable

import pandas as pd
import spacy
from parse import table
from sklearn.feature_extraction.text import CountVectorizer
from spacy.matcher import Matcher

from reflect import annotate
from reflect.markers.codebook import Codebook, Rule, builtin
from reflect.markers.engine import Engine
from reflect.text import parse

# Single words and neighbouring words: what both notations can say.
SUBSET = {
    "de": (
        "gelernt",
        "überrascht",
        "nicht_gedacht",
        "müde",
        "hat_mich",
        "ich_frage",
        "seine_schule",
    ),
    "en": ("understand", "laughed", "first_time", "i_see", "asked", "no_answer", "stayed_with"),
}


STEMS = ("denk", "glaub", "merk", "fühl", "freu", "think", "know", "learn", "feel", "hope")


def best(work: Callable[[], object], repeats: int = 5) -> float:
    """Shortest of several runs in seconds, one before it to warm up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def subset(language: str) -> Codebook:
    """The subset as a codebook that keeps the built-in word classes."""
    rules = tuple(
        Rule(f"insight.{word}", "insight", word, ("-",), ("-",)) for word in SUBSET[language]
    )
    return Codebook(language, builtin(language).words, rules)


def compare(language: str, docs: list) -> None:
    """Our matching and spaCy's Matcher on the same rules."""
    nlp = spacy.blank(language)
    matcher = Matcher(docs[0].vocab)
    for word in SUBSET[language]:
        matcher.add(word, [[{"LOWER": piece} for piece in word.split("_")]])
    engine = Engine(subset(language), model=False)

    def ours() -> set:
        batch = engine.segmenter.batch(docs)
        return {
            (match.sentence, SUBSET[language][match.rule])
            for match in engine.matcher.matches(batch)
            if not match.shadow
        }

    def theirs() -> set:
        found, before = set(), 0
        for doc in docs:
            starts = [token.i for token in doc if token.is_sent_start or token.i == 0]
            place = {}
            for number, start in enumerate(starts):
                end = starts[number + 1] if number + 1 < len(starts) else len(doc)
                place.update(dict.fromkeys(range(start, end), before + number))
            for key, start, _ in matcher(doc):
                found.add((place[start], nlp.vocab.strings[key] or doc.vocab.strings[key]))
            before += len(starts)
        return found

    for word in SUBSET[language]:
        nlp.vocab.strings.add(word)
    same = ours() == theirs()
    mine, other = best(ours, 3), best(lambda: [matcher(doc) for doc in docs], 3)
    print(f"  subset of {len(SUBSET[language])} rules: identical sentences {same}; "
          f"Matcher {other:.3f} s, ours {mine:.3f} s")  # fmt: skip


def word_counters(texts: list[str]) -> dict[str, Callable[[], object]]:
    """Packages that count words of categories, where they are installed (extra `evaluation`)."""
    found: dict[str, Callable[[], object]] = {}
    if importlib.util.find_spec("empath"):
        from empath import Empath

        lexicon = Empath()
        found["empath"] = lambda: [lexicon.analyze(text) for text in texts]
    if importlib.util.find_spec("liwc"):
        import liwc

        # LIWC's own dictionary is not free; a small one of its form shows the cost of counting.
        with tempfile.NamedTemporaryFile("w", suffix=".dic") as file:
            file.write("%\n1\tthink\n2\tfeel\n%\n")
            file.writelines(f"{word}*\t{number % 2 + 1}\n" for number, word in enumerate(STEMS))
            file.flush()
            parse_token, _ = liwc.load_token_parser(file.name)
        found["liwc"] = lambda: [
            Counter(name for word in text.lower().split() for name in parse_token(word))
            for text in texts
        ]
    return found


def run(language: str) -> None:
    """All ratios of a language."""
    entries = table(1600)
    entries = entries[entries["language"] == language].reset_index(drop=True)
    texts = entries["text"].tolist()
    nlp = spacy.blank(language)
    size = sum(map(len, nlp.pipe(texts)))
    blank = best(lambda: sum(map(len, nlp.pipe(texts))))
    docs = parse(entries)
    engine = Engine(builtin(language))
    markers = best(lambda: list(engine.hits(docs)))
    whole = best(lambda: annotate(entries), 3)
    counters = {"CountVectorizer": lambda: CountVectorizer().fit_transform(texts)}
    counters |= word_counters(texts)
    times = {"spacy.blank": blank, "marker pass": markers, "annotate": whole}
    times |= {name: best(work, 1) for name, work in counters.items()}
    print(f"{language}: {size} tokens")
    report = pd.DataFrame(
        {
            "tokens a second": [size / seconds for seconds in times.values()],
            "beside blank": [blank / seconds for seconds in times.values()],
        },
        index=list(times),
    )
    print(report.round({"tokens a second": 0, "beside blank": 2}).to_string())
    compare(language, docs)


if __name__ == "__main__":
    for code in ("de", "en"):
        run(code)
