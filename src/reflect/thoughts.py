"""Whole thoughts: one to three sentences of one paragraph, that can be read by themselves."""

from __future__ import annotations

import pandas as pd

from reflect.text import parse, sentences

MOST_SENTENCES = 3
#: Letters from which a thought can stand alone, and beyond which none is lengthened.
SHORTEST, LONGEST = 100, 340
#: An exclamation or a word by itself ("Two!!!") does not count as one of the three.
WORD = 20
#: A quoted sentence shorter than this is shown with what stands before it.
BARE = 60


def thoughts(diary: pd.DataFrame) -> pd.DataFrame:
    """Every run of one to three sentences that lies within a paragraph.

    Parameters
    ----------
    diary : DataFrame
        With ``entry_id, text, language``.

    Returns
    -------
    DataFrame
        ``entry_id, start, end, text, opens``: of `SHORTEST` to `LONGEST` letters, or one long
        sentence, or the whole of a shorter paragraph. ``opens`` is 2 for what opens the entry,
        1 for what opens another paragraph, else 0.
    """
    rows = []
    texts = dict(zip(diary["entry_id"], diary["text"], strict=True))
    paragraphs = _paragraphs(diary).groupby(["entry_id", "paragraph"], sort=False)
    for (entry, number), places in paragraphs:
        opening = 1 if number else 2
        for start, end in _runs(list(zip(places["start"], places["end"], strict=True))):
            opens = opening if start == places["start"].iloc[0] else 0
            rows.append((entry, start, end, texts[entry][start:end], opens))
    table = pd.DataFrame(rows, columns=["entry_id", "start", "end", "text", "opens"])
    return table.astype({"start": "int64", "end": "int64", "opens": "int64"})


def widened(spans: pd.DataFrame, diary: pd.DataFrame) -> pd.DataFrame:
    """Marked sentences, the very short ones with what stands before them in their paragraph.

    "I no longer say so" tells a reader nothing; with the two sentences before it, it does.
    To be done before the gate, which then looks at all that is shown.

    Parameters
    ----------
    spans : DataFrame
        With ``entry_id, start, end, text``; other columns stay.
    diary : DataFrame
        With ``entry_id, text, language``.

    Returns
    -------
    DataFrame
        A copy with new ``start, text`` where a sentence has fewer than `BARE` letters.
    """
    short = spans["text"].str.len() < BARE
    if not short.any():
        return spans.copy()
    own = diary[diary["entry_id"].isin(spans.loc[short, "entry_id"])]
    places = {entry: part for entry, part in _paragraphs(own).groupby("entry_id")}
    texts = dict(zip(own["entry_id"], own["text"], strict=True))
    starts, ends, said = list(spans["start"]), list(spans["end"]), list(spans["text"])
    for row in short.to_numpy().nonzero()[0]:
        entry = spans["entry_id"].iloc[row]
        if entry not in places:
            continue
        starts[row], ends[row] = _with_context(places[entry], starts[row], ends[row])
        said[row] = texts[entry][starts[row] : ends[row]]
    return spans.assign(start=starts, end=ends, text=said)


def _with_context(places: pd.DataFrame, start: int, end: int) -> tuple[int, int]:
    """With what stands before it in its paragraph; at its beginning, with what follows."""
    here = places[(places["start"] < end) & (places["end"] > start)]
    if here.empty:
        return start, end
    same = places[places["paragraph"] == here["paragraph"].iloc[0]].reset_index(drop=True)
    inside = same.index[(same["start"] < end) & (same["end"] > start)]
    first, last = inside[0], inside[-1]
    starts, ends = same["start"], same["end"]
    low, high = min(start, starts[first]), max(end, ends[last])
    while first and last - first + 1 < MOST_SENTENCES and high - starts[first - 1] <= LONGEST:
        first -= 1
        low = starts[first]
    while high - low < SHORTEST and last + 1 < len(same) and ends[last + 1] - low <= LONGEST:
        last += 1
        high = ends[last]
    return int(low), int(high)


def _runs(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Start and end of each run in a paragraph."""
    found = []
    shortest = min(SHORTEST, places[-1][1] - places[0][0])
    for first, (start, _) in enumerate(places):
        counted = 0
        for number, (begin, end) in enumerate(places[first:], start=1):
            counted += end - begin >= WORD
            if counted > MOST_SENTENCES or (number > 1 and end - start > LONGEST):
                break
            if end - start >= shortest:
                found.append((start, end))
    return found


def _paragraphs(diary: pd.DataFrame) -> pd.DataFrame:
    """Sentences with the number of their paragraph, which ends where a line ends with a sentence.

    A line too short to stand alone, such as a heading, belongs to what follows it.
    """
    table = sentences(parse(diary)).drop(columns="text")
    texts = dict(zip(diary["entry_id"], diary["text"], strict=True))
    numbers, number, opened, before = [], 0, 0, ("", 0)
    for entry, start, end in table[["entry_id", "start", "end"]].itertuples(index=False):
        if entry != before[0]:
            number, opened = 0, start
        elif "\n" in texts[entry][before[1] : start] and before[1] - opened >= SHORTEST:
            number, opened = number + 1, start
        numbers.append(number)
        before = (entry, end)
    return table.assign(paragraph=numbers)
