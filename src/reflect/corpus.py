"""A diary corpus: a folder of tables, loaded and checked once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from reflect.dates import iso_date, iso_text
from reflect.errors import CorpusError, ReflectError
from reflect.folder import write_folder
from reflect.package import build_package, package_day, package_text
from reflect.periods import assign_periods, assign_phases, periods
from reflect.schemas import LANGUAGES, OPEN_FINDINGS, TABLES, Table
from reflect.sheets import sheet_text
from reflect.validation import check_folder


@dataclass(frozen=True, eq=False)
class Corpus:
    """Diaries of mutual mentoring tandems.

    Load one with `Corpus.load`. Withdrawn people are not in it: their entries, outcomes and codes
    are dropped when it is loaded.

    Attributes
    ----------
    path : Path
        The folder.
    package : dict
        Content of datapackage.json.
    participants : DataFrame
        ``participant_id, tandem_id, side, consent`` (full or no_quotes), ``first_language,
        birth_decade, gender, sector, placeholder`` ("" where unknown), and columns of its own.
    entries : DataFrame
        ``entry_id, participant_id, date`` (datetime64), ``text, language`` (detected where the file
        has none), ``prompt`` ("" where none), sorted by date, then entry_id. ``text`` is exactly
        what the file holds, line breaks included, so offsets mean the same in file and memory.
    events : DataFrame
        ``event_id, tandem_id, date, kind, description``, sorted by date, then event_id.
    outcomes : DataFrame
        ``outcome_id, participant_id, date, kind, description``, sorted alike.
    codes : DataFrame
        ``coder_id, entry_id, start, end, marker, direction``; character offsets, half-open.
    roster : DataFrame
        ``participant_id, tandem_id, side, consent, placeholder`` of everybody in the file, also of
        those who withdrew or were filtered out: it keeps tandems whole.

    Examples
    --------
    >>> corpus = Corpus.load("corpora/demo")  # doctest: +SKIP
    >>> corpus.filter(sides=["talent"]).diary()  # doctest: +SKIP
    """

    path: Path
    package: dict[str, Any] = field(repr=False)
    participants: pd.DataFrame = field(repr=False)
    entries: pd.DataFrame = field(repr=False)
    events: pd.DataFrame = field(repr=False)
    outcomes: pd.DataFrame = field(repr=False)
    codes: pd.DataFrame = field(repr=False)
    roster: pd.DataFrame = field(repr=False)

    @classmethod
    def load(cls, path: str | Path) -> Corpus:
        """Load a corpus folder.

        Parameters
        ----------
        path : str or Path
            Folder with datapackage.json, participants.csv and entries.csv.

        Raises
        ------
        CorpusError
            With every fault of every table, one line each (see `reflect.validation.faults`).
        """
        checked = check_folder(path)
        if len(checked.faults):
            raise CorpusError(checked.faults)
        tables = {name: _typed(checked.cells.get(name), table) for name, table in TABLES.items()}
        people = tables["participants"]
        people["consent"] = people["consent"].replace("", "full")
        roster = people[["participant_id", "tandem_id", "side", "consent", "placeholder"]]
        tables["participants"] = people[people["consent"] != "withdrawn"]
        tables["entries"] = _with_languages(
            _of(tables["entries"], "participant_id", tables["participants"]),
            checked.package["reflect"].get("languages", LANGUAGES),
        )
        return cls(Path(path), checked.package, **_joined(tables), roster=roster)

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.path.resolve().name

    @property
    def title(self) -> str:
        """Title in datapackage.json, else the name of the folder."""
        return str(self.package.get("title") or self.name)

    @property
    def sides(self) -> tuple[str, str]:
        """Names of the two sides."""
        first, second = self.package["reflect"]["sides"]
        return first, second

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that entries may be in."""
        return tuple(self.package["reflect"].get("languages", LANGUAGES))

    @property
    def synthetic(self) -> bool:
        """Whether the corpus was made up."""
        return bool(self.package["reflect"].get("synthetic", False))

    @property
    def consent_statement(self) -> str:
        """What the participants consented to, in words."""
        return str(self.package["reflect"].get("consent", ""))

    @property
    def start(self) -> pd.Timestamp:
        """First day of the programme, else of the entries; NaT where there are none."""
        given = package_day(self.package, "start")
        return given if given is not None else self.entries["date"].min().floor("D")

    @property
    def end(self) -> pd.Timestamp:
        """Last day of the programme, else of the entries; NaT where there are none."""
        given = package_day(self.package, "end")
        return given if given is not None else self.entries["date"].max().floor("D")

    def side_label(self, side: str, language: str = "en") -> str:
        """What reports in a language call a side; its own name where no label is given."""
        labels = self.package["reflect"].get("side_labels", {})
        return str(labels.get(side, {}).get(language, side))

    def side_labels(self, language: str = "en") -> dict[str, str]:
        """Both sides in order, each with what reports in a language call it."""
        return {side: self.side_label(side, language) for side in self.sides}

    @property
    def cache(self) -> Path:
        """Folder inside the corpus for what is derived from its texts; git ignores it."""
        return self.path / ".reflect" / "cache"

    def periods(self) -> pd.DataFrame:
        """Periods of the programme, see `reflect.periods.periods`."""
        return periods(self.start, self.end)

    def diary(self) -> pd.DataFrame:
        """Entries with what is known about their writers.

        Returns
        -------
        DataFrame
            Columns of `entries`, then ``tandem_id, side, consent, placeholder, partner_id`` ("" for
            a partner who withdrew), ``partner_placeholder, period`` (1 … n, see `reflect.periods`)
            and ``phase`` (early, middle, late; ordered category).
        """
        people = self.roster.set_index("participant_id")
        partners = _partners(self.roster)
        writers = self.entries["participant_id"]
        known = {name: writers.map(people[name]) for name in ("tandem_id", "side", "consent")}
        present = partners[partners["consent"] != "withdrawn"]["partner_id"]
        table = self.entries.assign(
            **known,
            placeholder=writers.map(people["placeholder"]),
            partner_id=writers.map(present).fillna(""),
            partner_placeholder=writers.map(partners["partner_placeholder"]).fillna(""),
        )
        if table.empty:
            phase = pd.Categorical([], categories=["early", "middle", "late"], ordered=True)
            return table.assign(period=pd.Series(dtype="int64"), phase=phase)
        return table.assign(
            period=assign_periods(table["date"], self.start, self.end),
            phase=assign_phases(table["date"], self.start, self.end),
        )

    def filter(
        self,
        *,
        tandems: Iterable[str] | None = None,
        participants: Iterable[str] | None = None,
        sides: Iterable[str] | None = None,
        languages: Iterable[str] | None = None,
        start: str | pd.Timestamp | None = None,
        end: str | pd.Timestamp | None = None,
    ) -> Corpus:
        """A corpus with only some of the people and entries. All conditions must hold.

        Parameters
        ----------
        tandems, participants, sides, languages : iterable of str, optional
            Which to keep.
        start, end : str or Timestamp, optional
            First and last day to keep, both included; for entries, events and outcomes. The
            programme keeps its own start and end, so periods keep their numbers.

        Raises
        ------
        ReflectError
            If a name is not in the corpus: a misspelt one would give an empty result.
        """
        people = self.participants
        for name, column, wanted in (
            ("tandem", "tandem_id", tandems),
            ("participant", "participant_id", participants),
            ("side", "side", sides),
        ):
            if wanted is not None:
                wanted = _known(wanted, self.roster[column], name)
                people = people[people[column].isin(wanted)]
        entries = _of(self.entries, "participant_id", people)
        if languages is not None:
            entries = entries[
                entries["language"].isin(_known(languages, self.languages, "language"))
            ]
        tables = {
            "participants": people,
            "entries": _between(entries, start, end),
            "events": _between(self.events, start, end),
            "outcomes": _between(self.outcomes, start, end),
            "codes": self.codes,
        }
        tandems_left = self.roster["tandem_id"].isin(people["tandem_id"])
        return replace(self, **_joined(tables), roster=self.roster[tandems_left])

    def save(self, path: str | Path, overwrite: bool = False) -> Path:
        """Write the corpus as a folder, all of it or nothing.

        People who withdrew keep only their row (ids, side, consent) so that tandems stay whole.

        Parameters
        ----------
        path : str or Path
            The new folder.
        overwrite : bool
            Replace a corpus that is there. Files in it that are no tables are kept; the cache and
            backups under ``.reflect`` are not, since they may hold what was withdrawn.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        ReflectError
            If the folder exists and `overwrite` is not set, or it is not a corpus; if this one was
            screened for showing, which masks descriptions.
        """
        if OPEN_FINDINGS in self.entries:
            raise ReflectError("a screened corpus is for showing: save the one you loaded")
        tables = {"participants": self._people_to_save()}
        tables |= {name: getattr(self, name) for name in TABLES if name != "participants"}
        files, columns = {}, {}
        for name, table in tables.items():
            if TABLES[name].required or len(table):
                files[TABLES[name].file], columns[name] = _table_text(table, TABLES[name])
        fresh = build_package(Path(path).name, sides=self.sides, columns=columns)
        package = fresh | self.package | {"resources": fresh["resources"]}
        files["datapackage.json"] = package_text(package)
        return write_folder(Path(path), files, overwrite=overwrite)

    def _people_to_save(self) -> pd.DataFrame:
        absent = self.roster[
            ~self.roster["participant_id"].isin(self.participants["participant_id"])
        ]
        people = pd.concat([self.participants, absent], ignore_index=True).fillna("")
        order = {name: place for place, name in enumerate(self.roster["participant_id"])}
        return people.sort_values("participant_id", key=lambda ids: ids.map(order), kind="stable")


def _typed(cells: pd.DataFrame | None, table: Table) -> pd.DataFrame:
    """All columns of a table with their types; cells of columns the file lacks are ""."""
    extra = [] if cells is None else [name for name in cells if name not in table.names]
    frame = pd.DataFrame(index=None if cells is None else cells.index)
    kinds = {column.name: column.kind for column in table.columns}
    for name in [*table.names, *extra]:
        values = cells[name] if cells is not None and name in cells else pd.Series("", frame.index)
        if kinds.get(name) == "date":
            frame[name] = pd.to_datetime(values.map(iso_date)).astype("datetime64[us]")
        elif kinds.get(name) == "number":
            frame[name] = values.astype("float64").astype("int64")
        else:
            frame[name] = values.astype("str")
    if "date" in frame and table.key:
        frame = frame.sort_values(["date", table.key], kind="stable")
    return frame.reset_index(drop=True)


def _with_languages(entries: pd.DataFrame, languages: Collection[str]) -> pd.DataFrame:
    missing = entries["language"] == ""
    if not missing.any():
        return entries
    if len(languages) == 1:
        return entries.assign(language=entries["language"].mask(missing, next(iter(languages))))
    from reflect.text import detect_languages

    found = entries["language"].copy()
    found[missing] = detect_languages(
        entries.loc[missing, "text"].tolist(), languages=tuple(languages)
    )
    return entries.assign(language=found)


def _of(table: pd.DataFrame, column: str, other: pd.DataFrame) -> pd.DataFrame:
    return table[table[column].isin(other[column])]


def _joined(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables without rows that refer to people or entries that are not there."""
    people = tables["participants"]
    entries = _of(tables["entries"], "participant_id", people)
    kept = {
        "participants": people,
        "entries": entries,
        "events": _of(tables["events"], "tandem_id", people),
        "outcomes": _of(tables["outcomes"], "participant_id", people),
        "codes": _of(tables["codes"], "entry_id", entries),
    }
    return {name: table.reset_index(drop=True) for name, table in kept.items()}


def _partners(roster: pd.DataFrame) -> pd.DataFrame:
    """``partner_id, partner_placeholder, consent`` of each participant's partner, by id."""
    pairs = roster[["participant_id", "tandem_id"]].merge(
        roster.rename(
            columns={"participant_id": "partner_id", "placeholder": "partner_placeholder"}
        ),
        on="tandem_id",
    )
    pairs = pairs[pairs["participant_id"] != pairs["partner_id"]]
    return pairs.set_index("participant_id")[["partner_id", "partner_placeholder", "consent"]]


def _known(wanted: Iterable[str], known: Iterable[str], what: str) -> list[str]:
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    names = dict.fromkeys(known)
    if strange := [name for name in wanted if name not in names]:
        raise ReflectError(
            f"no {what} {strange[0]!r} in the corpus. Choose from {', '.join(names)}."
        )
    return wanted


def _between(
    table: pd.DataFrame, start: str | pd.Timestamp | None, end: str | pd.Timestamp | None
) -> pd.DataFrame:
    days = table["date"].dt.normalize()
    if start is not None:
        table = table[days.loc[table.index] >= pd.Timestamp(start).normalize()]
    if end is not None:
        table = table[days.loc[table.index] <= pd.Timestamp(end).normalize()]
    return table


def _table_text(table: pd.DataFrame, spec: Table) -> tuple[str, list[str]]:
    """CSV text of a table, and its columns: optional ones only where any row has a value."""
    required = spec.required_names
    names = [name for name in table if name in required or (table[name].astype("str") != "").any()]
    columns = []
    for name in names:
        values = table[name]
        if values.dtype.kind == "M":
            columns.append([iso_text(moment) for moment in values.dt.to_pydatetime()])
        else:
            columns.append([str(value) for value in values])
    return sheet_text(names, zip(*columns, strict=True)), names
