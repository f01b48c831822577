"""spaCy's tokenizer for German and English, taught gender forms, placeholders and sentences."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from spacy.attrs import IDX, SENT_START
from spacy.lang.tokenizer_exceptions import URL_PATTERN
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
from spacy.vocab import Vocab

from reflect.sentence_bounds import PLACEHOLDER, sentence_starts, tight_openers

_L = r"[^\W\d_]"
#: Gender forms that stay one token, with what a compound adds (Mentor*innenprogramm).
GENDER_FORM = (
    rf"(?:{_L}[\w-]*?{_L}(?:[*:_·]|/-)[iI]n(?:nen)?(?:{_L}*|-[\w-]+)"  # Mentor*innen, Mentor/-in
    rf"|[A-ZÄÖÜ]{_L}+/in(?:nen)?"  # Mentor/innen, not und/in
    rf"|[A-ZÄÖÜ]{_L}+\.innen"
    rf"|{_L}{{2,}}\((?:inn)\){_L}+"  # Mentor(inn)en
    rf"|{_L}{{2,}}[*:_·](?:r|e|n|m|s|er|en|em|es|die|der|sie|ihre|ihr|ihm|den|dem|frau|mann)"
    rf"|{_L}{{3,}}/(?:r|e|n|m|s))"  # jede/r
)
#: Those that end in a bracket must be taken before the bracket is split off: jede(r), Mentor(in).
BRACKET_FORM = rf"{_L}{{2,}}\((?:in|innen|r|n|e|m|s|en|er)\)"
#: Different chunks between spaces that the tokenizer remembers, in place of spaCy's 10,000.
CACHED_CHUNKS = 200_000
_QUOTE = '"„“”»«‚‘›‹('
#: -1 (no sentence starts here) as `Doc.from_array` reads it.
_INSIDE = np.uint64(2**64 - 1)


class DiaryTokenizer(Tokenizer):
    """A spaCy tokenizer that also sets where sentences start.

    Being part of the tokenizer, the boundaries are there before any component of a trained
    pipeline; its parser keeps them and adds none.

    Parameters
    ----------
    vocab : Vocab
        The pipeline's vocabulary.
    language : str
        ``"de"`` or ``"en"``: which sentence rules apply.
    **rules
        As for :class:`spacy.tokenizer.Tokenizer`.
    """

    def __init__(self, vocab: Vocab, language: str, **rules: Any) -> None:
        super().__init__(vocab, max_cache_size=CACHED_CHUNKS, **rules)
        self.language = language
        self._met: set[str] = set()

    def __call__(self, text: str) -> Doc:
        self._meet(text)
        doc = super().__call__(text)
        size = len(doc)
        if size:
            flags = np.full((size, 1), _INSIDE, dtype=np.uint64)
            flags[0] = 1
            starts = sentence_starts(text, self.language)
            if starts:
                offsets = doc.to_array(IDX)
                places = offsets.searchsorted(starts)
                places = places[places < size]
                # A boundary inside a token (an address, say) is none.
                flags[places[offsets[places] == starts[: len(places)]]] = 1
            doc.from_array([SENT_START], flags)
        return doc

    def _meet(self, text: str) -> None:
        """Have spaCy remember each chunk of a text, which it does not behind a special case.

        An entry with an early "don't" or "z. B." would be split by regular expressions from there
        on, every time; alone, each chunk is remembered.
        """
        new = set(text.split()).difference(self._met)
        if new and len(self._met) < CACHED_CHUNKS:
            self._met |= new
            for chunk in new:
                super().__call__(chunk)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.vocab, self.language, self.rules)


def diary_tokenizer(nlp: Language) -> DiaryTokenizer:
    """Build the tokenizer for a pipeline, keeping the special cases it has.

    Parameters
    ----------
    nlp : Language
        A blank or trained pipeline with spaCy's own tokenizer.
    """
    return _rebuild(nlp.vocab, nlp.lang, nlp.tokenizer.rules)


def _rebuild(vocab: Vocab, language: str, rules: dict[str, Any]) -> DiaryTokenizer:
    from spacy.util import get_lang_class

    defaults = get_lang_class(language).Defaults
    tight = rf"(?<=[a-zäöüß]{{3}})[.!?](?={tight_openers(language)})"
    # spaCy takes any word.word for an address, but learners leave out the space after a full stop.
    # The pattern is tried on every word, hence the quick way out for those of letters only.
    whole = re.compile(
        rf"(?={_L}*+[\W\d_])(?:{GENDER_FORM}\Z"
        rf"|(?!.*(?:{tight}|[a-zäöüß]{{2}}\.[A-ZÄÖÜ][a-zäöüß]*$)){URL_PATTERN})"
    )

    infixes = [
        PLACEHOLDER,
        tight,
        rf"(?<=[a-zäöüß])[.!?…](?=[{_QUOTE}]+{_L}|\[[A-ZÄÖÜ])",
        rf"(?<=[.!?…,:])[{_QUOTE}](?={_L})",
        *defaults.infixes,
    ]
    return DiaryTokenizer(
        vocab,
        language,
        rules=rules,
        prefix_search=compile_prefix_regex([PLACEHOLDER, *defaults.prefixes]).search,
        suffix_search=compile_suffix_regex([PLACEHOLDER, BRACKET_FORM, *defaults.suffixes]).search,
        infix_finditer=compile_infix_regex(infixes).finditer,
        url_match=whole.match,
    )
