"""Somebody withdraws: their words leave the notes, and the coders can go on."""

from __future__ import annotations

import pytest

from reflect.anonymity.withdrawal import withdraw
from reflect.coding import own_model
from reflect.coding.exchange import write_codes
from reflect.coding.sample import draw_sample, load_sample, save_sample
from reflect.coding.store import FILE, Store
from reflect.corpus import Corpus

# Five words in a row of T01-L's first entry, in other capitals and punctuation.
QUOTE = "like the leader: DA begriff ich etwas -- eine Hürde"
PLAIN = "da begriff ich etwas, says many a diary"


def noted(note: str) -> dict:
    return {"marks": {"insight": ""}, "none": False, "note": note}


@pytest.fixture
def coded(programme, diary, spans, code_sample):
    """Codes in the table and in the store, a model beside them; two notes on T02's sentences."""
    sample = draw_sample(diary, spans, size=200)
    save_sample(sample, programme)
    store = Store.open(programme / FILE, sample)
    of_others = sample[sample["tandem_id"] == "T02"]["unit_id"].tolist()
    store.save("anna", of_others[0], noted(QUOTE), 0)
    store.save("anna", of_others[0], noted(QUOTE + " and more"), 1)
    store.save("anna", of_others[1], noted(PLAIN), 0)
    mine = sample[sample["entry_id"].str.startswith("T01-L")]["unit_id"].iloc[0]
    store.save("anna", mine, noted("hers"), 0)
    codes = code_sample(sample, "anna")
    places = codes["entry_id"].str.startswith("T02")
    codes.loc[codes.index[places][:2], "note"] = [QUOTE, PLAIN]
    write_codes(programme, codes)
    (programme / own_model.FILE).write_bytes(b"learned")
    return programme


def test_notes_that_quote_are_blanked_and_others_stay(coded):
    done = withdraw(coded, "T01-L")
    assert done.removed["notes"] == 2  # one in the table, one in the store
    corpus = Corpus.load(coded)
    assert sorted(set(corpus.codes["note"])) == ["", PLAIN]
    kept = b"".join(path.read_bytes() for path in coded.rglob("*") if path.is_file())
    assert QUOTE.encode() not in kept
    assert PLAIN.encode() in kept


def test_coding_goes_on_without_the_person_and_the_model_is_gone(coded):
    withdraw(coded, "T01-L")
    corpus = Corpus.load(coded)
    sample = load_sample(coded, corpus.diary())
    assert not sample["entry_id"].str.startswith("T01-L").any()
    store = Store.open(coded / FILE, sample)
    codes = store.codes(sample)
    assert len(codes) == 2
    unit = sample["unit_id"].iloc[-1]
    assert store.save("ben", unit, noted(""), 0) == 1
    assert not (coded / own_model.FILE).exists()
