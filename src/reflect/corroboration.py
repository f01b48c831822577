"""What one side says to have learned, and whether the other says to have taught it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reflect.pseudo_tandems import pairings
from reflect.stats import BOOTSTRAP_TANDEMS, COMPARE_TANDEMS, tandem_weights, wilson

WITHIN_DAYS = 7
COLUMNS = [
    "tandem_id",
    "learner_side",
    "teacher_side",
    "entry_id",
    "date",
    "start",
    "end",
    "text",
    "teacher_wrote",
    "matched",
    "days_apart",
    "match_entry_id",
    "match_start",
    "match_end",
    "match_text",
]
_DAY = np.timedelta64(1, "D")
_NO_DAYS = np.array([], dtype="datetime64[us]")


def corroboration(
    flow: pd.DataFrame,
    diary: pd.DataFrame,
    *,
    days: int = WITHIN_DAYS,
    markers: Sequence[str] = ("learning",),
) -> pd.DataFrame:
    """Each claim to have learned, with the nearest claim of the partner to have taught.

    A claim is matched where the partner's diary says, at most `days` days before or after,
    that the partner gave something in the same direction. One sentence of the partner may
    match several claims. A match shows that both wrote of a transfer at about the same time,
    not that they mean the same thing: read both sentences. Own operationalisation.

    Parameters
    ----------
    flow : DataFrame
        From `reflect.dyad.learning_flow`.
    diary : DataFrame
        From `Corpus.diary`: ``tandem_id, side, date``.
    markers : sequence of str
        ``learning``, ``advice`` or both; with both, advice given also matches what was learned.

    Returns
    -------
    DataFrame
        One row a claim, by tandem and date: ``tandem_id, learner_side, teacher_side, entry_id,
        date, start, end, text``; ``teacher_wrote`` (whether the partner wrote at all in the
        window: if not, the claim could not be matched); ``matched``; ``days_apart`` (match minus
        claim, negative where the teacher wrote first; missing without match); ``match_entry_id,
        match_start, match_end`` ("" and -1 without match) and ``match_text``.
    """
    own = flow[flow["marker"].isin(list(markers))]
    claims = own[own["writer_side"] == own["learner_side"]].drop_duplicates(
        ["entry_id", "start", "learner_side"]
    )
    given = own[own["writer_side"] == own["teacher_side"]]
    answers = {key: part for key, part in given.groupby(["tandem_id", "teacher_side"])}
    written = _written(diary)
    rows = []
    for claim in claims.itertuples(index=False):
        key = (claim.tandem_id, claim.teacher_side)
        moment = _days([claim.date])[0]
        wrote = bool((np.abs(written.get(key, _NO_DAYS) - moment) <= days * _DAY).any())
        about = tuple(getattr(claim, name) for name in COLUMNS[:8])
        rows.append((*about, wrote, *_nearest(answers.get(key), moment, days)))
    table = pd.DataFrame(rows, columns=COLUMNS)
    # An empty table has no types of its own.
    table = table.astype({"teacher_wrote": "bool", "matched": "bool", "days_apart": "Int64"})
    order = ["tandem_id", "date", "entry_id", "start", "learner_side"]
    return table.sort_values(order, ignore_index=True)


def corroborated_share(
    flow: pd.DataFrame,
    diary: pd.DataFrame,
    sides: tuple[str, str],
    *,
    days: int = WITHIN_DAYS,
    markers: Sequence[str] = ("learning",),
    resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Share of claims to have learned that the partner's diary bears out, by direction.

    Only claims count whose partner wrote within the window. The expected share is that of the
    same claims set beside the diaries of other tandems' teachers, so it shows what a shared
    calendar alone would give; p is from pairing the sides in other orders (see
    `reflect.pseudo_tandems.pairing_test`), one-sided.

    Returns
    -------
    DataFrame
        A row for each direction, then one for both ("" as side): ``learner_side, teacher_side,
        claims, answerable`` (partner wrote), ``matched, tandems`` (with an answerable claim),
        ``share, low, high`` (tandems resampled from ten on, else Wilson, which takes claims as
        independent), ``method`` (bootstrap, wilson or "" without claims), ``expected, p`` (nan
        below five tandems).
    """
    claims = corroboration(flow, diary, days=days, markers=markers)
    tandems = sorted(diary["tandem_id"].unique())
    rows = []
    for learner, teacher in (sides, sides[::-1], ("", "")):
        part = claims if not learner else claims[claims["learner_side"] == learner]
        fair = part[part["teacher_wrote"]]
        matched = int(fair["matched"].sum())
        low, high, method = _interval(fair, tandems, resamples, seed)
        expected, p = _expected(flow, diary, sides, learner, days, markers, resamples, seed)
        share = matched / len(fair) if len(fair) else float("nan")
        writers = fair["tandem_id"].nunique()
        counted = (len(part), len(fair), matched, writers)
        rows.append((learner, teacher, *counted, share, low, high, method, expected, p))
    names = ["learner_side", "teacher_side", "claims", "answerable", "matched", "tandems"]
    names += ["share", "low", "high", "method", "expected", "p"]
    return pd.DataFrame(rows, columns=names)


def _interval(
    fair: pd.DataFrame, tandems: list[str], resamples: int, seed: int
) -> tuple[float, float, str]:
    if fair.empty:
        return (float("nan"), float("nan"), "")
    by_tandem = fair.groupby("tandem_id")["matched"].agg(["sum", "size"]).reindex(tandems).dropna()
    matched, claimed = by_tandem.to_numpy(float).T
    if len(by_tandem) < BOOTSTRAP_TANDEMS or not 0 < matched.sum() < claimed.sum():
        return (*wilson(int(matched.sum()), int(claimed.sum())), "wilson")
    weights = tandem_weights(len(by_tandem), resamples, seed)
    low, high = np.quantile((weights @ matched) / (weights @ claimed), [0.025, 0.975])
    return (float(low), float(high), "bootstrap")


def _expected(
    flow: pd.DataFrame,
    diary: pd.DataFrame,
    sides: tuple[str, str],
    learner: str,
    days: int,
    markers: Sequence[str],
    resamples: int,
    seed: int,
) -> tuple[float, float]:
    """Share matched by diaries of other tandems, and how rare the real share is among them."""
    tandems = sorted(diary["tandem_id"].unique())
    number = len(tandems)
    matched, fair = np.zeros((number, number)), np.zeros((number, number))
    for side in [learner] if learner else list(sides):
        hits, asked = _matches(flow, diary, sides, side, days, markers, tandems)
        matched += hits
        fair += asked
    apart = ~np.eye(number, dtype=bool)
    expected = matched[apart].sum() / fair[apart].sum() if fair[apart].sum() else float("nan")
    if (np.diag(fair) > 0).sum() < COMPARE_TANDEMS:
        return (float(expected), float("nan"))
    orders = pairings(number, resamples, seed)
    rows = np.arange(number)
    asked = fair[rows, orders].sum(axis=1)
    shares = np.round(matched[rows, orders].sum(axis=1)[asked > 0] / asked[asked > 0], 12)
    return (float(expected), float((shares >= shares[0]).mean()))


def _matches(
    flow: pd.DataFrame,
    diary: pd.DataFrame,
    sides: tuple[str, str],
    learner: str,
    days: int,
    markers: Sequence[str],
    tandems: list[str],
) -> tuple[np.ndarray, np.ndarray]:
    """Matched and answerable claims of each first side (rows) with each second side."""
    teacher = sides[1] if learner == sides[0] else sides[0]
    own = flow[flow["marker"].isin(list(markers)) & (flow["learner_side"] == learner)]
    claims = own[own["writer_side"] == learner].drop_duplicates(["entry_id", "start"])
    given = own[own["writer_side"] == teacher]
    written, window = _written(diary), days * _DAY
    number = len(tandems)
    matched, fair = np.zeros((number, number)), np.zeros((number, number))
    for row, asking in enumerate(tandems):
        when = _days(claims.loc[claims["tandem_id"] == asking, "date"])
        for column, answering in enumerate(tandems):
            wrote = written.get((answering, teacher), when[:0])
            told = _days(given.loc[given["tandem_id"] == answering, "date"])
            asked = (np.abs(when[:, None] - wrote[None, :]) <= window).any(axis=1)
            place = (row, column) if learner == sides[0] else (column, row)
            fair[place] = asked.sum()
            matched[place] = (np.abs(when[:, None] - told[None, :]) <= window).any(axis=1).sum()
    return matched, fair


def _nearest(
    answers: pd.DataFrame | None, moment: np.datetime64, days: int
) -> tuple[bool, int | None, str, int, int, str]:
    if answers is not None:
        apart = (_days(answers["date"]) - moment) // _DAY
        best = int(np.argmin(np.abs(apart)))
        if abs(int(apart[best])) <= days:
            answer = answers.iloc[best]
            place = (answer["entry_id"], int(answer["start"]), int(answer["end"]))
            return (True, int(apart[best]), *place, answer["text"])
    return (False, None, "", -1, -1, "")


def _written(diary: pd.DataFrame) -> dict[tuple[str, str], np.ndarray]:
    grouped = diary.groupby(["tandem_id", "side"])["date"]
    return {key: _days(dates) for key, dates in grouped}


def _days(dates: Sequence[pd.Timestamp] | pd.Series) -> np.ndarray:
    return np.asarray(pd.DatetimeIndex(pd.Series(dates, dtype="datetime64[us]")).normalize())
