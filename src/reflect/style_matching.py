"""Language style matching: how alike two diaries use function words, beyond what any two do."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
import yaml
from statsmodels.stats.multitest import multipletests

from reflect.pseudo_tandems import pairing_test
from reflect.resampling import bootstrap_t
from reflect.text import iter_docs, token_kind

CATEGORIES = (
    "personal_pronouns",
    "impersonal_pronouns",
    "articles",
    "prepositions",
    "conjunctions",
    "auxiliaries",
    "adverbs",
    "negations",
    "quantifiers",
)
MINIMUM_WORDS = 600
REASONS = ("", "side_missing", "two_languages", "too_short", "no_other_tandems")


@cache
def style_words(language: str) -> dict[str, str]:
    """Category of each function word of a language, in lower case."""
    source = files("reflect").joinpath("data", language, "style_words.yml")
    lists = yaml.load(source.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {word: category for category in CATEGORIES for word in lists[category].split()}


def style_counts(diary: pd.DataFrame) -> pd.DataFrame:
    """Function words of each person in each language, all entries pooled.

    Parameters
    ----------
    diary : DataFrame
        From `Corpus.diary`: ``entry_id, text, language, tandem_id, side``.

    Returns
    -------
    DataFrame
        ``tandem_id, side, language, words``, then a count for each of the nine categories.
    """
    rows = []
    for doc in iter_docs(diary):
        categories = style_words(doc.lang_)
        words = [token.lower_ for token in doc if token_kind(token.text) == "word"]
        found = [categories[word] for word in words if word in categories]
        rows.append((len(words), *(found.count(category) for category in CATEGORIES)))
    counts = pd.DataFrame(rows, columns=["words", *CATEGORIES], index=diary.index, dtype="int64")
    keys = ["tandem_id", "side", "language"]
    return pd.concat([diary[keys], counts], axis=1).groupby(keys, sort=True).sum().reset_index()


def style_similarity(
    counts: pd.DataFrame,
    sides: tuple[str, str],
    *,
    minimum: int = MINIMUM_WORDS,
    resamples: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Language style matching of every first side with every second side of one language.

    ``LSM_c = 1 - |p1 - p2| / (p1 + p2 + .0001)`` for each category c, p in per cent of words;
    LSM is the mean over categories that at least one of the two uses. Short texts score lower
    whoever wrote them, so everybody is cut to the words of the shortest diary in that language
    (at least `minimum`) by drawing words without replacement, again and again; the score is the
    mean over the draws.

    Source: Ireland & Pennebaker (2010), Journal of Personality and Social Psychology 99, 549-571;
    own word lists; in German, articles and demonstratives are one category.

    Parameters
    ----------
    counts : DataFrame
        From `style_counts`.
    minimum : int
        Words of one language that a person must have written to be compared in it.

    Returns
    -------
    DataFrame
        ``language, first_tandem, second_tandem, lsm, rarefied`` (words drawn); rows with both
        tandems the same are the real tandems. Empty where nobody wrote enough.
    """
    rows = []
    for language, part in counts[counts["words"] >= minimum].groupby("language", sort=True):
        people = [part[part["side"] == side].sort_values("tandem_id") for side in sides]
        if any(own.empty for own in people):
            continue
        drawn = int(part[part["side"].isin(sides)]["words"].min())
        first, second = (
            np.stack(
                [
                    _rarefied(person, drawn, resamples, [seed, place, number])
                    for number, person in enumerate(own[["words", *CATEGORIES]].to_numpy())
                ]
            )
            for place, own in enumerate(people)
        )
        for row, one in zip(people[0]["tandem_id"], first, strict=True):
            scores = _matching(one[None], second).mean(axis=1)
            for other, score in zip(people[1]["tandem_id"], scores, strict=True):
                rows.append((language, row, other, float(score), drawn))
    names = ["language", "first_tandem", "second_tandem", "lsm", "rarefied"]
    return pd.DataFrame(rows, columns=names)


def style_matching(
    similarity: pd.DataFrame, counts: pd.DataFrame, *, minimum: int = MINIMUM_WORDS
) -> pd.DataFrame:
    """Language style matching of each tandem, minus that of pairs that never met.

    The pairs are those that one of the two would form with the partners of other tandems. What
    is left says that the two write alike, not that they get on: in later studies style matching
    was hardly related to the quality of an exchange.

    Parameters
    ----------
    similarity : DataFrame
        From `style_similarity`.
    counts : DataFrame
        From `style_counts`; says why a tandem has no score.

    Returns
    -------
    DataFrame
        A row for each tandem and language in which both wrote enough, and one for a tandem
        without any: ``tandem_id, language`` ("" where none), ``lsm, pseudo`` (mean of the pairs
        that never met), ``excess = lsm - pseudo``, ``rank`` (share of those pairs that score
        lower), ``pairs`` (their number), ``rarefied``, ``reason``: "" or why a value is missing:
        ``side_missing``, ``two_languages`` (both wrote enough, but in different languages),
        ``too_short``, ``no_other_tandems`` (a score, but nothing to hold it against).
    """
    rows = []
    for tandem in sorted(counts["tandem_id"].unique()):
        own = similarity[
            (similarity["first_tandem"] == tandem) & (similarity["second_tandem"] == tandem)
        ]
        for real in own.itertuples(index=False):
            alike = similarity[similarity["language"] == real.language]
            pairs = alike[(alike["first_tandem"] == tandem) ^ (alike["second_tandem"] == tandem)]
            pseudo = float(pairs["lsm"].mean()) if len(pairs) else float("nan")
            rank = float((pairs["lsm"] < real.lsm).mean()) if len(pairs) else float("nan")
            about = (real.lsm, pseudo, real.lsm - pseudo, rank, len(pairs), real.rarefied)
            rows.append((tandem, real.language, *about, "" if len(pairs) else REASONS[4]))
        if own.empty:
            reason = _why_not(counts[counts["tandem_id"] == tandem], minimum)
            rows.append((tandem, "", *(float("nan"),) * 4, 0, 0, reason))
    names = ["tandem_id", "language", "lsm", "pseudo", "excess", "rank", "pairs", "rarefied"]
    return pd.DataFrame(rows, columns=[*names, "reason"])


def style_matching_test(
    similarity: pd.DataFrame, *, resamples: int = 2000, seed: int = 0
) -> pd.DataFrame:
    """Whether tandems write more alike than pairs that never met, for each language.

    Of several languages the p values are corrected by Holm's method.

    Returns
    -------
    DataFrame
        ``language, tandems, lsm, expected, excess, low, high`` (95 %, tandems resampled, from
        ten tandems on), ``p`` (one-sided, `reflect.pseudo_tandems.pairing_test`; nan below five),
        ``p_adjusted`` (over languages).
    """
    rows = []
    for language, part in similarity.groupby("language", sort=True):
        tandems = sorted(set(part["first_tandem"]) | set(part["second_tandem"]))
        wide = part.pivot(index="first_tandem", columns="second_tandem", values="lsm")
        matrix = wide.reindex(index=tandems, columns=tandems).to_numpy(float)
        test = pairing_test(matrix, alternative="greater", resamples=resamples, seed=seed)
        if not test.tandems:
            continue
        excess = np.diag(matrix) - _others(matrix)
        interval = bootstrap_t(excess, resamples=resamples, seed=seed)
        about = (test.value, test.expected, test.value - test.expected)
        rows.append((language, test.tandems, *about, interval.low, interval.high, test.p))
    names = ["language", "tandems", "lsm", "expected", "excess", "low", "high", "p"]
    table = pd.DataFrame(rows, columns=names).assign(p_adjusted=np.nan)
    known = table["p"].notna()
    if known.any():
        table.loc[known, "p_adjusted"] = multipletests(table.loc[known, "p"], method="holm")[1]
    return table


def _others(matrix: np.ndarray) -> np.ndarray:
    """For each tandem the mean score of either writer with the partners of other tandems."""
    apart = np.where(np.eye(len(matrix), dtype=bool), np.nan, matrix)
    both = np.concatenate([apart, apart.T], axis=1)
    known = np.isfinite(both)
    sums = np.where(known, both, 0).sum(axis=1)
    return np.divide(
        sums, known.sum(axis=1), where=known.any(axis=1), out=np.full(len(sums), np.nan)
    )


def _rarefied(person: np.ndarray, drawn: int, resamples: int, seed: list[int]) -> np.ndarray:
    """Per cent of each category in `resamples` draws of so many words, without replacement."""
    words, *found = person.tolist()
    urn = [*found, words - sum(found)]
    sample = np.random.default_rng(seed).multivariate_hypergeometric(urn, drawn, size=resamples)
    return 100 * sample[:, :-1] / drawn


def _matching(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """LSM from percentages in the last axis; categories that neither uses are left out."""
    total = first + second
    scores = 1 - np.abs(first - second) / (total + 0.0001)
    used = total > 0
    return np.where(used, scores, 0).sum(axis=-1) / np.maximum(used.sum(axis=-1), 1)


def _why_not(own: pd.DataFrame, minimum: int) -> str:
    if own["side"].nunique() < 2:
        return "side_missing"
    enough = own[own["words"] >= minimum]
    return "two_languages" if enough["side"].nunique() == 2 else "too_short"
