"""Diaries whose placeholders are filled with names: material whose names are known."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

Corpus = list[tuple[str, str, list[tuple[int, int, str]]]]
_PLACEHOLDER = re.compile(r"\[([A-ZÄÖÜ]+)(?:_(\d+))?\]")


def _read_pools() -> dict[str, Any]:
    text = (Path(__file__).parents[1] / "data" / "anonymity" / "pools.yml").read_text("utf-8")
    pools = yaml.safe_load(text)
    return {
        name: {part: words.split() for part, words in pool.items()}
        if isinstance(pool, dict)
        else pool.split()
        for name, pool in pools.items()
    }


POOLS = _read_pools()
GIVEN = POOLS["given"]
FAMILY = POOLS["family"]
PLACES = POOLS["places"]
ORGS = POOLS["orgs"]


DATA = Path(__file__).parents[1] / "data"
_SLOT = re.compile(r"\{([GFPILO])(\d?)\}")


def _pools() -> tuple[list[str], list[str], list[str]]:
    """First names, family names and places of the audit's own lists, those of hand first."""
    from reflect.anonymity.lists import word_list

    own = Path(__file__).parents[2] / "src" / "reflect" / "data" / "names"

    def hand(part: str) -> list[str]:
        lines = (own / f"own_{part}.txt").read_text("utf-8").splitlines()
        return sorted({w for line in lines if not line.startswith("#") for w in line.split()})

    return (
        hand("given") + sorted(word_list("given"))[::7],
        hand("family") + sorted(word_list("family"))[::9],
        PLACES + sorted(word_list("places"))[::15],
    )


def _words_too(part: str) -> list[str]:
    """Names of one of the audit's lists that are ordinary German or English words as well."""
    from reflect.anonymity.lists import NOUN, WORD, flags, vocabulary, word_list

    common = vocabulary()["ambiguous"]
    names = sorted(name for name in word_list(part) if name[1:].islower() and len(name) > 2)
    if part == "given":
        return [name for name in names if name.lower() in common]
    return [name for name in names if flags(name, "de") & NOUN and flags(name, "de") & ~WORD][::3]


class Names:
    """Draws names: small pools for a check, the audit's own lists for fitting."""

    def __init__(self, rng: random.Random, wide: bool) -> None:
        self.rng, self.wide = rng, wide
        self.given, self.family, self.places = _pools() if wide else ([], [], [])
        self.words = (_words_too("given"), _words_too("family")) if wide else ([], [])

    def person(self) -> tuple[str, str]:
        """A first and a family name."""
        if self.wide and self.rng.random() < 0.15:
            return self.rng.choice(self.words[0]), self.rng.choice(self.words[1])
        part = "de" if self.rng.random() < 0.4 else "world"
        if self.wide and self.rng.random() < 0.75:
            return self.rng.choice(self.given), self.rng.choice(self.family)
        return self.rng.choice(GIVEN[part]), self.rng.choice(FAMILY[part])

    def place(self) -> str:
        pool = self.places if self.wide and self.rng.random() < 0.5 else PLACES
        return self.rng.choice(pool).replace("_", " ")

    def org(self) -> str:
        return self.rng.choice(ORGS).replace("_", " ")


def from_templates(names: Names, share: float = 1.0) -> Corpus:
    """Sentences of templates.txt, two to four an entry, with names drawn."""
    rng = names.rng
    lines = (DATA / "anonymity" / "templates.txt").read_text("utf-8").splitlines()
    rng.shuffle(lines)
    found: Corpus = []
    for language in ("de", "en"):
        own = [line[3:] for line in lines if line.startswith(language)]
        own = own[: max(4, int(len(own) * share))]
        at = 0
        while at < len(own):
            size = rng.randint(1, 4)
            text, _, spans = _slots(" ".join(own[at : at + size]), language, names)
            if rng.random() < 0.03 and len(text.upper()) == len(text):
                text = text.upper()
            found.append((text, language, spans))
            at += size
    return found


def _slots(text: str, language: str, names: Names) -> tuple[str, str, list[tuple[int, int, str]]]:
    chosen: dict[str, tuple[str, str]] = {}
    result, spans, at = "", [], 0
    for match in _SLOT.finditer(text):
        kind, number = match[1], match[2]
        result += text[at : match.start()]
        at = match.end()
        if kind in "LO":
            value = names.place() if kind == "L" else names.org()
            label = "place" if kind == "L" else "org"
        else:
            given, family = chosen.setdefault(kind + number, names.person())
            value = {"G": given, "F": family, "P": f"{given} {family}", "I": f"{family[0]}."}[kind]
            label = "person"
        spans.append((len(result), len(result) + len(value), label))
        result += value
    return result + text[at:], language, spans


def nameless(rng: random.Random, number: int) -> Corpus:
    """Entries made of the marker sentences of the project, which hold no names."""
    table = pd.read_csv(DATA / "markers" / "train.csv", dtype=str, keep_default_na=False)
    table = table[~table["text"].str.contains(r"\[")]
    found: Corpus = []
    for language in ("de", "en"):
        own = table.loc[table["language"] == language, "text"].tolist()
        rng.shuffle(own)
        found += [(" ".join(own[i : i + 4]), language, []) for i in range(0, 4 * number, 4)]
    return found


def fill(folder: Path, names: Names, tandems: str = "all") -> Corpus:
    """Entries of a corpus with each placeholder replaced, the same one alike within a tandem."""
    rng = names.rng
    table = pd.read_csv(folder / "entries.csv", dtype=str, keep_default_na=False)
    odd = table["participant_id"].str.extract(r"(\d+)")[0].astype(int) % 3 == 0
    table = table if tandems == "all" else table[odd if tandems == "check" else ~odd]
    chosen: dict[str, tuple[str, ...]] = {}
    found: Corpus = []
    for row in table.itertuples(index=False):
        parts: list[str] = []
        spans: list[tuple[int, int, str]] = []
        length, at = 0, 0
        for match in _PLACEHOLDER.finditer(row.text):
            before = row.text[at : match.start()]
            kind, value = _value(match, before, chosen, names)
            parts += [before, value]
            length += len(before)
            spans.append((length, length + len(value), kind))
            length += len(value)
            at = match.end()
        parts.append(row.text[at:])
        text = "".join(parts)
        if rng.random() < 0.1:
            # Learners write names small too.
            lowered = [s for s in spans if s[2] == "person"]
            for start, end, _ in lowered:
                text = text[:start] + text[start:end].lower() + text[end:]
        found.append((text, row.language, spans))
    return found


def _value(
    match: re.Match[str], before: str, chosen: dict[str, tuple[str, ...]], names: Names
) -> tuple[str, str]:
    rng = names.rng
    kind = {"PERSON": "person", "ORT": "place", "STADT": "place", "LAND": "place"}.get(
        match[1], "org"
    )
    if match[0] not in chosen:
        if kind == "person":
            chosen[match[0]] = names.person()
        else:
            chosen[match[0]] = (names.place() if kind == "place" else names.org(),)
    value = chosen[match[0]]
    if kind != "person":
        return kind, value[0]
    if re.search(r"\b(?:Herrn?|Frau|Dr\.|Mr\.?|Mrs\.?|Ms\.?)\s*$", before):
        return kind, value[1]
    roll = rng.random()
    if roll < 0.65:
        return kind, value[0]
    if roll < 0.8:
        return kind, " ".join(value)
    if roll < 0.9:
        return kind, value[1]
    return kind, f"{value[0]} {value[1][0]}."
