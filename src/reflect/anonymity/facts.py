"""Facts that point to one person without naming them: small groups, job titles of their own."""

# ruff: noqa: E501 (a pattern is easier to check on one line)

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from reflect.anonymity.found import Found

_PEOPLE = (
    r"(?:Frau|Mann|Ausländer(?:in)?|Flüchtling|Geflüchtete[rn]?|Lehrling|Azubi|Muslim(?:in|a)?|Moslem|Jude|Jüdin|"
    r"Christ(?:in)?|Schwarze[rn]?|Migrant(?:in)?|Rollstuhlfahrer(?:in)?|Gehörlose[rn]?|Blinde[rn]?|"
    r"[A-ZÄÖÜ][\wäöüß-]{2,}(?:aner|aler|ier|ianer|er|ane|ese|iote|ine|ake|are|ene|ule|ine|erin|anerin|anin|esin|ierin|iotin|akin|enin))"
)
_ONLY = re.compile(
    rf"\b(?:der|die|als|ein(?:er|e)? der|dem|den)\s(?:einzige[rnm]?|erste[rnm]?)\s(?:[a-zäöüß]+e[rnms]?\s)?{_PEOPLE}\s"
    r"(?:in|im|bei|an|am|auf|unter|aus|der|des|hier)\b(?:\s[\wÄÖÜäöüß-]+){0,4}"
)
_ONLY_ENGLISH = re.compile(
    r"\b(?:the|as the)\s(?:only|first)\s(?:[a-z]+\s)?(?:woman|man|girl|boy|foreigner|refugee|muslim|person|apprentice|"
    r"trainee|migrant|[A-Z][a-z]+(?:ian|an|ese|i|ish))\s(?:in|at|on|from|among|of|here|who)\b(?:\s[\w-]+){0,4}"
)
_FEW = re.compile(
    rf"\b(?:ein(?:er|e|em|en)|one)\s(?:von|der|of)\s(?:nur\s|only\s|the\s)?(?:zwei|drei|vier|two|three|four)\s{_PEOPLE}"
)
_OFFICE = (
    r"(?:Geschäftsführer|Geschäftsleiter|Vorstand|Vorständ|Aufsichtsrat|Aufsichtsrät|Bürgermeister|Vizebürgermeister|Stadtrat|Stadträt|"
    r"Primar|Chefarzt|Chefärzt|Oberarzt|Oberärzt|Prokurist|Rektor|Dekan|Generaldirektor|Direktor|Konzernsprecher|"
    r"Pressesprecher|Betriebsratsvorsitzende[rn]?|Landesrat|Landesrät|Minister|Botschafter|Richter|Staatsanwalt|"
    r"Staatsanwält|Chefredakteur|Intendant|Kapitän|Standortleiter|Werksleiter|Pflegedirektor|Finanzchef|"
    r"Personalchef|Bereichsleiter|Abteilungsleiter|Filialleiter|Leiter)(?:in|s|en|innen)?"
)
_TITLE = re.compile(
    rf"\b{_OFFICE}\s(?:der|des|im|von|für|bei)\s(?:[a-zäöüß]+\s)?[A-ZÄÖÜ][\wäöüß-]+"
    r"|\b(?:CEO|CFO|COO|CTO|managing director|head of|director of|chief [a-z]+ officer|mayor of|dean of|editor-in-chief)"
    r"(?:\s(?:of|the|at)\b)?\s[A-Z]?[\w-]+(?:\s[A-Z][\w-]+)?"
)


def small_groups(text: str) -> Iterator[Found]:
    """Statements that somebody is the only one of a kind.

    >>> [f.kind for f in small_groups("Er ist der einzige Afghane in der Abteilung.")]
    ['small_group']
    """
    for pattern, score in ((_ONLY, 0.7), (_ONLY_ENGLISH, 0.7), (_FEW, 0.6)):
        for match in pattern.finditer(text):
            yield Found(*match.span(), "small_group", score, "facts:small_group")


def job_titles(texts: Iterable[str]) -> list[list[Found]]:
    """Offices that stand only once in all the texts, for each text."""
    found = [list(_TITLE.finditer(text)) for text in texts]
    counts = Counter(_plain(match) for matches in found for match in matches)
    return [
        [
            Found(*match.span(), "job_title", 0.45, "facts:job_title")
            for match in matches
            if counts[_plain(match)] == 1
        ]
        for matches in found
    ]


def _plain(match: re.Match[str]) -> str:
    return re.sub(r"(?:in|s|en|innen)?\s.*?(?=[A-ZÄÖÜ]|$)", " ", match.group(), count=1).lower()
