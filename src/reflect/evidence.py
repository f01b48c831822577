"""Find the diary passages that speak of an event or an outcome.

The tables of events and outcomes say what happened; the diaries say how it was
lived. Whole thoughts written near the date are compared with the description (and,
with less weight, with everyday words for its kind) by character n-grams, which
meet German compounds and inflection without a parser. Of thoughts that are alike, one
that names the day, opens its paragraph or says outright that a view moved goes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from reflect.anonymity.gate import CONSENT, gate
from reflect.labels import REPORT_LANGUAGES, catalogue, month_names
from reflect.moments import OUTRIGHT
from reflect.thoughts import thoughts

#: Least likeness of a passage: to an event or one's own outcome, to an outcome of the partner.
FLOOR, PARTNER_FLOOR = 0.06, 0.09
CUE_WEIGHT = 0.3
#: A day after the date costs as much as this share of the likeness. A day before it costs more,
#: most before an event: what is written then looks forward to it.
DAY_COST, DAY_COST_BEFORE, DAY_COST_AHEAD = 0.05, 0.25, 0.4
#: What the whole entry is about counts too: its best passage may not name the occasion.
ENTRY_WEIGHT = 0.3
#: A side's first entry within so many days after an event or its own outcome tells of it.
NEXT_DAYS = 3
#: What counts beside likeness: naming the day; standing in that first entry; opening a paragraph,
#: and the entry; and, soon after a changed perspective, saying outright that a view moved.
DATED, NEXT, OPENING, MOVED = 0.08, 0.06, 0.04, 0.15
MOVED_MARKERS = (OUTRIGHT | {"learning"}) - {"perspective_taking"}
#: A passage that stands beside an earlier item gives way to one with this share of its score.
INSTEAD = 0.75
# Who chooses last: outcomes of the partner.
_PARTNER = 2
# Between 0 (texts are divided by their own length) and 1 (by the mean length).
_PIVOT = 0.8
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
    spans: pd.DataFrame | None = None,
    *,
    before: int = 2,
    after: int = 10,
) -> pd.DataFrame:
    """The passage of each side that tells most of each event or outcome, if it may be quoted.

    Likeness is the cosine of TF-IDF weighted character n-grams with pivoted length
    normalisation, so that a short passage does not win by being short. A passage must be alike
    enough, or stand in the first entry that its side wrote within `NEXT_DAYS` days of an event or
    of its own outcome. A side's own outcomes choose first, then events, then outcomes of the
    partner; a passage stands beside two items only where no other tells nearly as much.

    Source: Singhal, Buckley & Mitra (1996), Pivoted document length normalization, SIGIR.

    Parameters
    ----------
    record : DataFrame
        From `reflect.overview.record`: ``item_id, tandem_id, side, date, kind, description, what``.
    diary : DataFrame
        Diary of a screened corpus.
    spans : DataFrame, optional
        From `reflect.annotate`: beside a changed perspective, passages that say outright that a
        view moved go first.
    before, after : int
        Days around the date in which a passage may have been written.

    Returns
    -------
    DataFrame
        ``item_id, tandem_id, entry_id, side, date, start, end, text, similarity``: at most one row
        for each item and side, by item in the order of `record`. The text is a whole thought
        (`reflect.thoughts`), `similarity` its likeness without what counts beside it.

    Raises
    ------
    ReflectError
        If the corpus was not screened.
    """
    allowed = diary[diary["consent"] == CONSENT]
    allowed = allowed[_near(record, allowed, before, after)]
    about = allowed[["entry_id", "tandem_id", "side", "date"]]
    pool = gate(thoughts(allowed), diary)[0].merge(about, on="entry_id")
    if record.empty or pool.empty:
        kinds = {"date": diary["date"].dtype, "start": "int64", "end": "int64"}
        return pd.DataFrame(columns=EVIDENCE_COLUMNS).astype(kinds | {"similarity": "float64"})
    named, cued = _likeness(record, pool, allowed, diary["text"])
    opens, moved = OPENING * pool["opens"], MOVED * _moved(pool, spans)
    found = []
    for place, item in enumerate(record.itertuples(index=False)):
        event = item.what == "event"
        own = pool["side"].notna() if event else pool["side"] == item.side
        days = _days_after(pool["date"], item.date)
        ahead = DAY_COST_AHEAD if event else DAY_COST_BEFORE
        cost = days.abs() * np.where(days < 0, ahead, DAY_COST)
        likeness = np.where(own, cued[place], named[place]) * (1 - cost).clip(lower=0)
        first = pool["entry_id"].isin(_first_afterwards(diary, item))
        dated = DATED * _names_day(pool, item.date)
        score = likeness + dated
        soon = days.between(0, NEXT_DAYS) & (item.kind == "perspective")
        score += own * (NEXT * first + opens + moved * soon)
        told = (likeness + dated / 2 >= np.where(own, FLOOR, PARTNER_FLOOR)) | (own & first)
        told &= (pool["tandem_id"] == item.tandem_id) & days.between(-before, after)
        found.append(
            pool.assign(
                item_id=item.item_id,
                similarity=likeness.round(6),
                _score=score.round(6),
                _turn=np.where(own, int(event), _PARTNER),
                _place=place,
            )[told]
        )
    chosen = _shared_out(pd.concat(found, ignore_index=True))
    ordered = chosen.sort_values(["_place", "side"], ignore_index=True)
    return ordered[EVIDENCE_COLUMNS]


def _near(record: pd.DataFrame, diary: pd.DataFrame, before: int, after: int) -> pd.Series:
    """Whether an entry lies in the days around any item of its tandem."""
    items = record[["tandem_id", "date"]].rename(columns={"date": "_item"})
    both = diary[["entry_id", "tandem_id", "date"]].merge(items, on="tandem_id")
    days = _days_after(both["date"], both["_item"])
    return diary["entry_id"].isin(both.loc[days.between(-before, after), "entry_id"])


def _days_after(dates: pd.Series, day: pd.Series | pd.Timestamp) -> pd.Series:
    first = day.dt.normalize() if isinstance(day, pd.Series) else day.normalize()
    return (dates.dt.normalize() - first).dt.days


def _first_afterwards(diary: pd.DataFrame, item: Any) -> list[str]:
    """Each side's first entry from the date on, at most `NEXT_DAYS` later."""
    days = _days_after(diary["date"], item.date)
    near = diary[(diary["tandem_id"] == item.tandem_id) & days.between(0, NEXT_DAYS)]
    return near.sort_values(["date", "entry_id"]).drop_duplicates("side")["entry_id"].tolist()


def _shared_out(found: pd.DataFrame) -> pd.DataFrame:
    """One passage for each item and side, the sure ones first (see `INSTEAD`)."""
    order = ["_turn", "_score", "date", "entry_id", "start", "end", "_place"]
    ranked = found.sort_values(order, ascending=[True, False, *[True] * 5], ignore_index=True)
    taken: dict[str, list[pd.Series]] = {}
    chosen = []
    for _, own in ranked.groupby(["item_id", "side"], sort=False):
        best, picked = own.iloc[0], None
        for _, row in own[own["_score"] >= INSTEAD * best["_score"]].iterrows():
            here = taken.setdefault(row["entry_id"], [])
            if all(row["start"] >= one["end"] or row["end"] <= one["start"] for one in here):
                picked = row
                here.append(row)
                break
        if picked is None:
            over = [one for one in taken[best["entry_id"]] if one["start"] < best["end"]]
            same = next(one for one in over if one["end"] > best["start"])
            nearly = best["similarity"] >= INSTEAD * same["similarity"]
            if best["_turn"] == _PARTNER and same["_place"] > best["_place"] and not nearly:
                continue
            # As it stands beside the other item, so that a reader sees that it is the same.
            picked = best.copy()
            picked[["start", "end", "text"]] = same[["start", "end", "text"]]
        chosen.append(picked)
    return pd.DataFrame(chosen, columns=ranked.columns).astype(ranked.dtypes)


def _moved(pool: pd.DataFrame, spans: pd.DataFrame | None) -> pd.Series:
    """Whether a sentence of a passage says outright that a view moved."""
    if spans is None:
        return pd.Series(False, index=pool.index)
    marked = spans.loc[spans["marker"].isin(MOVED_MARKERS), ["entry_id", "start", "end"]]
    both = pool[["entry_id", "start", "end"]].reset_index().merge(marked, on="entry_id")
    inside = (both["start_x"] <= both["start_y"]) & (both["end_x"] >= both["end_y"])
    return pd.Series(pool.index.isin(both.loc[inside, "index"]), index=pool.index)


def _names_day(pool: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """1 where a passage names the day: by its date, its weekday, or as today or yesterday.

    −1 where it goes through several weekdays and so tells of a week, not of a day; else 0.
    """
    days = _days_after(pool["date"], day)
    words = [catalogue(language)["day_words"] for language in REPORT_LANGUAGES]
    by_weekday = [
        pool["text"].str.contains(_pattern(names))
        for names in zip(*(own["weekdays"].split() for own in words), strict=True)
    ]
    number = sum(found.astype(int) for found in by_weekday)
    named = pool["text"].str.contains(_pattern([_dates(day)]))
    named |= by_weekday[day.weekday()] & (number == 1) & days.between(1, 6)
    for distance, name in enumerate(("today", "yesterday")):
        said = [word for own in words for word in own[name].split()]
        named |= (days == distance) & pool["text"].str.contains(_pattern(said))
    return named.astype(int).where(number < 2, -1)


def _dates(day: pd.Timestamp) -> str:
    months = {month_names(language)[day.month - 1] for language in REPORT_LANGUAGES}
    return rf"{day.day}(?:st|nd|rd|th)?\.? (?:of )?(?:{'|'.join(sorted(months))})"


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


def _likeness(
    record: pd.DataFrame, pool: pd.DataFrame, entries: pd.DataFrame, texts: pd.Series
) -> tuple[np.ndarray, np.ndarray]:
    """Likeness of each item (row) and passage (column): to its words, and with those of its kind.

    About 0 to 1; how much words weigh is learned from all `texts`.
    """
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 6), sublinear_tf=True, norm=None
    ).fit(texts)
    described = _unit(vectorizer.transform(record["description"]))
    cues = record["kind"].map(_cues()).fillna("")
    with_cues = described + CUE_WEIGHT * _unit(vectorizer.transform(cues))
    passages, whole = (_pivoted(vectorizer.transform(part["text"])) for part in (pool, entries))
    of_entry = entries["entry_id"].reset_index(drop=True)
    place = pool["entry_id"].map(pd.Series(of_entry.index, index=of_entry)).to_numpy()

    def blended(query: csr_matrix) -> np.ndarray:
        by_passage, by_entry = ((_unit(query) @ part.T).toarray() for part in (passages, whole))
        return (1 - ENTRY_WEIGHT) * by_passage + ENTRY_WEIGHT * by_entry[:, place]

    return blended(described), blended(with_cues)


def _cues() -> dict[str, str]:
    """Everyday words for each kind, in every language that diaries may be in."""
    found: dict[str, str] = {}
    for language in REPORT_LANGUAGES:
        for kind, words in catalogue(language)["cue"].items():
            found[kind] = words if found.get(kind) in (None, words) else f"{found[kind]} {words}"
    return found


def _pivoted(matrix: csr_matrix) -> csr_matrix:
    lengths = _lengths(matrix)
    return _divided(matrix, _PIVOT * lengths.mean() + (1 - _PIVOT) * lengths)


def _unit(matrix: csr_matrix) -> csr_matrix:
    return _divided(matrix, _lengths(matrix))


def _divided(matrix: csr_matrix, lengths: np.ndarray) -> csr_matrix:
    return matrix.multiply(1 / np.where(lengths == 0, 1, lengths)[:, None]).tocsr()


def _lengths(matrix: csr_matrix) -> np.ndarray:
    return np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1))).ravel()
