"""Who is who: mentions of one person, place or number get one placeholder everywhere."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from reflect.anonymity.lists import place_parts, vocabulary, word_list
from reflect.sentence_bounds import PLACEHOLDER

LABELS = {
    "person": ("PERSON", "PERSON"),
    "place": ("ORT", "PLACE"),
    "org": ("FIRMA", "ORGANISATION"),
    "address": ("ADRESSE", "ADDRESS"),
    "phone": ("TELEFON", "PHONE"),
    "email": ("EMAIL", "EMAIL"),
    "iban": ("IBAN", "IBAN"),
    "url": ("LINK", "LINK"),
    "handle": ("KONTO", "ACCOUNT"),
    "date_of_birth": ("GEBURTSDATUM", "BIRTHDATE"),
    "id_number": ("NUMMER", "NUMBER"),
    "vehicle": ("KENNZEICHEN", "PLATE"),
    "job_title": ("FUNKTION", "POSITION"),
    "small_group": ("MERKMAL", "TRAIT"),
}
_NUMBERED = re.compile(r"\[([A-ZÄÖÜ]+)_(\d+)\]")
_SPLIT = re.compile(r"[\s.]+")
_ENDING = re.compile(r"(['’]s|['’]|s)\Z")


@dataclass
class Identities:
    """Hands out placeholders; the same name in a tandem, and the same full name anywhere, is one.

    Parameters
    ----------
    language : str
        ``de`` or ``en``: the words of the placeholders.
    taken : mapping of str to int
        Highest number in use by label, from `taken_numbers`.
    seen : frozenset of str
        Last words of all mentions, in small letters: they tell a genitive from a name in s.
    named : dict of str to list of str
        What each placeholder stands for, filled as they are handed out: this is the secret.
    """

    language: str
    taken: dict[str, int] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    _of: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _fulls: dict[tuple[str, str], list[frozenset[str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _parts: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def declare(self, names: str, tandem: str, placeholder: str) -> str:
        """Tie a known person's full name to a placeholder ("" for a new one)."""
        placeholder = placeholder or self._fresh("person")
        self._note(self._key(names), tandem, placeholder, names)
        return placeholder

    def placeholder(self, kind: str, text: str, tandem: str) -> tuple[str, str]:
        """Placeholder of a mention, and the ending that stays behind it (the s of Ivans)."""
        key, ending = self._key_and_ending(kind, text)
        if kind != "person":
            where = (kind, "", key)
            if where not in self._of:
                self._of[where] = self._fresh(kind)
                self.named.setdefault(self._of[where], []).append(text)
            return self._of[where], ending
        found = self._person(key, tandem)
        if found is None:
            found = self._fresh("person")
        self._note(key, tandem, found, text)
        return found, ending

    def _person(self, key: str, tandem: str) -> str | None:
        whole = self._of.get(("person", tandem, key))
        if whole:
            return whole
        parts = key.split()
        if len(parts) > 1:
            if ("person", "", key) in self._of:
                return self._of["person", "", key]
            # Olena Kravchuk is the Olena met before, if no other family name was tied to her.
            for part in (parts[-1], parts[0]):
                for known in self._parts.get((tandem, part), []):
                    if self._fits(known, parts, tandem):
                        return known
            return None
        known = self._parts.get((tandem, key), [])
        return known[0] if known else None

    def _fits(self, placeholder: str, parts: list[str], tandem: str) -> bool:
        own = frozenset(parts)
        return all(full <= own or own <= full for full in self._fulls[placeholder, tandem])

    def _note(self, key: str, tandem: str, placeholder: str, text: str) -> None:
        self._of.setdefault(("person", tandem, key), placeholder)
        parts = key.split()
        if len(parts) > 1:
            self._of.setdefault(("person", "", key), placeholder)
            self._fulls[placeholder, tandem].append(frozenset(parts))
        for part in parts:
            if len(part) > 1 and placeholder not in self._parts[tandem, part]:
                self._parts[tandem, part].append(placeholder)
        texts = self.named.setdefault(placeholder, [])
        if text not in texts:
            texts.append(text)

    def _fresh(self, kind: str) -> str:
        label = LABELS.get(kind, ("ANGABE", "DETAIL"))[self.language == "en"]
        self.taken[label] = self.taken.get(label, 0) + 1
        return f"[{label}_{self.taken[label]}]"

    def _key(self, text: str) -> str:
        titles = vocabulary()["title"]
        words = [word for word in _SPLIT.split(text.casefold()) if word]
        return " ".join(word for word in words if word not in titles) or " ".join(words)

    def _key_and_ending(self, kind: str, text: str) -> tuple[str, str]:
        if kind not in ("person", "place", "org"):
            return re.sub(r"[\s/.()-]+", "", text).casefold(), ""
        ending = _ENDING.search(text)
        if ending and len(text) - len(ending[0]) > 2:
            stem = text[: ending.start()]
            if ending[0] != "s" or self._genitive(stem.split()[-1], text.split()[-1]):
                return self._key(stem), ending[0]
        return self._key(text), ""

    def _genitive(self, stem: str, whole: str) -> bool:
        """Ivans is one of Ivan; Thomas and Hans are none, nor what never stands without it."""
        if stem.casefold() in self.seen:
            return whole.casefold() not in self.seen or not _listed(whole)
        return _listed(stem) and not _listed(whole)


def _listed(word: str) -> bool:
    return any(word in word_list(name) for name in ("given", "family")) or word in place_parts()


def taken_numbers(texts: Iterable[str]) -> dict[str, int]:
    """Highest number of each placeholder label in use.

    >>> taken_numbers(["Mit [PERSON_2] und [ORT_11].", "[PERSON_9]"])
    {'PERSON': 9, 'ORT': 11}
    """
    found: dict[str, int] = {}
    for text in texts:
        for label, number in _NUMBERED.findall(text):
            if len(number) < 9:
                found[label] = max(found.get(label, 0), int(number))
    return found


def likely_partner(findings: pd.DataFrame, writers: Mapping[str, str]) -> dict[str, str]:
    """Name that each writer most likely calls the partner by.

    A person named in three entries or more, and in twice as many as the next.

    Parameters
    ----------
    findings : DataFrame
        From `reflect.anonymity.audit.audit`.
    writers : mapping of str to str
        Writer by entry.
    """
    people = findings[findings["kind"] == "person"]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for entry, name in sorted(set(zip(people["entry_id"], people["text"], strict=True))):
        if entry in writers and not re.search(PLACEHOLDER, name):
            counts[writers[entry]][name] += 1
    found = {}
    for writer, own in sorted(counts.items()):
        ranked = sorted(own.items(), key=lambda item: (-item[1], item[0]))
        second = ranked[1][1] if len(ranked) > 1 else 0
        if ranked[0][1] >= 3 and ranked[0][1] >= 2 * second:
            found[writer] = ranked[0][0]
    return found
