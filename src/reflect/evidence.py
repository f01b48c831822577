"""Find the diary passages that speak of an event or an outcome.

The tables of events and outcomes say what happened; the diaries say how it was
lived. Passages written near the date are compared with the description (and,
with less weight, with everyday words for its kind) by character n-grams, which
meet German compounds and inflection without a parser.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from reflect.anonymity.gate import CONSENT, gate
from reflect.labels import REPORT_LANGUAGES, catalogue
from reflect.text import parse, sentences

FLOOR = 0.09
CUE_WEIGHT = 0.3
# A day away from the date costs as much as this share of the likeness.
DAY_COST = 0.05
PASSAGE_LETTERS = 160
# What the whole entry is about counts too: its best passage may not name the occasion.
ENTRY_WEIGHT = 0.3
EVIDENCE_COLUMNS = [
    "item_id",
    "tandem_id",
    "entry_id",
    "side",
    "date",
    "start",
    "end",
    "text",
    "similarity",
]


def evidence(
    record: pd.DataFrame,
    diary: pd.DataFrame,
    *,
    before: int = 2,
    after: int = 10,
    floor: float = FLOOR,
) -> pd.DataFrame:
    """The best passage of each side for each event or outcome, of those that may be quoted.

    Likeness is the cosine of TF-IDF weighted character n-grams with pivoted length
    normalisation, so that a two-word sentence does not win by being short.

    Source: Singhal, Buckley & Mitra (1996), Pivoted document length normalization, SIGIR.

    Parameters
    ----------
    record : DataFrame
        From `reflect.overview.record`: ``item_id, tandem_id, date, kind, description``.
    diary : DataFrame
        Diary of a screened corpus.
    before, after : int
        Days around the date in which a passage may have been written.
    floor : float
        Least likeness of a passage.

    Returns
    -------
    DataFrame
        ``item_id, tandem_id, entry_id, side, date, start, end, text, similarity``: at most
        one row for each item and side; none where nothing written near the date
        resembles the item.

    Raises
    ------
    ReflectError
        If the corpus was not screened.
    """
    allowed = diary[diary["consent"] == CONSENT]
    pool = gate(_passages(allowed), diary)[0].reset_index(drop=True)
    if record.empty or pool.empty:
        kinds = {"date": diary["date"].dtype, "start": "int64", "end": "int64"}
        return pd.DataFrame(columns=EVIDENCE_COLUMNS).astype(kinds | {"similarity": "float64"})
    by_passage = _likeness(record, pool["text"])
    by_entry = pd.DataFrame(_likeness(record, allowed["text"]), columns=allowed["entry_id"])
    blended = (1 - ENTRY_WEIGHT) * by_passage + ENTRY_WEIGHT * by_entry[pool["entry_id"]].to_numpy()
    found = []
    for item, likeness in zip(record.itertuples(index=False), blended, strict=True):
        days = (pool["date"].dt.normalize() - item.date.normalize()).dt.days
        near = (pool["tandem_id"] == item.tandem_id) & days.between(-before, after)
        score = (likeness * (1 - DAY_COST * days.abs())).round(6)
        candidates = pool.assign(item_id=item.item_id, similarity=score)[near & (score >= floor)]
        candidates = candidates.sort_values(
            ["similarity", "date", "entry_id", "start"], ascending=[False, True, True, True]
        )
        found.append(candidates.drop_duplicates("side").sort_values("side"))
    return pd.concat(found)[EVIDENCE_COLUMNS].reset_index(drop=True)


def _passages(diary: pd.DataFrame) -> pd.DataFrame:
    """Sentences, each lengthened by the next ones of its entry while it is short."""
    table = sentences(parse(diary))
    about = diary[["entry_id", "tandem_id", "side", "date", "text"]]
    table = table.drop(columns="text").merge(about, on="entry_id")
    ends = []
    for _, own in table.groupby("entry_id", sort=False):
        starts, stops = own["start"].tolist(), own["end"].tolist()
        for place, start in enumerate(starts):
            reach = place
            while reach + 1 < len(stops) and stops[reach] - start < PASSAGE_LETTERS:
                reach += 1
            ends.append(stops[reach])
    table["end"] = ends
    table["text"] = [
        text[start:end]
        for text, start, end in zip(table["text"], table["start"], table["end"], strict=True)
    ]
    return table


def _likeness(record: pd.DataFrame, texts: pd.Series) -> np.ndarray:
    """Likeness of each item (row) and text (column), about 0 to 1."""
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 6), sublinear_tf=True, norm=None
    )
    matrix = vectorizer.fit_transform(texts)
    cues = record["kind"].map(_cues()).fillna("")
    query = _unit(vectorizer.transform(record["description"]))
    query = query + CUE_WEIGHT * _unit(vectorizer.transform(cues))
    lengths = _lengths(matrix)
    pivoted = np.maximum((lengths.mean() + lengths) / 2, 1e-9)
    return (_unit(query) @ matrix.T).toarray() / pivoted


def _cues() -> dict[str, str]:
    """Everyday words for each kind, in every language that diaries may be in."""
    found: dict[str, str] = {}
    for language in REPORT_LANGUAGES:
        for kind, words in catalogue(language)["cue"].items():
            found[kind] = words if found.get(kind) in (None, words) else f"{found[kind]} {words}"
    return found


def _lengths(matrix: csr_matrix) -> np.ndarray:
    return np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1))).ravel()


def _unit(matrix: csr_matrix) -> csr_matrix:
    lengths = _lengths(matrix)
    return matrix.multiply(1 / np.where(lengths == 0, 1, lengths)[:, None]).tocsr()
