"""Words that set one side, or one phase, apart from the other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reflect.anonymity.gate import names_found
from reflect.errors import ReflectError
from reflect.names import find_names
from reflect.stats import BOOTSTRAP_TANDEMS, COMPARE_TANDEMS, tandem_weights
from reflect.vocabulary import learn_vocabulary, words

MINIMUM_AUTHORS = 3
PRIOR_WORDS = 1000.0
#: Up to this many tandems all exchanges of the groups are listed; beyond, they are drawn.
EXACT_SWAPS = 9
KEYNESS_COLUMNS = [
    "language",
    "word",
    "first_hits",
    "second_hits",
    "first_authors",
    "second_authors",
    "log_odds",
    "z",
    "low",
    "high",
    "p",
    "verdict",
]


def lemma_counts(diary: pd.DataFrame) -> pd.DataFrame:
    """Lemmas of each person in each phase, the words that topics are found from.

    Stop words, placeholders, numbers, names, greetings and closings are left out (see
    `reflect.vocabulary`).

    Parameters
    ----------
    diary : DataFrame
        From `Corpus.diary`.

    Returns
    -------
    DataFrame
        ``language, tandem_id, side, participant_id, phase, word`` (lemma; German nouns with their
        capital), ``hits, entries``.
    """
    texts, languages = diary["text"].tolist(), diary["language"].tolist()
    found = [words(text) for text in texts]
    names = find_names(texts, languages)
    vocabulary = learn_vocabulary(found, languages, names, names_found(diary))
    about = ["language", "tandem_id", "side", "participant_id", "phase"]
    table = diary[["entry_id", *about]].astype({"phase": "str"})
    table = table.assign(word=[vocabulary.read(entry) for entry in found])
    table = table.explode("word").dropna(subset=["word"]).astype({"word": "str"})
    grouped = table.groupby([*about, "word"], sort=True)["entry_id"]
    return grouped.agg(hits="size", entries="nunique").reset_index()


def log_odds(
    first: np.ndarray, second: np.ndarray, prior: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted log-odds ratio with an informative Dirichlet prior, and its z.

    ``δ_w = log[(y_w + α_w) / (n + α_0 - y_w - α_w)]`` of the first group minus the same of the
    second; ``z = δ / √(1 / (y_w + α_w) + 1 / (y'_w + α_w))``.

    Source: Monroe, Colaresi & Quinn (2008), Political Analysis 16, 372-403, equations 15-22.

    Parameters
    ----------
    first, second : ndarray
        Counts of each word in the two groups (last axis); leading axes broadcast.
    prior : ndarray
        ``α_w`` of each word, above 0.

    Examples
    --------
    >>> delta, _ = log_odds(np.array([9.0, 1.0]), np.array([1.0, 9.0]), np.array([1.0, 1.0]))
    >>> bool(np.isclose(delta[0], np.log(5) - np.log(1 / 5)))
    True
    """
    total = prior.sum()
    ones, others = (
        np.log((counts + prior) / (counts.sum(axis=-1, keepdims=True) + total - counts - prior))
        for counts in (first, second)
    )
    delta = ones - others
    return delta, delta / np.sqrt(1 / (first + prior) + 1 / (second + prior))


def keyness(
    counts: pd.DataFrame,
    by: str,
    groups: tuple[str, str],
    *,
    minimum_authors: int = MINIMUM_AUTHORS,
    prior_words: float = PRIOR_WORDS,
    resamples: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Words by which two sides, or two phases, differ, within each language.

    The prior is the corpus itself in that language, weighing as much as `prior_words` words: it
    pulls rare words towards no difference. z ranks the words; it takes tokens as independent,
    which they are not. The interval is the wider of z's and one that resamples tandems with
    their authors. Whether a word differs is decided by exchanging the two groups within tandems
    and taking the largest z of all words each time (Westfall & Young 1993): with hundreds of
    words compared, in at most 5 % of studies without any difference is even one claimed. A word
    must come from at least three authors on the side that uses it more: what one person repeats
    is that person's word.

    Parameters
    ----------
    counts : DataFrame
        From `lemma_counts`; filter it first for one side's change over phases.
    by : str
        ``side`` or ``phase`` (or another column of `counts`).
    groups : tuple of str
        The two values of `by` to compare.
    minimum_authors : int
        Where a group has fewer authors in all, the rule cannot hold: a word then needs three
        entries instead and is only described.

    Returns
    -------
    DataFrame
        By language and descending z: ``language, word, first_hits, second_hits, first_authors,
        second_authors, log_odds`` (positive: the first group uses it more), ``z, low, high`` (95 %
        of log_odds; missing below ten tandems), ``p`` (adjusted for all words of the language; nan
        below five tandems), ``verdict``: one of `groups`, ``none``, or ``described`` (not tested).

    Raises
    ------
    ReflectError
        If `counts` has no column `by`.
    """
    if by not in counts:
        raise ReflectError(f"keyness: counts lack the column {by}. Use side or phase")
    tables = [
        _compare(part, by, groups, minimum_authors, prior_words, resamples, seed)
        for _, part in counts[counts[by].isin(groups)].groupby("language", sort=True)
        if part[by].nunique() == 2
    ]
    if not tables:
        return pd.DataFrame(columns=KEYNESS_COLUMNS)
    table = pd.concat(tables, ignore_index=True)
    order = ["language", "z", "word"]
    return table.sort_values(order, ascending=[True, False, True], ignore_index=True)


def _compare(
    part: pd.DataFrame,
    by: str,
    groups: tuple[str, str],
    minimum: int,
    prior_words: float,
    resamples: int,
    seed: int,
) -> pd.DataFrame:
    spelt, tandems = np.sort(part["word"].unique()), np.sort(part["tandem_id"].unique())
    summed = {group: _matrix(part[part[by] == group], tandems, spelt) for group in groups}
    first, second = (summed[group].sum(axis=0) for group in groups)
    prior = prior_words * (first + second) / (first + second).sum()
    delta, z = log_odds(first, second, prior)
    authors = [_spread(part[part[by] == group], "participant_id", spelt) for group in groups]
    entries = [_entries(part[part[by] == group], spelt) for group in groups]
    known = min(part.loc[part[by] == group, "participant_id"].nunique() for group in groups)
    lean = np.where(delta > 0, *(authors if known >= minimum else entries))
    fair = lean >= minimum
    low = high = np.full(len(spelt), np.nan)
    if len(tandems) >= BOOTSTRAP_TANDEMS and known >= minimum and fair.any():
        low, high = low.copy(), high.copy()
        weights = tandem_weights(len(tandems), resamples, seed).astype(float)
        # The whole vocabulary is needed for the totals; only words that may be shown are kept.
        totals = [weights @ summed[group].sum(axis=1) for group in groups]
        drawn = [weights @ summed[group][:, fair] for group in groups]
        low[fair], high[fair] = _interval(drawn, totals, prior[fair], prior_words)
        reach = 1.96 * np.sqrt(1 / (first + prior) + 1 / (second + prior))
        low, high = np.fmin(low, delta - reach), np.fmax(high, delta + reach)
        low[~fair], high[~fair] = np.nan, np.nan
    p = np.full(len(spelt), np.nan)
    if len(tandems) >= COMPARE_TANDEMS and known >= minimum:
        spread = _spread(part, "participant_id", spelt) >= minimum
        if spread.any():
            summed_both = [summed[group] for group in groups]
            p[spread] = _family_p(summed_both, prior, spread, resamples, seed)
    table = pd.DataFrame(
        {
            "language": part["language"].iloc[0],
            "word": spelt,
            "first_hits": first.astype("int64"),
            "second_hits": second.astype("int64"),
            "first_authors": authors[0],
            "second_authors": authors[1],
            "log_odds": delta,
            "z": z,
            "low": low,
            "high": high,
            "p": p,
        }
    )
    verdict = np.where(p >= 0.05, "none", np.where(delta > 0, *groups))
    table["verdict"] = np.where(np.isnan(p), "described", verdict)
    return table[fair]


def _interval(
    drawn: list[np.ndarray], totals: list[np.ndarray], prior: np.ndarray, size: float
) -> np.ndarray:
    """Quantiles of the log odds over resamples; memory is resamples times words."""
    odds = [
        np.log((hits + prior) / (total[:, None] + size - hits - prior))
        for hits, total in zip(drawn, totals, strict=True)
    ]
    return np.quantile(odds[0] - odds[1], [0.025, 0.975], axis=0)


def _family_p(
    summed: list[np.ndarray], prior: np.ndarray, shown: np.ndarray, resamples: int, seed: int
) -> np.ndarray:
    """p of each shown word against the largest |z| of any when groups change places in tandems."""
    tandems = len(summed[0])
    if tandems <= EXACT_SWAPS:
        swaps = (np.arange(2**tandems)[:, None] >> np.arange(tandems)) & 1
    else:
        drawn = np.random.default_rng(seed).integers(2, size=(max(resamples, 1), tandems))
        swaps = np.vstack([np.zeros((1, tandems), dtype=np.int64), drawn])
    both, gap = summed[0] + summed[1], summed[1] - summed[0]
    first = summed[0].sum(axis=0)
    largest = np.empty(len(swaps))
    real = np.array([])
    for place, swap in enumerate(swaps):
        counts = first + swap @ gap
        z = np.abs(log_odds(counts, both.sum(axis=0) - counts, prior)[1][shown])
        largest[place] = z.max()
        if not place:
            real = z
    return (largest[None, :] >= real[:, None] - 1e-9).mean(axis=1)


def _matrix(part: pd.DataFrame, tandems: np.ndarray, spelt: np.ndarray) -> np.ndarray:
    matrix = np.zeros((len(tandems), len(spelt)))
    rows = np.searchsorted(tandems, part["tandem_id"].to_numpy())
    np.add.at(matrix, (rows, np.searchsorted(spelt, part["word"].to_numpy())), part["hits"])
    return matrix


def _spread(part: pd.DataFrame, column: str, spelt: np.ndarray) -> np.ndarray:
    return (
        part.groupby("word")[column].nunique().reindex(spelt).fillna(0).astype("int64").to_numpy()
    )


def _entries(part: pd.DataFrame, spelt: np.ndarray) -> np.ndarray:
    return part.groupby("word")["entries"].sum().reindex(spelt).fillna(0).astype("int64").to_numpy()
