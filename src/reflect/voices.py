"""Both sides side by side: tables in which each side has a column and speaks for itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from reflect.evidence import FLOOR
from reflect.exhibit import Exhibit, escape
from reflect.exhibit import prose as passage
from reflect.labels import day, label
from reflect.moments import SHIFT_MARKERS
from reflect.prose import Sides, moment_heading
from reflect.quotes import openings, pick, with_consent

#: Least likeness of a passage (`reflect.evidence`) to an outcome: of one's own, of the partner's.
OWN_FLOOR, PARTNER_FLOOR = 0.08, 0.12
#: An entry of so many days after a visit or an evening is taken to tell of it.
NEXT_DAYS = 3
#: Least likeness in those days, and at any other time.
NEXT_FLOOR = 0.05
#: Shortest sentence for which a moment is chosen for the first page.
TELLING_LETTERS = 30
_OPENING_LETTERS = 160
# Together a line longer than what pandoc sets by itself, so that tables fill the page.
_WIDTHS = (34, 50)


def side_by_side(
    rows: Iterable[tuple[str, Mapping[str, str]]], sides: Sides, head: str = ""
) -> str:
    """A Markdown table with a column a side.

    Parameters
    ----------
    rows : iterable of (str, mapping)
        What stands in front (Markdown), and side to cell (Markdown of one line).
    head : str
        Title of the first column; the column is left out where no row has anything in front.

    Examples
    --------
    >>> print(side_by_side([("", {"a": "x", "b": "y"})], {"a": "anna", "b": "ben"}))
    | Anna | Ben |
    |:--------------------------------------------------|:--------------------------------------------------|
    | x | y |
    """
    rows = list(rows)
    front = any(first for first, _ in rows)
    names = [name[:1].upper() + name[1:] for name in sides.values()]
    titles = ([head or " "] if front else []) + names
    rule = ([":" + "-" * _WIDTHS[0]] if front else []) + [":" + "-" * _WIDTHS[1]] * 2
    lines = ["| " + " | ".join(titles) + " |", "|" + "|".join(rule) + "|"]
    for first, cells in rows:
        shown = ([first] if front else []) + [cells.get(side, "") or "–" for side in sides]
        lines.append("| " + " | ".join(shown) + " |")
    return "\n".join(lines)


def voice(quote: Mapping[str, Any], sides: Sides, language: str) -> str:
    """A quotation in one line of Markdown, with side, date, entry and offsets."""
    return " ".join(cited(quote, sides[quote["side"]], language))


def cited(quote: Mapping[str, Any], who: str, language: str) -> tuple[str, str]:
    """Literal text in one line of Markdown, and its source: `who`, date, entry, offsets."""
    text = escape(" ".join(str(quote["text"]).split()))
    place = f"{quote['entry_id']} [{quote['start']}–{quote['end']}]"
    return text, f"*{escape(', '.join([who, day(quote['date'], language), place]))}*"


def by_marker(quotes: pd.DataFrame, sides: Sides, language: str) -> Exhibit:
    """One quotation of each marker and side, a row a marker.

    Parameters
    ----------
    quotes : DataFrame
        From `reflect.quotes.pick` with ``per=["marker", "side"]``.
    """
    rows = []
    for marker, part in quotes.groupby("marker", sort=True):
        name = label(language, f"marker.{marker}")
        cells = part.drop_duplicates("side").set_index("side", drop=False)
        said = {side: voice(cells.loc[side], sides, language) for side in cells.index}
        rows.append((f"**{name[:1].upper()}{name[1:]}**", said))
    if not rows:
        return passage(label(language, "none.quotations"))
    return passage(side_by_side(rows, sides, label(language, "column.marker")))


def moment(
    found: Mapping[str, Any],
    spans: pd.DataFrame,
    diary: pd.DataFrame,
    sides: Sides,
    language: str,
    told: pd.DataFrame | None = None,
) -> str:
    """One key moment: what it was, and how either side tells it.

    Parameters
    ----------
    found : mapping
        A row of `reflect.moments.key_moments`.
    told : DataFrame, optional
        From `reflect.evidence.evidence`: where a side's entries carry no marker, what it
        wrote of the event stands instead.
    """
    shifts = spans[
        spans["entry_id"].isin(found["entries"].split(",")) & spans["marker"].isin(SHIFT_MARKERS)
    ]
    allowed, _ = with_consent(shifts, diary)
    # The sentence with most markers tells most of the occasion.
    number = allowed.groupby(["entry_id", "start"])["marker"].transform("nunique")
    richest = allowed.assign(_found=number).groupby("side")["_found"].transform("max")
    chosen = pick(allowed[number == richest], per=["side"]).set_index("side", drop=False)
    marked = set(diary.loc[diary["entry_id"].isin(shifts["entry_id"]), "side"])
    cells = {}
    for side in sides:
        if side in chosen.index:
            cells[side] = voice(chosen.loc[side], sides, language)
        elif side in marked:
            cells[side] = f"*{label(language, 'say.voice_withheld')}*"
        else:
            cells[side] = _elsewhere(found, side, diary, sides, language, told)
    heading = f"#### {moment_heading(found, language)}"
    if all(cell.startswith("*") for cell in cells.values()):
        return f"{heading}\n\n{' '.join(dict.fromkeys(cells.values()))}"
    return f"{heading}\n\n{side_by_side([('', cells)], sides)}"


def most_quotable(found: pd.DataFrame, spans: pd.DataFrame, diary: pd.DataFrame) -> dict[str, Any]:
    """Of some key moments the first that both sides may be quoted on; else one side; else any.

    Only sentences of some length count: "What do I want?" tells a reader nothing by itself.
    """
    telling = spans["marker"].isin(SHIFT_MARKERS) & (spans["text"].str.len() >= TELLING_LETTERS)
    allowed, _ = with_consent(spans[telling], diary)
    writers = allowed.drop_duplicates("entry_id").set_index("entry_id")["side"]
    rows = found.to_dict("records")
    voices = [
        len({writers[entry] for entry in row["entries"].split(",") if entry in writers.index})
        for row in rows
    ]
    return rows[voices.index(max(voices))]


def moments(
    found: pd.DataFrame,
    spans: pd.DataFrame,
    diary: pd.DataFrame,
    sides: Sides,
    language: str,
    told: pd.DataFrame | None = None,
) -> Exhibit:
    """Key moments, each with both sides side by side; parameters as for `moment`."""
    parts = [moment(row, spans, diary, sides, language, told) for row in found.to_dict("records")]
    return passage("\n\n".join(parts) or label(language, "none.hits"))


def chronicle(
    items: pd.DataFrame, told: pd.DataFrame, diary: pd.DataFrame, sides: Sides, language: str
) -> Exhibit:
    """Events and outcomes of a tandem in order of date, with what either diary says of each.

    Every outcome and every event other than a meeting has a row; a meeting only where a diary
    tells of it. After a visit or an evening of which no passage speaks by its words, the opening
    of the side's next entry stands, at most three days later.

    Parameters
    ----------
    items : DataFrame
        From `reflect.overview.record`.
    told : DataFrame
        From `reflect.evidence.evidence` with ``floor=NEXT_FLOOR``.
    diary : DataFrame
        Diary of a screened corpus.
    """
    first, _ = with_consent(openings(diary, _OPENING_LETTERS), diary)
    rows, shown = [], set()
    for item in items.to_dict("records"):
        own = _speaking(item, told[told["item_id"] == item["item_id"]])
        if item["what"] == "event" and item["kind"] != "meeting":
            own = pd.concat([own, _next(item, first, set(own["side"]))])
        if own.empty and item["kind"] == "meeting":
            continue
        cells = {}
        for quote in own.drop_duplicates("side").to_dict("records"):
            place = (quote["entry_id"], quote["start"])
            again = f"*{label(language, 'say.voice_above')}*"
            cells[quote["side"]] = again if place in shown else voice(quote, sides, language)
            shown.add(place)
        kind = label(language, f"{item['what']}.{item['kind']}")
        who = f" ({sides[item['side']]})" if item["side"] else ""
        head = f"**{day(item['date'], language)}**, {escape(kind + who)}: "
        # A line break in a description would end the row.
        rows.append((head + escape(" ".join(item["description"].split()) or "–"), cells))
    if not rows:
        return passage(label(language, "none.rows"))
    return passage(side_by_side(rows, sides, label(language, "column.description")))


def _speaking(item: Mapping[str, Any], told: pd.DataFrame) -> pd.DataFrame:
    """Passages that are like enough to an item to stand beside it."""
    if item["what"] == "outcome":
        floor = (told["side"] == item["side"]).map({True: OWN_FLOOR, False: PARTNER_FLOOR})
        return told[told["similarity"] >= floor]
    sure = told["similarity"] >= FLOOR
    if item["kind"] != "meeting":
        days = (told["date"].dt.normalize() - item["date"].normalize()).dt.days
        sure |= days.between(0, NEXT_DAYS) & (told["similarity"] >= NEXT_FLOOR)
    return told[sure]


def _elsewhere(
    found: Mapping[str, Any],
    side: str,
    diary: pd.DataFrame,
    sides: Sides,
    language: str,
    told: pd.DataFrame | None,
) -> str:
    """What a side without a marked sentence wrote of the event, or why there is nothing."""
    if told is not None and found["event_id"]:
        own = told[(told["item_id"] == found["event_id"]) & (told["side"] == side)]
        if len(own):
            return voice(own.iloc[0], sides, language)
    days = (diary["date"] - found["date"]).dt.days
    near = (diary["tandem_id"] == found["tandem_id"]) & (diary["side"] == side)
    wrote = (near & days.between(-7, 7)).any()
    return f"*{label(language, 'say.voice_unmarked' if wrote else 'say.voice_silent')}*"


def _next(item: Mapping[str, Any], first: pd.DataFrame, told: set[str]) -> pd.DataFrame:
    """Openings of the next entries after an event, of sides that have not told of it."""
    days = (first["date"].dt.normalize() - item["date"].normalize()).dt.days
    near = (first["tandem_id"] == item["tandem_id"]) & days.between(0, NEXT_DAYS)
    return first[near & ~first["side"].isin(told)].sort_values(["date", "entry_id"])
