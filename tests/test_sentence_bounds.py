from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflect.sentence_bounds import sentence_starts


def split(marked: str, language: str) -> tuple[list[str], list[str]]:
    """The parts between the | of a marked text, and what the splitter makes of it unmarked."""
    parts = marked.split("|")
    text = "".join(parts)
    bounds = [0, *sentence_starts(text, language), len(text)]
    found = [text[a:b] for a, b in zip(bounds, bounds[1:], strict=False)]
    return parts, found


GERMAN = {
    "plain": "Wir trafen uns. |Es war schön! |War es das? |Ja.",
    "abbreviations with spaces": "Er half z. B. mir, d. h. uns u. a. Kollegen. |Gut.",
    "abbreviations": "Frau Dr. Prof. Nr. 5 bzw. ca. 20 Leute kamen, z.B. Gäste. |Dann ging ich.",
    "capitalised by a learner": "Ich mag Sport, Z.B. Fußball. |Er auch.",
    "list end before a capital": "Wir aßen Brot, Käse usw. |Menschen kamen. |Alle lachten.",
    "list end in the middle": "Brot usw. wurde gekauft.",
    "unit before a noun": "Nach 3 Std. Fahrt und 5 Min. Pause kamen wir an.",
    "unit before an opener": "Es dauerte 3 Std. |Danach waren wir müde.",
    "street": "Sie wohnt in der Langen Str. |Ich wohne nah.",
    "initials": "Ich traf J. K. Muster und A. Beispiel. |Sie war nett.",
    "ordinal day": "Am 3. April und am 27. 4. waren wir da. |Der 2. Tag war besser.",
    "dates": "Am 12.05.2025 um 15.30 Uhr begann es. |Es kostete 3,50 Euro bzw. 3.50.",
    "ordinal date at the end": "Das Treffen ist am 27.4. |Danach fahre ich weg.",
    "year": "Ich kam 2024. |Damals war alles neu.",
    "number before an opener": "Ich bin 25. |Mein Chef ist 50.",
    "quotation": "Sie sagte: „Komm.“ |Dann ging sie.",
    "quotation of several sentences": "Er sagte: „Ich bin da. |Ich bleibe.“ |Das half.",
    "quotation begins a sentence": "Er schwieg. |„Warum?“, fragte ich. |»Darum.« |“So ist es.”",
    "reporting verb after a quotation": "„Komm her!“ sagte sie. |‚Na gut.‘ |Ich kam.",
    "straight quotation marks": 'Er rief: "Halt! |Bleib." |Ich blieb. |"Gut", sagte er.',
    "Swiss quotation marks": "«Komm her.» |Ich kam.",
    "lower case": "ich war müde. |dann bin ich nach hause gegangen. |meine mentorin half mir.",
    "lower case after a plain word": "das treffen war schön. |gestern kamen viele. |kuchen gab es.",
    "lower case after a cut word": "Sie fragte persönl. nach, wöchentl. und Abds. im Büro.",
    "missing space": "Ich war müde.|Dann ging ich!|Er kam?|Ja.",
    "missing space, lower case": "ich war müde.|dann ging ich.",
    "missing space before a quotation": "Er kam.|„Na?“ fragte er.",
    "address is no sentence end": "Siehe www.beispiel.de und die Datei liste.csv dort.",
    "ellipsis in the middle": "Ich war … müde und ... leer... aber froh.",
    "ellipsis at the end": "Ich weiß nicht... |Es war viel … |Dann kam sie.",
    "emoticon": "Das war toll :) |Danach gingen wir. :-) |Es war schön 😊 |Wir lachten!",
    "emoticon in the middle": "Das war toll :) und schön 😊 für Kinder.",
    "blank line": "Mein Tag\n\n|heute war viel los\n\n|Es war gut.",
    "bullets": "Gelernt:\n|- zuhören\n|- fragen\n|• warten\n|2. Ruhe bewahren",
    "short lines": "Treffen 3\n|Heute war ich dort.",
    "wrapped line": "Heute sind wir nach der Arbeit noch sehr lange beim\nChef geblieben.",
    "list numbers": "1. Erstens das. |2. Zweitens dies.",
    "placeholders": "Ich traf [PERSON_2]. |[PERSON_3] kam. |dann ging [PERSON_2]. |ich blieb.",
    "gender forms": "Es gab Mentor*innen. |Jede*r half. |eine:r blieb.",
    "bracketed mark": "Er kam (!) Montag und (?) Dienstag.",
    "sentence in brackets": "Wir gingen. |(Es regnete.) |Ich fror.",
    "exclamation in lower case": "wow! |das war toll. |echt? |ja.",
    "capital letters": "Das lief im TV. |Dann war Schluss.",
    "only punctuation left": 'Er ging. "',
}
ENGLISH = {
    "plain": "We met. |It was fine! |Was it? |Yes.",
    "titles": "Mr. Smith, Mrs. Jones and Dr. Lee came. |They left.",
    "abbreviations": "I like fruit, e.g. Apples, i.e. red ones, etc. |We ate.",
    "time": "We met at 9 a.m. on Monday and left at 5 p.m. |Then I slept.",
    "number": "I am 25. |My boss is 50. |See No. 5.",
    "lower case": "i was tired. |then i went home. |it was late.",
    "missing space": "I was tired.|Then I left.",
    "quotation with a verb of speech": '"Why?" Anna asked. |"Stop!" I said. |"Go." |He went.',
    "quotation": "“I am here. |I stay.” |That helped.",
    "pronoun I": "So am I. |That is good. |You and I. |Fine.",
    "decimals": "It cost 3.50 or 4.5 dollars. |Fine.",
    "initials": "I met J. K. Miller. |She smiled.",
    "a no": "I said no. |Then he left.",
}


@pytest.mark.parametrize("marked", GERMAN.values(), ids=GERMAN.keys())
def test_german(marked):
    parts, found = split(marked, "de")
    assert found == parts


@pytest.mark.parametrize("marked", ENGLISH.values(), ids=ENGLISH.keys())
def test_english(marked):
    parts, found = split(marked, "en")
    assert found == parts


ALPHABET = st.one_of(
    st.characters(), st.sampled_from(list(".!?…\n „“»«\"':;)([]-–*_3aBü😊\u200d\u0301\u200b"))
)


@settings(max_examples=200, deadline=None)
@given(st.text(ALPHABET, max_size=60), st.sampled_from(["de", "en"]))
def test_starts_rise_and_stand_on_text(text, language):
    starts = sentence_starts(text, language)
    assert starts == sorted(set(starts))
    assert all(0 < start < len(text) and not text[start].isspace() for start in starts)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "...", "„", ".", "\ufeff", "a", ". a"])
def test_nothing_to_split(text):
    assert sentence_starts(text, "de") == []
