"""Do German and English entries share topics? Measured on the demo corpus, step by step.

Run: python tests/evaluation/topic_languages.py

``language`` and ``tandem`` are the adjusted mutual information of topics with language and tandem
(0: none). In tandems that write in two languages, ``partner`` is the share of pairs of entries in
different languages, at most three days apart, that have one topic; ``stranger`` is the same for
writers of different tandems, at any distance. Means over 8, 12 and 16 topics and two seeds.
"""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score

import reflect.bilingual
import reflect.topics
from reflect.corpus import Corpus

DEMO = Path(__file__).parents[2] / "corpora" / "mentor-mentor-demo"
ALIGNED, ENSEMBLE = reflect.topics.aligned, reflect.topics.ensemble
STEPS = {
    "none": (False, False, False, False),
    "lexicon": (True, False, False, False),
    "lexicon, centring": (True, True, False, False),
    "lexicon, centring, neighbours": (True, True, True, False),
    "all of these, and fields": (True, True, True, True),
    "without lexicon": (False, True, True, True),
}


def agreement(diary: pd.DataFrame, topics: np.ndarray) -> tuple[float, ...]:
    language, tandem = diary["language"].to_numpy(), diary["tandem_id"].to_numpy()
    mixed = diary.groupby("tandem_id")["language"].transform("nunique").gt(1).to_numpy()
    days = (pd.to_datetime(diary["date"]) - pd.Timestamp("2000-01-01")).dt.days.to_numpy()
    same = topics[:, None] == topics[None, :]
    across = (language[:, None] != language[None, :]) & mixed[:, None] & mixed[None, :]
    together = tandem[:, None] == tandem[None, :]
    near = np.abs(days[:, None] - days[None, :]) <= 3
    return (
        adjusted_mutual_info_score(language, topics),
        adjusted_mutual_info_score(tandem, topics),
        same[across & together & near].mean(),
        same[across & ~together].mean(),
    )


def main() -> None:
    diary = Corpus.load(DEMO).diary()
    rows = {}
    for name, (words, centring, neighbours, fields) in STEPS.items():
        steps = [
            patch.object(
                reflect.topics,
                "aligned",
                ALIGNED if centring else lambda vectors, _: ALIGNED(vectors),
            ),
            patch.object(
                reflect.topics,
                "ensemble",
                ENSEMBLE
                if neighbours
                else lambda *given, languages, **more: ENSEMBLE(*given, languages=None, **more),
            ),
        ]
        if not words:
            steps.append(patch.object(reflect.bilingual, "lexicon", lambda *_: {}))
        for step in steps:
            step.start()
        found = [
            agreement(
                diary,
                reflect.topics.fit_topics(
                    diary, count, seed=seed, fields=fields, stability_resamples=0
                )
                .main["topic"]
                .to_numpy(),
            )
            for count in (8, 12, 16)
            for seed in (0, 1)
        ]
        for step in steps:
            step.stop()
        rows[name] = np.mean(found, axis=0)
    columns = ["language", "tandem", "partner", "stranger"]
    print(pd.DataFrame(rows, index=columns).T.round(3).to_string())


if __name__ == "__main__":
    main()
