"""Vectors from wherever they come."""

from __future__ import annotations

import numpy as np
import pytest

from reflect.embeddings import (
    PrecomputedEmbedder,
    SentenceTransformerEmbedder,
    aligned,
    embed,
    embedder,
)
from reflect.errors import ReflectError


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory):
    """A sentence-transformers model of a few kilobytes with random weights."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("bert")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "der", "zug", "garten", "suppe", "."]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    BertModel(config).save_pretrained(folder)
    bert = Transformer(str(folder))
    target = tmp_path_factory.mktemp("model")
    SentenceTransformer(modules=[bert, Pooling(16)], device="cpu").save(str(target))
    return target


def test_a_sentence_transformers_folder(tiny_model):
    model = embedder(str(tiny_model))
    assert isinstance(model, SentenceTransformerEmbedder)
    vectors = model.encode(["Der Zug.", "Der Garten.", "Der Zug."])
    assert vectors.shape == (3, 16)
    assert vectors[0] == pytest.approx(vectors[2], abs=1e-5)
    assert str(tiny_model) not in model.name


def test_a_second_run_embeds_nothing(tiny_model, tmp_path, monkeypatch):
    texts = ["Der Zug.", "Der Garten."]
    first = embed(texts, SentenceTransformerEmbedder(str(tiny_model)), cache=tmp_path)

    def fail(*_):
        raise AssertionError("embedded again")

    monkeypatch.setattr(SentenceTransformerEmbedder, "encode", fail)
    again = embed(texts, SentenceTransformerEmbedder(str(tiny_model)), cache=tmp_path)
    assert again.tolist() == first.tolist()
    with pytest.raises(AssertionError, match="embedded again"):
        embed([*texts, "Neu."], SentenceTransformerEmbedder(str(tiny_model)), cache=tmp_path)


def test_a_missing_model_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ReflectError, match="folder of a downloaded model, or 'lsa'"):
        embedder(str(tmp_path / "none")).encode(["Text"])


def test_vectors_from_a_file(tmp_path):
    np.save(tmp_path / "own.npy", np.eye(3))
    assert embedder(tmp_path / "own.npy").encode(["a", "b", "c"]).tolist() == np.eye(3).tolist()
    (tmp_path / "bad.npy").write_text("no numbers")
    with pytest.raises(ReflectError, match="npy file of numbers"):
        embedder(tmp_path / "bad.npy")
    with pytest.raises(ReflectError, match="one row an entry"):
        PrecomputedEmbedder(np.eye(2)).encode(["a", "b", "c"])


def test_aligned_takes_the_language_off_and_leaves_zeros():
    apart = np.vstack([np.eye(4)[[0, 1] * 6] + [0, 0, 3, 0], np.eye(4)[[0, 1] * 6] + [0, 0, 0, 3]])
    apart = np.vstack([apart, np.zeros(4)])
    languages = ["de"] * 12 + ["en"] * 12 + ["de"]
    found = aligned(apart, languages)
    assert found[0] == pytest.approx(found[12])
    assert found[0] @ found[1] == pytest.approx(-1, abs=1e-3)
    assert not found[-1].any()
    assert aligned(apart)[0] @ aligned(apart)[12] < 0
