"""Both sides side by side: tables in which each side has a column and speaks for itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from reflect.evidence import MOVED_MARKERS
from reflect.exhibit import Exhibit, escape
from reflect.exhibit import prose as passage
from reflect.labels import day, in_order, label
from reflect.moments import SHIFT_MARKERS
from reflect.prose import Sides, moment_heading
from reflect.quotes import with_consent
from reflect.thoughts import thoughts

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


def by_marker(quotes: pd.DataFrame, sides: Sides, language: str, *, title: bool = False) -> Exhibit:
    """One quotation of each marker and side, a row a marker, in the order of the codebook.

    Parameters
    ----------
    quotes : DataFrame
        From `reflect.quotes.pick` with ``per=["marker", "side"]``.
    title : bool
        Whether a heading stands above; then there is nothing at all where nothing is quoted.
    """
    rows = []
    for marker in in_order(quotes["marker"]):
        name = label(language, f"marker.{marker}")
        cells = quotes[quotes["marker"] == marker].drop_duplicates("side")
        cells = cells.set_index("side", drop=False)
        said = {side: voice(cells.loc[side], sides, language) for side in cells.index}
        rows.append((f"**{name[:1].upper()}{name[1:]}**", said))
    if not rows:
        return passage("" if title else label(language, "none.quotations"))
    heading = f"## {label(language, 'heading.moved')}\n\n" if title else ""
    return passage(heading + side_by_side(rows, sides, label(language, "column.marker")))


def moment(
    found: Mapping[str, Any],
    spans: pd.DataFrame,
    diary: pd.DataFrame,
    sides: Sides,
    language: str,
    told: pd.DataFrame | None = None,
) -> str:
    """One key moment: what it was, and how either side tells it.

    A side is quoted with the thought in which most of what made the moment comes together.

    Parameters
    ----------
    found : mapping
        A row of `reflect.moments.key_moments`.
    told : DataFrame, optional
        From `reflect.evidence.evidence`: where a side's entries carry no marker, what it
        wrote of the event stands instead.
    """
    chosen, marked = _telling(found, spans, diary)
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


def most_quotable(
    found: pd.DataFrame, spans: pd.DataFrame, diary: pd.DataFrame, told: pd.DataFrame
) -> dict[str, Any]:
    """Of some key moments the first that both sides may be quoted on; else one side; else any.

    Parameters are those of `moment`.
    """
    rows = found.to_dict("records")
    voices = []
    for row in rows:
        chosen, _ = _telling(row, spans, diary)
        of_event = told[(told["item_id"] == row["event_id"]) & (row["event_id"] != "")]
        voices.append(len(set(chosen.index) | set(of_event["side"])))
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
    rows = found.to_dict("records")
    parts = [moment(row, spans, diary, sides, language, told) for row in rows]
    silent = ["\n| " not in part for part in parts]
    shown = [part for part, unquoted in zip(parts, silent, strict=True) if not unquoted]
    # Headings without a word beneath them would fill pages: what cannot be quoted is listed.
    if any(silent):
        pairs = zip(rows, silent, strict=True)
        points = [f"- {moment_heading(row, language)}" for row, unquoted in pairs if unquoted]
        shown.append("\n".join([label(language, "say.moments_unquoted"), "", *points]))
    return passage("\n\n".join(shown) or label(language, "none.hits"))


def chronicle(items: pd.DataFrame, told: pd.DataFrame, sides: Sides, language: str) -> Exhibit:
    """Events and outcomes of a tandem in order of date, with what either diary says of each.

    Every outcome and every event other than a meeting has a row; a meeting only where a diary
    tells of it.

    Parameters
    ----------
    items : DataFrame
        From `reflect.overview.record`.
    told : DataFrame
        From `reflect.evidence.evidence`.
    """
    rows, shown = [], set()
    for item in items.to_dict("records"):
        own = told[told["item_id"] == item["item_id"]]
        if own.empty and item["what"] == "event" and item["kind"] == "meeting":
            continue
        cells = {}
        for quote in own.to_dict("records"):
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


def _telling(
    found: Mapping[str, Any], spans: pd.DataFrame, diary: pd.DataFrame
) -> tuple[pd.DataFrame, set[str]]:
    """By side the thought that carries most of a moment, and the sides that carry any marker.

    What says outright that one's own view moved weighs double, what is called a key moment more.
    Of thoughts that weigh the same, one that opens its paragraph needs no context, and the
    shortest says it most plainly.
    """
    entries = diary[diary["entry_id"].isin(found["entries"].split(","))]
    shifts = spans[
        spans["entry_id"].isin(entries["entry_id"]) & spans["marker"].isin(SHIFT_MARKERS)
    ]
    both = thoughts(entries).merge(
        shifts[["entry_id", "marker", "start", "end"]], on="entry_id", suffixes=("", "_marked")
    )
    both = both[(both["start"] <= both["start_marked"]) & (both["end"] >= both["end_marked"])]
    both = both.drop_duplicates(["entry_id", "start", "end", "marker"])
    weight = 1 + both["marker"].isin(MOVED_MARKERS) + (both["marker"] == "key_moment")
    places = ["entry_id", "start", "end"]
    weighed = both.assign(_weight=-weight.astype(int), _inside=-both["opens"].clip(upper=1))
    weighed = weighed.groupby([*places, "text", "_inside"], as_index=False)["_weight"].sum()
    allowed, _ = with_consent(weighed, diary)
    allowed = allowed.assign(_letters=allowed["text"].str.len())
    order = ["_weight", "_inside", "_letters", "date", *places]
    chosen = allowed.sort_values(order).drop_duplicates("side").set_index("side", drop=False)
    marked = entries.loc[entries["entry_id"].isin(shifts["entry_id"]), "side"]
    return chosen, set(marked)


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
