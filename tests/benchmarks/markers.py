"""Speed of the marker pass beside bare spaCy, spaCy's Matcher and packages that count words.

    python tests/benchmarks/markers.py [ENTRIES_CSV]

Prints, in one process and from CPU time: tokens a second of spacy.blank(lang).pipe, of the marker
pass over parsed entries and of `annotate` as a whole, and ratios. Two texts: the demonstration
corpus, in which markers are as rare as in diaries, and made-up entries in which every third
sentence carries one; name a CSV (``entry_id, language, text``) to measure other text. Each is read
again and again, which helps spaCy's tokenizer (it remembers words) more than the marker pass, and
then for the first time: every entry once, by tokenizers and an engine that are loaded but have met
no word of it except those of a few other entries. Then the codebook's rules of one or two word
classes in our notation and in the Matcher's, whether they hold in the same sentences, and both
times.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import spacy
from parse import table
from sklearn.feature_extraction.text import CountVectorizer
from spacy.matcher import Matcher

from reflect import annotate
from reflect.markers.annotation import _builtin_engine
from reflect.markers.codebook import Codebook, builtin
from reflect.markers.engine import Engine
from reflect.markers.lexicon import expand
from reflect.markers.pattern import compile_pattern, is_class
from reflect.text import parse, pipeline

DEMO = Path(__file__).parents[2] / "corpora" / "mentor-mentor-demo" / "entries.csv"
TOKENS = 250_000
STEMS = ("denk", "glaub", "merk", "fühl", "freu", "think", "know", "learn", "feel", "hope")


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of a work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def best(works: dict[str, Callable[[], object]], repeats: int = 5) -> dict[str, float]:
    """Least CPU seconds of each work, taken in turns after one run to warm up."""
    for work in works.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            times[name].append(seconds(work))
    return {name: min(taken) for name, taken in times.items()}


def first_reading(language: str, entries: pd.DataFrame) -> dict[str, float]:
    """Least CPU seconds of reading entries that were not met before, all loaded and warmed up."""
    entries = entries.drop_duplicates("text")
    texts = entries["text"].tolist()
    other = table(20)
    other = other[other["language"] == language]
    times: dict[str, list[float]] = {"spacy.blank": [], "marker pass": [], "annotate": []}
    for _ in range(5):
        nlp = spacy.blank(language)
        engine = Engine(builtin(language))
        list(nlp.pipe(other["text"]))
        list(engine.hits(parse(other)))
        docs = parse(entries)
        pipeline.cache_clear()
        _builtin_engine.cache_clear()
        annotate(other)
        works = {
            "spacy.blank": lambda nlp=nlp: sum(map(len, nlp.pipe(texts))),
            "marker pass": lambda engine=engine, docs=docs: list(engine.hits(docs)),
            "annotate": lambda: annotate(entries),
        }
        for name, work in works.items():
            times[name].append(seconds(work))
    return {name: min(taken) for name, taken in times.items()}


def demonstration(language: str) -> pd.DataFrame:
    """The demonstration corpus in a language, repeated up to TOKENS."""
    entries = pd.read_csv(DEMO)
    entries = entries[entries["language"] == language]
    words = int(entries["text"].str.split().str.len().sum())
    entries = pd.concat([entries] * max(1, TOKENS // words), ignore_index=True)
    return entries.assign(entry_id=[f"E{number:05}" for number in range(len(entries))])


def shared_rules(language: str) -> Codebook:
    """The built-in rules that the Matcher can express, too.

    Those of one clause with one or two word classes, without what must not stand there; classes
    cut to single words (no phrases, no polite pronoun), and no subject added where diary style
    drops it.
    """

    def single(alternatives: tuple[str, ...]) -> tuple[str, ...]:
        kept = [w for w in alternatives if is_class(w) or not set(w) & set("_ =")]
        return tuple(kept) or ("-",)

    book = builtin(language)
    words = {name: single(forms) for name, forms in book.words.items()} | {"SELF_VERB": ("-",)}
    rules = []
    for rule in book.rules:
        pattern = compile_pattern(rule.pattern, book.words)
        part = pattern.parts[0]
        if len(pattern.parts) > 1 or len(part.need) > 2 or part.order or part.opening:
            continue
        atoms = ["|".join(single(atom)) for atom in part.need]
        if "-" not in atoms:
            # A family without rules for "told of somebody else", which would double the work.
            plain = {"pattern": " & ".join(atoms), "weak": False, "only": ""}
            rules.append(replace(rule, family="difference", **plain))
    return Codebook(language, words, tuple(rules))


def matcher_patterns(engine: Engine, forms: set[str]) -> Iterator[tuple[str, list[list[dict]]]]:
    """Each rule as patterns of the Matcher.

    A word class is the list of its words and of the text's words that its stems cover. Two of
    them may stand in either order, or be the same word.
    """
    words, lexicon = engine.codebook.words, engine.lexicon
    for rule in engine.codebook.rules:
        steps = []
        for atom in compile_pattern(rule.pattern, words).parts[0].need:
            held = {form for form in forms if lexicon.has(form, lexicon.bit(atom))}
            steps.append(held.union(word for word in expand(atom, words) if "*" not in word))
        if len(steps) == 2:
            first, second = map(listed, steps)
            both = [[first, {"OP": "*"}, second], [second, {"OP": "*"}, first]]
            yield rule.id, [*both, [listed(steps[0] & steps[1])]]
        else:
            yield rule.id, [[listed(steps[0])]]


def listed(forms: set[str]) -> dict:
    """A token that is one of some forms, for the Matcher."""
    return {"ORTH": {"IN": sorted(forms)}}


def compare(language: str, docs: list) -> None:
    """Our matching, from parsed entries to matches, and spaCy's Matcher on the same rules.

    The Matcher gets our clauses ready-made, as spans.
    """
    engine = Engine(shared_rules(language), model=False)
    matcher = Matcher(docs[0].vocab)
    size = 0
    for name, patterns in matcher_patterns(engine, {token.text for doc in docs for token in doc}):
        matcher.add(name, patterns)
        size += len(patterns)
    batch = engine.segmenter.batch(docs)
    spans = []
    for clause in range(len(batch.clause_starts)):
        first, last = batch.clause_range(clause)
        doc, start = batch.locate(first)
        spans.append(batch.docs[doc][start : start + last - first])
    sentences = batch.clause_sentence.tolist()
    rules = engine.codebook.rules

    def ours() -> list:
        return list(engine.matcher.matches(engine.segmenter.batch(docs)))

    def theirs() -> list:
        return [matcher(span) for span in spans]

    mine = {(match.sentence, rules[match.rule].id) for match in ours()}
    names = docs[0].vocab.strings
    other = {
        (sentence, names[key])
        for sentence, found in zip(sentences, theirs(), strict=True)
        for key, _, _ in found
    }
    times = best({"ours": ours, "theirs": theirs}, 2)
    print(
        f"  {len(rules)} rules, {size} patterns: {len(mine)} matches, identical {mine == other}; "
        f"Matcher {times['theirs']:.3f} s, ours {times['ours']:.3f} s, "
        f"ratio {times['theirs'] / times['ours']:.1f}"
    )


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


def run(language: str, name: str, entries: pd.DataFrame) -> None:
    """All ratios of a text."""
    texts = entries["text"].tolist()
    nlp = spacy.blank(language)
    size = sum(map(len, nlp.pipe(texts)))
    docs = parse(entries)
    engine = Engine(builtin(language))
    works = {
        "spacy.blank": lambda: sum(map(len, nlp.pipe(texts))),
        "marker pass": lambda: list(engine.hits(docs)),
        "annotate": lambda: annotate(entries),
    }
    hits = len(annotate(entries))
    times = best(works)
    counters = {"CountVectorizer": lambda: CountVectorizer().fit_transform(texts)}
    times |= best(counters | word_counters(texts), 1)
    print(f"{language}, {name}: {size} tokens, {1000 * hits / size:.1f} markers per 1,000 tokens")
    report = pd.DataFrame(
        {
            "tokens a second": [size / seconds for seconds in times.values()],
            "beside blank": [times["spacy.blank"] / seconds for seconds in times.values()],
        },
        index=list(times),
    )
    first = first_reading(language, entries)
    report["beside blank, first reading"] = pd.Series(first["spacy.blank"] / pd.Series(first))
    print(report.round({"tokens a second": 0}).round(2).to_string(na_rep=""))
    compare(language, docs)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        given = pd.read_csv(sys.argv[1])
        for code, part in given.groupby("language"):
            run(code, Path(sys.argv[1]).name, part.reset_index(drop=True))
        sys.exit()
    made_up = table(1600)
    for code in ("de", "en"):
        run(code, "demonstration corpus", demonstration(code))
        own = made_up[made_up["language"] == code].reset_index(drop=True)
        run(code, "made-up entries", own)
