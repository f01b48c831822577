"""Our topics against BERTopic and other models: same texts, vectors and number of topics.

    python tests/evaluation/topics.py                      # the demo corpus
    python tests/evaluation/topics.py labelled.csv         # columns text, label, optional language
    python tests/evaluation/topics.py labelled.csv --sample 300 --resamples 5

Every model runs in a process of its own with everything imported beforehand, so seconds and peak
memory are those of the fit. ``stability`` is the mean adjusted Rand index between the topics of
all texts and those of an 80 % resample, on the texts they share. NPMI and diversity (share of
different words) are those of each model's ten best words, compared as lemmas. Outliers count as a
group of their own.

The demo corpus has no labels for themes. Its label is the kind of the tandem's latest event where
an entry was written at most a day later (meeting, visit to the school ...); entries far from events
have none and do not count for NMI and ARI. ``tandem`` is the NMI of topics with tandems, which
should be low, as a tandem is no theme; ``spanning`` is the share of topics with entries of at least
three tandems. Only ``reflect_lsa`` is told who wrote what, as from a corpus folder.

The turftopic models need the extra: pip install -e ".[evaluation]".
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import resource
import time
import warnings
from pathlib import Path

os.environ.setdefault("TQDM_DISABLE", "1")
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import hdbscan  # noqa: E402, F401
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import umap  # noqa: E402
from bertopic import BERTopic  # noqa: E402
from sklearn.cluster import KMeans  # noqa: E402
from sklearn.decomposition import NMF, LatentDirichletAllocation  # noqa: E402
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer  # noqa: E402
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score  # noqa: E402

from reflect.corpus import Corpus  # noqa: E402
from reflect.embeddings import aligned  # noqa: E402
from reflect.lsa import LsaEmbedder  # noqa: E402
from reflect.text import stop_words  # noqa: E402
from reflect.topic_words import npmi  # noqa: E402
from reflect.topics import fit_topics  # noqa: E402
from reflect.vocabulary import content_lemma, content_lemmas  # noqa: E402

try:
    from turftopic import KeyNMF, SemanticSignalSeparation
    from turftopic.encoders.base import ExternalEncoder
except ImportError:
    KeyNMF, ExternalEncoder = None, object

DEMO = Path(__file__).parents[2] / "corpora" / "mentor-mentor-demo"
DEMO_TOPICS = 12
STOP = sorted(stop_words("de") | stop_words("en"))
Found = tuple[np.ndarray, list[list[str]]]
#: Participant and tandem of each text, where known.
WRITERS: dict[str, tuple[str, str]] = {}


class Lsa(ExternalEncoder):
    """Our offline vectors for models that want to encode words themselves."""

    def __init__(self, texts: list[str], languages: list[str]) -> None:
        self.model = LsaEmbedder()
        self.model.encode(texts, languages)

    def encode(self, sentences: list[str], **_: object) -> np.ndarray:
        return self.model.encode(list(sentences), ["de"] * len(sentences))


def reflect_lsa(texts: list[str], languages: list[str], vectors: np.ndarray, count: int) -> Found:
    entries = pd.DataFrame({"entry_id": _ids(texts), "text": texts, "language": languages})
    if WRITERS:
        entries[["participant_id", "tandem_id"]] = [WRITERS[text] for text in texts]
    model = fit_topics(entries, n_topics=count)
    return model.main["topic"].to_numpy(), [row.split(", ") for row in model.topics["words"]]


def reflect_vectors(
    texts: list[str], languages: list[str], vectors: np.ndarray, count: int
) -> Found:
    entries = pd.DataFrame({"entry_id": _ids(texts), "text": texts, "language": languages})
    model = fit_topics(entries, n_topics=count, embedding=vectors)
    return model.main["topic"].to_numpy(), [row.split(", ") for row in model.topics["words"]]


def bertopic_default(
    texts: list[str], languages: list[str], vectors: np.ndarray, count: int
) -> Found:
    return _bertopic(BERTopic(language="multilingual"), texts, vectors)


def bertopic_same_k(
    texts: list[str], languages: list[str], vectors: np.ndarray, count: int
) -> Found:
    return _bertopic(BERTopic(language="multilingual", nr_topics=count + 1), texts, vectors)


def lsa_umap_kmeans(
    texts: list[str], languages: list[str], vectors: np.ndarray, count: int
) -> Found:
    near = umap.UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=0)
    labels = KMeans(count, n_init=10, random_state=0).fit_predict(near.fit_transform(vectors))
    return labels, _class_words(texts, labels)


def lsa_kmeans(texts: list[str], languages: list[str], vectors: np.ndarray, count: int) -> Found:
    labels = KMeans(count, n_init=10, random_state=0).fit_predict(vectors)
    return labels, _class_words(texts, labels)


def nmf(texts: list[str], languages: list[str], vectors: np.ndarray, count: int) -> Found:
    counter = TfidfVectorizer(stop_words=STOP, min_df=2, max_df=0.5, sublinear_tf=True)
    return _decomposed(NMF(count, init="nndsvda", random_state=0, max_iter=400), counter, texts)


def lda(texts: list[str], languages: list[str], vectors: np.ndarray, count: int) -> Found:
    counter = CountVectorizer(stop_words=STOP, min_df=2, max_df=0.5)
    return _decomposed(LatentDirichletAllocation(count, random_state=0), counter, texts)


def turftopic_keynmf(
    texts: list[str], languages: list[str], vectors: np.ndarray, count: int
) -> Found:
    counter = CountVectorizer(stop_words=STOP, min_df=2)
    model = KeyNMF(count, encoder=Lsa(texts, languages), vectorizer=counter, random_state=0)
    weights = model.fit_transform(texts, embeddings=vectors)
    return weights.argmax(axis=1), _top(model.components_, model.get_vocab())


def turftopic_s3(texts: list[str], languages: list[str], vectors: np.ndarray, count: int) -> Found:
    counter = CountVectorizer(stop_words=STOP, min_df=2)
    model = SemanticSignalSeparation(
        count, encoder=Lsa(texts, languages), vectorizer=counter, random_state=0
    )
    weights = model.fit_transform(texts, embeddings=vectors)
    return weights.argmax(axis=1), _top(model.components_, model.get_vocab())


MODELS = (
    reflect_lsa,
    reflect_vectors,
    bertopic_default,
    bertopic_same_k,
    lsa_umap_kmeans,
    lsa_kmeans,
    nmf,
    lda,
) + ((turftopic_keynmf, turftopic_s3) if KeyNMF else ())


def _ids(texts: list[str]) -> list[str]:
    return [f"e{number}" for number in range(len(texts))]


def _bertopic(model: BERTopic, texts: list[str], vectors: np.ndarray) -> Found:
    labels, _ = model.fit_transform(texts, vectors)
    shown = [[word for word, _ in model.get_topic(t)] for t in sorted(set(labels)) if t >= 0]
    return np.array(labels), shown


def _class_words(texts: list[str], labels: np.ndarray) -> list[list[str]]:
    counter = CountVectorizer(stop_words=STOP, min_df=2, max_df=0.5)
    counts = counter.fit_transform(texts)
    groups = range(labels.max() + 1)
    totals = np.vstack([np.asarray(counts[labels == group].sum(axis=0)) for group in groups])
    rarity = np.log1p(totals.sum() / totals.sum(axis=0))
    shares = totals / totals.sum(axis=1, keepdims=True)
    return _top(shares * rarity, counter.get_feature_names_out())


def _decomposed(model: object, counter: CountVectorizer, texts: list[str]) -> Found:
    weights = model.fit_transform(counter.fit_transform(texts))
    return weights.argmax(axis=1), _top(model.components_, counter.get_feature_names_out())


def _top(scores: np.ndarray, names: np.ndarray) -> list[list[str]]:
    return [[str(names[i]) for i in np.argsort(-row)[:10]] for row in np.asarray(scores)]


def _child(pipe: object, name: str, arguments: tuple) -> None:
    start = time.perf_counter()
    found = globals()[name](*arguments)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send((*found, seconds, peak))


def run(name: str, *arguments: object) -> tuple[np.ndarray, list[list[str]], float, float]:
    """Labels, words, seconds and peak megabytes of one model in a process of its own."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(sender, name, arguments))
    process.start()
    sender.close()
    result = receiver.recv()
    process.join()
    return result


def coherence(
    words: list[list[str]], texts: list[str], languages: list[str]
) -> tuple[float, float]:
    """Mean NPMI of the topics' words, compared as lemmas, and the share of words that differ."""
    main = max(sorted(set(languages)), key=languages.count)
    shown = [
        list(dict.fromkeys(base for word in topic if (base := content_lemma(word, main))))
        for topic in words
    ]
    known = sorted({word for topic in shown for word in topic})
    if not known:  # nothing but outliers
        return float("nan"), float("nan")
    counter = CountVectorizer(vocabulary=known, analyzer=list)
    lemmas = [
        content_lemmas(text, code) + [word.lower() for word in text.split()]
        for text, code in zip(texts, languages, strict=True)
    ]
    counts = counter.transform(lemmas).tocsr()
    place = {word: number for number, word in enumerate(known)}
    found = np.bincount(counts.indices, minlength=len(known))
    values = [npmi(counts, [place[w] for w in topic if found[place[w]]]) for topic in shown]
    every = [word for topic in words for word in topic]
    return float(np.nanmean(values)), len(set(every)) / max(len(every), 1)


def load(path: Path | None, sample: int | None, seed: int) -> pd.DataFrame:
    """``text, language, label`` of a CSV or of the demo corpus, there with ``tandem_id``."""
    if path is None:
        table = _demo()
    else:
        table = pd.read_csv(path, dtype=str).dropna(subset=["text", "label"])
    if "language" not in table.columns:
        table["language"] = "de"
    if sample is not None and sample < len(table):
        table = table.sample(sample, random_state=seed)
    return table.reset_index(drop=True)


def _demo() -> pd.DataFrame:
    corpus = Corpus.load(DEMO)
    diary = corpus.diary()
    days, events = pd.to_datetime(diary["date"]), corpus.events
    labels = []
    for tandem, day in zip(diary["tandem_id"], days, strict=True):
        since = (day - pd.to_datetime(events["date"])).dt.days
        near = events[(events["tandem_id"] == tandem) & since.between(0, 1)]
        labels.append(near["kind"].iloc[-1] if len(near) else "")
    people = zip(diary["participant_id"], diary["tandem_id"], strict=True)
    WRITERS.update(zip(diary["text"], people, strict=True))
    return diary.assign(label=labels)


def _by_tandem(table: pd.DataFrame, found: np.ndarray) -> dict[str, float]:
    if "tandem_id" not in table.columns:
        return {}
    tandems = table["tandem_id"].groupby(found).nunique()
    return {
        "tandem": normalized_mutual_info_score(table["tandem_id"], found),
        "spanning": float((tandems[tandems.index >= 0] >= 3).mean()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", nargs="?", type=Path)
    parser.add_argument("--k", type=int, help="topics (default: as many as labels)")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--resamples", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--models", nargs="+", default=[model.__name__ for model in MODELS])
    options = parser.parse_args()
    table = load(options.csv, options.sample, options.seed)
    texts, languages = table["text"].tolist(), table["language"].tolist()
    labels = table["label"].to_numpy()
    labelled = labels != ""
    count = options.k or (len(set(labels)) if options.csv else DEMO_TOPICS)
    if KeyNMF is None:
        print("turftopic is not installed: left out (pip install -e '.[evaluation]')")
    vectors = aligned(LsaEmbedder().encode(texts, languages), languages)
    random = np.random.default_rng(options.seed)
    share = round(0.8 * len(texts))
    draws = [np.sort(random.choice(len(texts), share, False)) for _ in range(options.resamples)]
    rows = []
    for name in options.models:
        found, words, seconds, peak = run(name, texts, languages, vectors, count)
        agreement = []
        for draw in draws:
            part = [texts[i] for i in draw], [languages[i] for i in draw]
            own = aligned(LsaEmbedder().encode(*part), part[1])
            again = run(name, *part, own, count)[0]
            agreement.append(adjusted_rand_score(found[draw], again))
        coherent, diverse = coherence(words, texts, languages)
        rows.append(
            {
                "model": name,
                "topics": len(set(found.tolist()) - {-1}),
                "nmi": normalized_mutual_info_score(labels[labelled], found[labelled]),
                "ari": adjusted_rand_score(labels[labelled], found[labelled]),
                **_by_tandem(table, found),
                "npmi": coherent,
                "diversity": diverse,
                "stability": np.mean(agreement) if agreement else np.nan,
                "assigned": float((found >= 0).mean()),
                "seconds": seconds,
                "peak_mb": peak,
            }
        )
    kinds = len(set(labels[labelled]))
    print(f"{len(texts)} texts, {labelled.sum()} of them labelled, {kinds} labels, k = {count}")
    print(pd.DataFrame(rows).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
