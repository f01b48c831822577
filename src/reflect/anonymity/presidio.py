"""Microsoft Presidio's pattern recognisers, offline and without a trained pipeline."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reflect.anonymity.found import Found
from reflect.errors import MissingExtraError

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

_KINDS = {
    "PERSON": "person",
    "LOCATION": "place",
    "ORGANIZATION": "org",
    "PHONE_NUMBER": "phone",
    "IBAN_CODE": "iban",
    "URL": "url",
    "EMAIL_ADDRESS": "email",
    "DE_KFZ": "vehicle",
    "DE_PLZ": "address",
}
#: Our own patterns know what these look for, and Presidio's e-mail recogniser asks the network.
_LEFT_OUT = (
    "EmailRecognizer",
    "UrlRecognizer",
    "DateRecognizer",
    "SpacyRecognizer",
    "DePlzRecognizer",
)
_LEAST = 0.4


def recognise(text: str, language: str) -> list[Found]:
    """What Presidio finds in a text, without overlaps of one kind (its own resolution).

    Parameters
    ----------
    text : str
        An entry.
    language : str
        ``de`` or ``en``.

    Raises
    ------
    MissingExtraError
        If Presidio is not installed.
    """
    results = _engine(language).analyze(text, language=language, score_threshold=_LEAST)
    return [
        Found(
            item.start,
            item.end,
            _KINDS.get(item.entity_type, "id_number"),
            min(float(item.score), 0.9),
            f"presidio:{item.entity_type.lower()}",
        )
        for item in results
    ]


@cache
def _engine(language: str) -> AnalyzerEngine:
    import logging

    import spacy

    try:
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, predefined_recognizers
        from presidio_analyzer.nlp_engine import SpacyNlpEngine
    except ImportError:
        raise MissingExtraError("presidio-analyzer", "presidio", "Presidio's recognisers") from None
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    engine = SpacyNlpEngine(models=[{"lang_code": language, "model_name": "blank"}])
    engine.nlp = {language: spacy.blank(language)}
    registry = RecognizerRegistry(supported_languages=[language])
    registry.load_predefined_recognizers(languages=[language], nlp_engine=engine)
    if language == "de":
        # Presidio has them, but they are off unless somebody adds them.
        present = {type(known).__name__ for known in registry.recognizers}
        for name in sorted(vars(predefined_recognizers)):
            if name.startswith("De") and name.endswith("Recognizer") and name not in present:
                registry.add_recognizer(getattr(predefined_recognizers, name)())
    for name in _LEFT_OUT:
        registry.remove_recognizer(name)
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[language])
