"""The offline embedding."""

from __future__ import annotations

import numpy as np
import pytest
from themed_texts import themed

from reflect.embeddings import aligned, embedder
from reflect.errors import ReflectError
from reflect.lsa import LsaEmbedder


def test_it_is_the_default():
    assert isinstance(embedder(), LsaEmbedder)


def test_lsa_brings_texts_on_one_matter_together():
    entries = themed()
    vectors = aligned(LsaEmbedder().encode(entries["text"], entries["language"].tolist()))
    likeness = vectors @ vectors.T
    same = entries["theme"].to_numpy()[:, None] == entries["theme"].to_numpy()[None]
    np.fill_diagonal(same, False)
    assert likeness[same].mean() > 0.5 > 0.1 > likeness[~same & (likeness < 0.999)].mean()


def test_lsa_maps_new_texts_into_its_space():
    entries = themed()
    model = LsaEmbedder()
    learned = model.encode(entries["text"].tolist(), entries["language"].tolist())
    again = model.encode(entries["text"].tolist(), entries["language"].tolist())
    assert again == pytest.approx(learned, abs=1e-6)


def test_a_text_without_words_is_zero():
    entries = themed(each=3)
    texts = [*entries["text"], "[PERSON_1], am Montag."]
    vectors = LsaEmbedder().encode(texts, ["de"] * len(texts))
    assert not vectors[-1].any()
    assert np.abs(vectors[:-1]).sum(axis=1).all()


def test_the_lexicon_joins_two_languages():
    texts = ["Garten und Regen.", "Zug und Koffer.", "Garden and rain.", "Train and suitcase."] * 4
    vectors = LsaEmbedder().encode(texts, ["de", "de", "en", "en"] * 4)
    likeness = vectors[0] @ vectors[2], vectors[0] @ vectors[3]
    assert likeness[0] > 0.9 > 0.1 > likeness[1]


def test_fields_join_words_of_one_matter():
    texts = ["Kartoffel und Tomate.", "Zwiebel mit Reis.", "Bruder und Tante.", "Onkel, Schwester."]
    likeness = []
    for fields in (False, True):
        vectors = aligned(LsaEmbedder(fields=fields).encode(texts * 3, ["de"] * 12))
        likeness.append(vectors[0] @ vectors[1] - vectors[0] @ vectors[2])
    assert likeness[1] > likeness[0] + 0.3


def test_a_text_without_words_is_zero_with_fields_too():
    texts = [*themed(each=3)["text"], "[PERSON_1], am Montag."]
    assert not LsaEmbedder(fields=True).encode(texts, ["de"] * len(texts))[-1].any()


def test_compounds_are_near_their_parts():
    texts = ["Prüfung heute", "Deutschprüfung", "Sprachprüfung", "Fahrrad kaputt", "Fahrradkette"]
    vectors = aligned(LsaEmbedder().encode(texts * 3, ["de"] * 15))
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[3]


@pytest.mark.parametrize("text", ["Es war so.", "Der Garten."])
def test_texts_that_nothing_tells_apart_are_refused(text):
    with pytest.raises(ReflectError, match="no words that tell them apart"):
        LsaEmbedder().encode([text] * 20, ["de"] * 20)
