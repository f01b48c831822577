"""Diaries whose placeholders are filled with names: material whose names are known."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pandas as pd

Corpus = list[tuple[str, str, list[tuple[int, int, str]]]]
_PLACEHOLDER = re.compile(r"\[([A-ZÄÖÜ]+)(?:_(\d+))?\]")

GIVEN = {
    "de": "Anna Lukas Johanna Felix Sabine Thomas Jakob Karin Hubert Elfriede Moritz Petra Klaus Ingrid Birgit Florian "
    "Franziska Gregor Heidemarie Ulrich Rosa Mark Ernst Gabi Steffi Wolfgang Christoph Nora Lena".split(),
    "world": "Ahmad Fatima Reza Zahra Mohammad Olena Dmytro Yusuf Merhawit Samrawit Tesfay Amina Abdi Hodan "
    "Narges Mahsa Omid Sayed Layla Khaled Rania Bashar Ivan Oksana Natalia Sergij Nino Giorgi Anahit "
    "Linh Minh Thuy Priya Arjun Chinedu Ngozi Kwame Fatou Ibrahim Emre Elif Zeynep Burak Berivan Rojda "
    "Shilan Dilnoza Aigul Jelena Dragan Miloš Amir Parwana Najib Freshta Mursal Habiba Yonas Eyob "
    "Abebech Tsegereda Firuza Gulnara Zhibek Temirlan Maksat Oyunchimeg Xiaolan Kyaw Thandiwe "
    "Sipho Mulenga Nasiba Rukhshona Parviz Ashti Hozan Sarbast Bijan Golshifteh Yeva Svyatoslav".split(),
}
FAMILY = {
    "de": "Müller Gruber Huber Klein Koch König Schwarz Steiner Wagner Berger Pichler Hofstätter Lindner "
    "Zauner Brandstätter Wolf Stein Kaltenegger Obermayr Winter Sommer Vogel Weiß Haslinger Prohaska".split(),
    "world": "Ahmadi Rezaei Mohammadi Haidari Al-Masri Haddad Kovalenko Shevchuk Tesfamariam Gebremedhin Warsame "
    "Yilmaz Öztürk Petrović Hoxha Nguyen Sharma Okafor Diallo Mensah Khalil Barakzai Noorzad "
    "Beridze Hakobyan Abdurahmonov Toktogulova Weldegiorgis Habtemichael Qorbani Sultanzada "
    "Khudoyberdiyev Phommachanh Oyelaran Mutombo Balogun Hrytsenko Zelenchuk Sargsyan".split(),
}
PLACES = (
    "Wien Graz Linz Salzburg Berlin Hamburg Köln Innsbruck Kabul Damaskus Aleppo Asmara Mogadischu Kiew "
    "Charkiw Teheran Herat Istanbul Traiskirchen Steyr Wels Mödling Ottakring Favoriten Simmering "
    "Klagenfurt Villach Mariupol Homs Kandahar Masar Wiener_Neustadt Bad_Ischl St._Pölten Gmunden Freistadt "
    "Vöcklabruck Leonding Floridsdorf Jalalabad Keren Dnipro Lviv Qamischli".split()
)
ORGS = (
    "Siemens Voestalpine Caritas Bosch Diakonie Erste_Bank Raiffeisen Hofer Infineon Andritz Palfinger "
    "Kellner_&_Kunz Hödlmayr Fronius Rosenbauer Lenzing_AG Swarovski Trumpf Würth Zeiss Knapp Bäckerei_Ströck "
    "Start_with_a_Friend Teach_First Verein_Ute_Bock Lebenshilfe Rotes_Kreuz Volkshilfe TU_Wien BOKU "
    "Montanuniversität HTL_Steyr BRG_Hamerling Kepler_Uni Gymnasium_Zirkusgasse Berufsschule_Embelgasse".split()
)


def person(rng: random.Random) -> tuple[str, str]:
    """A first and a family name from one part of the world."""
    part = "de" if rng.random() < 0.4 else "world"
    return rng.choice(GIVEN[part]), rng.choice(FAMILY[part])


def fill(folder: Path, rng: random.Random) -> Corpus:
    """Entries of a corpus with each placeholder replaced, the same one alike within a tandem."""
    table = pd.read_csv(folder / "entries.csv", dtype=str, keep_default_na=False)
    chosen: dict[str, tuple[str, ...]] = {}
    found: Corpus = []
    for row in table.itertuples(index=False):
        parts: list[str] = []
        spans: list[tuple[int, int, str]] = []
        length, at = 0, 0
        for match in _PLACEHOLDER.finditer(row.text):
            before = row.text[at : match.start()]
            kind, value = _value(match, before, chosen, rng)
            parts += [before, value]
            length += len(before)
            spans.append((length, length + len(value), kind))
            length += len(value)
            at = match.end()
        parts.append(row.text[at:])
        found.append(("".join(parts), row.language, spans))
    return found


def _value(
    match: re.Match[str], before: str, chosen: dict[str, tuple[str, ...]], rng: random.Random
) -> tuple[str, str]:
    kind = {"PERSON": "person", "ORT": "place", "STADT": "place", "LAND": "place"}.get(
        match[1], "org"
    )
    if match[0] not in chosen:
        if kind == "person":
            chosen[match[0]] = person(rng)
        else:
            pool = PLACES if kind == "place" else ORGS
            chosen[match[0]] = (rng.choice(pool).replace("_", " "),)
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
