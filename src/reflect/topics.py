"""Topics of small diary corpora: what the entries are about, and how far that can be trusted."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_mutual_info_score
from threadpoolctl import threadpool_limits

from reflect.anonymity.gate import names_found
from reflect.embeddings import aligned, embed, embedder
from reflect.errors import ReflectError
from reflect.fields import field_of
from reflect.lemmas import LANGUAGES
from reflect.names import find_names
from reflect.partition import WAYS, Partition, ensemble, partition
from reflect.seed_topics import seeded
from reflect.stability import STABLE, overlaps, resampled, return_rate
from reflect.tables import write_table
from reflect.text import given_or_detected
from reflect.topic_count import COLUMNS, best_count, count_table
from reflect.topic_words import TopicWords, count_words, shared_words, topic_words
from reflect.units import Units, split_entries
from reflect.vocabulary import learn_vocabulary, words

if TYPE_CHECKING:
    from bertopic import BERTopic

MINIMUM_ENTRIES = 15
_RUNS = 24
#: Entries that a topic needs at the least, on average.
_ENTRIES_A_TOPIC = 3
#: Texts up to which every resample goes through the whole procedure.
_FEW = 1_000
#: Words without which a text, such as a dedication or a line of thanks, is about nothing.
_FEWEST, _MOSTLY = 4, 0.5
#: Tandems from which on a topic's words are to be those of more than one, if possible.
_TANDEMS = 5
#: Groups, and adjusted mutual information with the writers from which on they are personal.
_GROUPS, _PERSONAL = 10, 0.05
#: Letters from which a language is told.
_BEGINNING = 300
#: Weight falls by the factor e for each tenth of cosine that another topic is nearer.
_SOFTNESS = 10
_LEAST_WEIGHT = 0.1


@dataclass(frozen=True)
class TopicModel:
    """What `fit_topics` found.

    Attributes
    ----------
    topics : DataFrame
        One row a topic, the largest first: ``topic``, ``label`` (three words a language), ``words``
        (the best, comma-joined), ``size`` (entries whose main topic it is), ``share`` (of all
        entries), ``stability`` (share of the resamples in which it came back, nan where there were
        none), ``npmi`` (coherence of its words), ``stable`` (whether to build on it), ``exemplars``
        (list of the entry ids nearest to its centre).
    assignments : DataFrame
        ``entry_id, topic, weight``: weights above zero, those of an entry sum to 1; topic -1 marks
        an entry with fewer than four different words that topics could be told from (with none in
        a corpus of mostly such entries).
    parameters : dict
        What was asked for and what was chosen.
    counts : DataFrame
        For ``n_topics="auto"`` the figures behind the choice, see
        `reflect.topic_count.count_table`; else empty.
    """

    topics: pd.DataFrame
    assignments: pd.DataFrame
    parameters: dict[str, Any]
    counts: pd.DataFrame = field(repr=False)
    _parts: dict[str, Any] = field(repr=False)

    @cached_property
    def main(self) -> pd.DataFrame:
        """``entry_id, topic``: the heaviest topic of each entry, in the order of the entries."""
        heaviest = self.assignments.groupby("entry_id", sort=False)["weight"].idxmax()
        return self.assignments.loc[heaviest, ["entry_id", "topic"]].reset_index(drop=True)

    @cached_property
    def bertopic(self) -> BERTopic:
        """The same topics as a fitted `bertopic.BERTopic`; importing it may take 15 seconds.

        Its documents are the clustered texts: entries, or parts of entries over 250 words.
        """
        # A progress bar of its dependencies complains in notebooks that have no widgets.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from reflect.bertopic_model import build_bertopic

        return build_bertopic(**self._parts)

    def save(self, folder: str | Path) -> None:
        """Write ``topics.csv`` and ``assignments.csv`` to a folder, each whole or not at all."""
        shown = self.topics.assign(exemplars=self.topics["exemplars"].map(" ".join))
        for name, table in {"topics.csv": shown, "assignments.csv": self.assignments}.items():
            write_table(table, Path(folder) / name)


def fit_topics(
    entries: pd.DataFrame,
    n_topics: int | str = "auto",
    embedding: str | Path | np.ndarray = "lsa",
    seed: int = 0,
    seeds: Mapping[str, Sequence[str]] | None = None,
    cache: str | Path | None = None,
    min_topic_share: float = 0.01,
    stability_resamples: int = 20,
    ignore: Sequence[str] = (),
    fields: bool | None = None,
) -> TopicModel:
    """Find the topics of a corpus of short German and English entries.

    Texts become vectors (`reflect.lsa` offline), vectors are averaged over near entries of the same
    resample and clustered many times, and the runs are put together by consensus
    (`reflect.partition`). Words are found for each language apart (`reflect.topic_words`). Entries
    over 250 words are clustered in parts.

    Parameters
    ----------
    entries : DataFrame
        Columns ``entry_id, text``, optional ``language`` (detected where missing), ``consent``
        (people with ``no_quotes`` give no exemplars), ``participant_id`` (see ``fields``) and
        ``tandem_id`` (from five tandems on, words that only one of them uses come after the
        others). Not changed.
    n_topics : int or "auto", default "auto"
        "auto" takes the number at which resamples agree and words hang together best, see
        `reflect.topic_count.count_table`.
    embedding : str, Path or array, default "lsa"
        See `reflect.embeddings.embedder`.
    seed : int, default 0
    seeds : dict of label -> words, optional
        Topics to look for, such as the programme's themes; each gets a topic of its own if any
        entry holds one of its words, and further topics fill up to ``n_topics``.
    cache : path, optional
        Folder for sentence-transformers vectors.
    min_topic_share : float, default 0.01
        Smaller topics are dissolved, their entries go to the next nearest.
    stability_resamples : int, default 20
        Resamples behind ``stability``; 0 leaves it out, as may be wanted beyond 5,000 entries.
        Up to 1,000 texts each goes through the whole procedure (`reflect.stability.resampled`);
        beyond, single runs stand for that, which come back somewhat less often.
    ignore : sequence of str, optional
        Words never to show, such as the writers' names; names that the audit found in a screened
        corpus are left out anyhow.

    Returns
    -------
    TopicModel
        The same for the same entries and settings, in any process and with any number of threads.

    Raises
    ------
    ReflectError
        If a column is missing, there are fewer than 15 entries with text, ids repeat, the number of
        topics does not fit, or a model or vectors cannot be read.
    """
    _check(entries, n_topics)
    frame = _usable(entries)
    if n_topics != "auto" and int(n_topics) > len(frame) // _ENTRIES_A_TOPIC:
        most = len(frame) // _ENTRIES_A_TOPIC
        raise ReflectError(f"{n_topics} topics for {len(frame)} entries: ask for at most {most}")
    languages = _languages(frame)
    with threadpool_limits(limits=1):
        given = isinstance(embedding, np.ndarray) or str(embedding).endswith(".npy")
        units = split_entries(frame["text"], languages) if not given else _whole(frame)
        spoken = [languages[i] for i in units.entry]
        groups = _tandems(frame, units)
        model = embedder(embedding, seed, bool(fields))
        vectors = aligned(embed(units.texts, model, spoken, cache), spoken)
        if fields is None and str(embedding) == "lsa" and _follow_writers(frame, units, vectors):
            model = embedder(embedding, seed, fields=True)
            vectors = aligned(embed(units.texts, model, spoken, cache), spoken)
        tokens = [words(text) for text in units.texts]
        names = find_names(units.texts, spoken)
        vocabulary = learn_vocabulary(tokens, spoken, names, [*ignore, *names_found(frame)])
        counts, readable = count_words(tokens, vocabulary)
        shared = None if groups is None else shared_words(counts, groups, spoken)
        thin = np.array([len(set(vocabulary.read(own))) < _FEWEST for own in tokens])
        if thin.mean() < _MOSTLY:  # not where short answers are the rule
            vectors[thin] = 0
        listed = _fields_of(readable) if getattr(model, "fields", False) else None
        mixed = spoken if len(set(spoken)) > 1 else None
        table = pd.DataFrame(columns=list(COLUMNS))
        if n_topics == "auto":
            table = count_table(
                vectors, counts if shared is None else counts[:, shared], seed, mixed
            )
        count = best_count(table) if n_topics == "auto" else int(n_topics)
        material = ensemble(vectors, max(_RUNS, stability_resamples), seed, languages=mixed)
        least = int(np.ceil(min_topic_share * len(units.texts)))
        found = partition(material, count, seed, least=least)
        labels: dict[int, str] = {}
        if seeds:
            found, labels = seeded(found, vectors, units.texts, spoken, seeds, least)
        told = [
            words_of._replace(label=labels.get(topic, words_of.label))
            for topic, words_of in enumerate(
                topic_words(counts, readable, spoken, found.labels, vectors, listed, shared)
            )
        ]
        runs, drawn = found.runs[:stability_resamples], material.drawn[:stability_resamples]
        if stability_resamples and len(units.texts) <= _FEW:
            draws = ensemble(
                vectors, WAYS * stability_resamples, seed, languages=mixed, repeats=WAYS
            )
            runs, drawn = resampled(draws, count, seed)
        overlap = overlaps(found.labels, runs, drawn)
    assignments = _assignments(frame["entry_id"].tolist(), units, vectors, found)
    parameters = {
        "n_topics": n_topics,
        "topics_found": len(told),
        "embedding": model.name,
        "fields": listed is not None,
        "seed": seed,
        "seeds": sorted(seeds or {}),
        "min_topic_share": min_topic_share,
        "stability_resamples": stability_resamples,
        "entries": len(frame),
        "units": len(units.texts),
        "languages": sorted(set(languages)),
    }
    topics = _topic_table(frame, assignments, units, vectors, found, told, overlap)
    parts = {
        "texts": units.texts,
        "vectors": vectors,
        "partition": found,
        "model": model,
        "vocabulary": vocabulary,
        "words": told,
    }
    return TopicModel(topics, assignments, parameters, table, parts)


def _check(entries: pd.DataFrame, n_topics: int | str) -> None:
    for column in ("entry_id", "text"):
        if column not in entries.columns:
            raise ReflectError(f"entries lack the column {column}: add it, one row an entry")
    if entries["entry_id"].duplicated().any():
        raise ReflectError("entry_id repeats: give every entry an id of its own")
    whole = isinstance(n_topics, int | np.integer) and not isinstance(n_topics, bool)
    if n_topics != "auto" and not (whole and n_topics >= 2):
        raise ReflectError("n_topics must be 'auto' or a whole number from 2: change it")


def _usable(entries: pd.DataFrame) -> pd.DataFrame:
    text = entries["text"].fillna("").astype(str)
    frame = entries.assign(entry_id=entries["entry_id"].astype(str), text=text)
    frame = frame[text.str.strip().astype(bool)].reset_index(drop=True)
    if len(frame) < MINIMUM_ENTRIES:
        raise ReflectError(
            f"{len(frame)} entries with text, topics need at least {MINIMUM_ENTRIES}: add entries"
        )
    return frame


def _languages(frame: pd.DataFrame) -> list[str]:
    """Languages as given, else told by the texts' beginnings."""
    given = [""] * len(frame)
    if "language" in frame.columns:
        given = frame["language"].fillna("").astype(str).tolist()
    return given_or_detected(given, [text[:_BEGINNING] for text in frame["text"]])


def _tandems(frame: pd.DataFrame, units: Units) -> list[str] | None:
    """Tandem of each unit where there are enough of them, else none."""
    if "tandem_id" not in frame.columns or frame["tandem_id"].nunique() < _TANDEMS:
        return None
    tandems = frame["tandem_id"].astype(str).tolist()
    return [tandems[i] for i in units.entry]


def _fields_of(readable: Sequence[str]) -> list[str]:
    """Semantic field of each shown word, in whichever language has one."""
    return [next(filter(None, (field_of(w.lower(), c) for c in LANGUAGES)), "") for w in readable]


def _follow_writers(frame: pd.DataFrame, units: Units, vectors: np.ndarray) -> bool:
    """Whether entries that are near each other are so because one person wrote them."""
    if "participant_id" not in frame.columns or frame["participant_id"].nunique() < 2:
        return False
    writers = frame["participant_id"].astype(str).to_numpy()[units.entry]
    count = min(_GROUPS, len(vectors) // _ENTRIES_A_TOPIC)
    groups = KMeans(count, n_init=3, random_state=0).fit_predict(vectors)
    return adjusted_mutual_info_score(writers, groups) > _PERSONAL


def _whole(frame: pd.DataFrame) -> Units:
    return Units(frame["text"].tolist(), list(range(len(frame))), [1.0] * len(frame))


def _assignments(
    ids: list[str], units: Units, vectors: np.ndarray, found: Partition
) -> pd.DataFrame:
    """Weights of the topics of each entry: softmax of the cosines, small ones dropped."""
    near = np.round(vectors @ found.centres.T, 4)
    weight = np.exp(_SOFTNESS * (near - near.max(axis=1, keepdims=True)))
    weight /= weight.sum(axis=1, keepdims=True)
    weight[weight < _LEAST_WEIGHT] = 0
    weight[found.labels < 0] = 0
    share = np.zeros((len(ids), len(found.centres)))
    np.add.at(share, units.entry, weight * np.asarray(units.weight)[:, None])
    rows = []
    for entry, row in zip(ids, share, strict=True):
        row = np.where(row < _LEAST_WEIGHT / 2, 0, row)
        if not row.any():
            rows.append((entry, -1, 1.0))
            continue
        row = np.round(row / row.sum(), 4)
        main = int(row.argmax())
        row[main] = round(1 - (row.sum() - row[main]), 4)
        rows.extend((entry, topic, row[topic]) for topic in np.flatnonzero(row))
    table = pd.DataFrame(rows, columns=["entry_id", "topic", "weight"])
    return table.astype({"entry_id": "str", "topic": "int64", "weight": "float64"})


def _topic_table(
    frame: pd.DataFrame,
    assignments: pd.DataFrame,
    units: Units,
    vectors: np.ndarray,
    found: Partition,
    told: Sequence[TopicWords],
    overlap: np.ndarray,
) -> pd.DataFrame:
    heaviest = assignments.loc[assignments.groupby("entry_id", sort=False)["weight"].idxmax()]
    sizes = heaviest["topic"].value_counts()
    rates = return_rate(overlap) if overlap.shape[1] else np.full(len(told), np.nan)
    rows = []
    for topic, words_of in enumerate(told):
        size = int(sizes.get(topic, 0))
        rows.append(
            {
                "topic": topic,
                "label": words_of.label,
                "words": ", ".join(word for word, _ in words_of.words),
                "size": size,
                "share": round(size / len(frame), 4),
                "stability": rates[topic],
                "npmi": words_of.npmi,
                "stable": bool(np.isnan(rates[topic]) or rates[topic] >= STABLE),
                "exemplars": _exemplars(frame, units, vectors, found, topic),
            }
        )
    return pd.DataFrame(rows)


def _exemplars(
    frame: pd.DataFrame, units: Units, vectors: np.ndarray, found: Partition, topic: int
) -> list[str]:
    members = np.flatnonzero(found.labels == topic)
    near = np.round(vectors[members] @ found.centres[topic], 4)
    chosen: list[str] = []
    for unit in members[np.argsort(-near, kind="stable")]:
        row = frame.iloc[units.entry[unit]]
        if row.get("consent") != "no_quotes" and row["entry_id"] not in chosen:
            chosen.append(row["entry_id"])
        if len(chosen) == 3:
            break
    return chosen
