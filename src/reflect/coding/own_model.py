"""The model that a corpus learned from its own codes: on disk, and at work in its report."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reflect.coding import sample as drawn
from reflect.coding.family_model import FamilyModel
from reflect.coding.learn import Learned
from reflect.errors import ReflectError
from reflect.folder import write_file
from reflect.markers.codebook import DIRECTIONS
from reflect.schemas import CODES

if TYPE_CHECKING:
    from reflect.corpus import Corpus

FILE = "coding/model.npz"
#: Stands as rule on what the model found, and as gate on what it does not confirm.
LEARNED = "learned"
_NUMBERS = ("intercept", "slope", "offset", "threshold")
_AGAIN = "Run `reflect train`, or delete the file"


def save(learned: Learned, corpus: Corpus) -> Path:
    """Write the model beside the corpus's codes, whole or not at all; same model, same bytes.

    The file holds weights, ids and offsets, and no word of the diaries.

    Raises
    ------
    ReflectError
        If the place cannot be written to.
    """
    about = {
        "codes": _fingerprint(corpus.path),
        "seed": learned.seed,
        "comparison": learned.comparison.to_json(orient="split", double_precision=15),
        "out_of_fold": learned.out_of_fold.to_json(orient="split", double_precision=15),
        "models": {
            marker: {name: getattr(model, name) for name in _NUMBERS}
            for marker, model in learned.models.items()
        },
    }
    arrays = {"about": np.array(json.dumps(about))}
    for marker, model in learned.models.items():
        arrays |= {f"{marker}.places": model.places, f"{marker}.weights": model.weights}
    target = io.BytesIO()
    np.savez_compressed(target, **arrays)
    path = corpus.path / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, target.getvalue())
    except OSError as fault:
        raise ReflectError(
            f"{path}: cannot be written ({fault.strerror}). Check the rights"
        ) from None
    return path


def load(corpus: Corpus) -> Learned | None:
    """The model of a corpus; None where it has learned none.

    Raises
    ------
    ReflectError
        If the file is damaged, or the codes have changed since.
    """
    path = corpus.path / FILE
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            about = json.loads(str(arrays["about"]))
            models = {
                marker: FamilyModel(
                    arrays[f"{marker}.places"], arrays[f"{marker}.weights"], **numbers
                )
                for marker, numbers in about["models"].items()
            }
        comparison, out_of_fold = (
            pd.read_json(io.StringIO(about[name]), orient="split", dtype=False)
            for name in ("comparison", "out_of_fold")
        )
        codes, seed = about["codes"], about["seed"]
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        raise ReflectError(f"{path}: damaged, or no model. {_AGAIN}") from None
    if codes != _fingerprint(corpus.path):
        raise ReflectError(f"{path}: was learned from other codes than there are now. {_AGAIN}")
    return Learned(comparison, out_of_fold, models, seed)


def _fingerprint(folder: Path) -> str:
    """Digest of all that was learned from."""
    digest = hashlib.sha256()
    for name in (CODES.file, drawn.FILE):
        path = folder / name
        digest.update(hashlib.sha256(path.read_bytes() if path.is_file() else b"").digest())
    return digest.hexdigest()


def annotate(diary: pd.DataFrame, corpus: Corpus, *, gated: bool = False) -> pd.DataFrame:
    """Markers of a diary as the corpus's report counts them.

    `reflect.annotate`; then, for the families that the corpus's own model decides, what the
    model finds is added (rule ``learned``), and what it does not confirm no longer counts (gate
    ``learned``). Without a model, exactly `reflect.annotate`.

    Parameters
    ----------
    diary : DataFrame
        From `Corpus.diary`, whole or in part.
    corpus : Corpus
        Whose model, if it has one.
    gated : bool
        Whether to return the hits that do not count, too.

    Returns
    -------
    DataFrame
        Columns of `reflect.annotate`. A sentence only the model found has no direction
        (``unspecified`` for learning) and no content; its cue is the whole sentence.

    Raises
    ------
    ReflectError
        If the model is damaged, or the codes have changed since.
    """
    from reflect import annotate as by_rules

    learned = load(corpus)
    if learned is None or not learned.markers:
        return by_rules(diary, gated=gated)
    spans = decide(by_rules(diary, gated=True), diary, learned)
    return spans if gated else spans[spans["gate"] == ""].reset_index(drop=True)


def decide(spans: pd.DataFrame, diary: pd.DataFrame, learned: Learned) -> pd.DataFrame:
    """Spans of the rules, put right by a model; see :func:`annotate`.

    Parameters
    ----------
    spans : DataFrame
        From ``reflect.annotate(diary, gated=True)``.
    diary : DataFrame
        ``entry_id, text, language`` and what the diary has besides.
    learned : Learned
        Its families in use decide.
    """
    frame = drawn.sentence_frame(diary, spans)
    said = learned.predict(frame)
    place = drawn.sentence_of(frame, spans)
    gate = spans["gate"].to_numpy(dtype=object).copy()
    # A prompt that the writer copied is nobody's insight, whatever the model makes of it.
    prompts = place[gate == "prompt"]
    fresh = []
    for marker in learned.markers:
        carried = said.loc[said["marker"] == marker, "carries"].to_numpy(dtype=bool)
        ruled = (spans["marker"] == marker).to_numpy() & (gate == "")
        gate[ruled & ~carried[place]] = LEARNED
        alone = np.setdiff1d(np.flatnonzero(carried), np.union1d(place[ruled], prompts))
        fresh.append(_found(frame.iloc[alone], marker))
    table = pd.concat([spans.assign(gate=pd.Series(gate, spans.index)), *fresh], ignore_index=True)
    table = table.astype(spans.dtypes.to_dict())
    order = {entry: number for number, entry in enumerate(diary["entry_id"])}
    rank = table["entry_id"].map(order)
    ranked = table.assign(_rank=rank).sort_values(["_rank", "start"], kind="stable")
    return ranked.drop(columns="_rank").reset_index(drop=True)


def _found(sentences: pd.DataFrame, marker: str) -> pd.DataFrame:
    ways = DIRECTIONS.get(marker, ())
    return sentences[["entry_id", "start", "end", "text"]].assign(
        marker=marker,
        direction="unspecified" if "unspecified" in ways else "",
        cue_start=sentences["start"],
        cue_end=sentences["end"],
        content_start=-1,
        content_end=-1,
        rule=LEARNED,
        gate="",
        holder="writer",
    )


def unseen(corpus: Corpus) -> pd.DataFrame:
    """What the model says of coded sentences when it has not seen their tandem.

    On sentences it learned from, a model looks better than it is; its validity is judged on these.

    Returns
    -------
    DataFrame
        ``entry_id, start, marker, predicted`` of the families in use; no rows without a model.
    """
    columns = ["entry_id", "start", "marker", "predicted"]
    learned = load(corpus)
    if learned is None:
        return pd.DataFrame(columns=columns)
    table = learned.out_of_fold
    return table.loc[table["marker"].isin(learned.markers), columns].reset_index(drop=True)


def learned_table(corpus: Corpus) -> pd.DataFrame:
    """Families that a model decides, as the report shows them; no rows without one.

    Returns
    -------
    DataFrame
        ``marker, sentences, positives, tandems, rules_f1, model_f1, difference, low, high``.
    """
    columns = ["marker", "sentences", "positives", "tandems", "rules_f1", "model_f1"]
    columns += ["difference", "low", "high"]
    learned = load(corpus)
    if learned is None:
        return pd.DataFrame(columns=columns)
    table = learned.comparison
    return table.loc[table["chosen"] == "model", columns].reset_index(drop=True)
