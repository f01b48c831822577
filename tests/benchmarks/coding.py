"""How long sampling, agreement, validity, REFI-QDA and the coding page take; coverage of intervals.

Run: OMP_NUM_THREADS=1 python tests/benchmarks/coding.py [SENTENCES] [PAGE_SENTENCES]
The page is measured in headless Chromium where selenium and both programs are installed.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from reflect.coding.agreement import agreement
from reflect.coding.consensus import consensus
from reflect.coding.learn import train
from reflect.coding.sample import draw_sample, sentence_frame
from reflect.coding.server import Session, addresses, serve
from reflect.coding.store import Store
from reflect.coding.validity import validity
from reflect.markers import FAMILIES

SAID = (
    "Heute war ich mit [PERSON_2] im Betrieb.",
    "Da wurde mir klar, wie viel hier ohne Worte gilt.",
    "We talked about the application and the interview.",
    "Früher dachte ich, das sei einfach.",
    "She gave me a tip about the letter.",
    "Der Bus kam wieder nicht, also ging ich zu Fuß.",
)


@contextmanager
def timed(name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{name:<52}{time.perf_counter() - start:8.2f} s")


def diary(sentences: int) -> pd.DataFrame:
    """Entries of ten sentences by 40 tandems."""
    random = np.random.default_rng(0)
    rows = []
    for number in range(sentences // 10):
        tandem, side = f"T{number % 40:02d}", ("leader", "talent")[number // 40 % 2]
        text = " ".join(SAID[pick] for pick in random.integers(0, len(SAID), 10))
        date = pd.Timestamp("2025-03-01") + pd.Timedelta(days=number % 90)
        phase = ("early", "middle", "late")[number % 90 // 30]
        rows.append((f"e{number}", date, text, ("de", "en")[number % 2], tandem, side, phase))
    columns = ["entry_id", "date", "text", "language", "tandem_id", "side", "phase"]
    return pd.DataFrame(rows, columns=columns)


def hits(frame: pd.DataFrame) -> pd.DataFrame:
    """Made-up hits: each family in two per cent of the sentences."""
    random = np.random.default_rng(1)
    rows = []
    for marker in FAMILIES:
        chosen = frame[random.random(len(frame)) < 0.02]
        rows.append(chosen[["entry_id", "start", "end"]].assign(marker=marker, gate=""))
    return pd.concat(rows, ignore_index=True)


def codes_of(sample: pd.DataFrame, coder: str, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    rows = []
    for unit in sample.itertuples(index=False):
        found = [m for m in unit.hits.split("|") if m and random.random() < 0.9]
        for marker in found or ["none"]:
            rows.append((coder, unit.entry_id, unit.start, unit.end, marker, "", ""))
    columns = ["coder_id", "entry_id", "start", "end", "marker", "direction", "note"]
    return pd.DataFrame(rows, columns=columns)


def coverage(missed: float, rounds: int = 300) -> None:
    """How often the 95 % intervals hold the truth: rules mark 3 % of 5,000 sentences."""
    random = np.random.default_rng(2)
    count = 5000
    rule = random.random(count) < 0.03
    truth = np.where(rule, random.random(count) < 0.8, random.random(count) < missed)
    both = (truth & rule).sum()
    wanted = {
        "precision": both / rule.sum(),
        "recall": both / truth.sum(),
        "f1": 2 * both / (truth.sum() + rule.sum()),
        "corrected_prevalence": truth.mean(),
    }
    held = dict.fromkeys(wanted, 0)
    for _ in range(rounds):
        parts = ((rule, 40), (~rule, 160))
        place = np.concatenate(
            [random.choice(np.flatnonzero(part), size, replace=False) for part, size in parts]
        )
        units = [f"u{number}" for number in range(len(place))]
        settled = pd.DataFrame({"unit_id": units, "marker": "insight", "value": truth[place] * 1.0})
        sample = pd.DataFrame(
            {
                "unit_id": units,
                "side": "a",
                "language": "de",
                "hits": np.where(rule[place], "insight", ""),
                "stratum": np.where(rule[place], "hit", "miss"),
                "population": np.where(rule[place], rule.sum(), count - rule.sum()),
            }
        )
        row = validity(settled, sample).iloc[0]
        for name, value in wanted.items():
            stem = name.removesuffix("_prevalence")
            held[name] += row[f"{stem}_low"] <= value <= row[f"{stem}_high"]
    for name, times in held.items():
        print(f"{f'coverage of {name}, {missed:.1%} missed':<52}{times / rounds:8.3f}")


def page(entries: pd.DataFrame, frame: pd.DataFrame, sentences: int) -> None:
    try:
        from selenium import webdriver
    except ImportError:
        print("page: selenium is not installed")
        return
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        print("page: chromium and chromedriver are not installed")
        return
    sample = frame.head(sentences).reset_index(drop=True)
    sample.insert(0, "unit_id", [f"u{number:05d}" for number in range(1, len(sample) + 1)])
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "codes.sqlite", sample)
        session = Session(sample, entries, store, ("anna",))
        server = serve(session)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        options = webdriver.ChromeOptions()
        for switch in (
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-quic", "--no-first-run", f"--user-data-dir={folder}/chromium",
        ):  # fmt: skip
            options.add_argument(switch)
        options.binary_location = shutil.which("chromium")
        service = webdriver.ChromeService(shutil.which("chromedriver"))
        browser = webdriver.Chrome(options=options, service=service)
        try:
            with timed(f"page of {len(sample)} sentences: open until ready"):
                browser.get(addresses(server, session)["anna"])
                while not browser.execute_script("return document.body.dataset.ready"):
                    time.sleep(0.02)
            # One step: a key, the arrow, and the frame after it is drawn.
            steps = browser.execute_async_script(
                """
                const done = arguments[0], times = [], press = key => document.body.dispatchEvent(
                  new KeyboardEvent("keydown", { key, bubbles: true }));
                const frame = () => new Promise(r => requestAnimationFrame(() => setTimeout(r)));
                (async () => {
                  for (let n = 0; n < 200; n++) {
                    const start = performance.now();
                    press("il dn"[n % 5] === " " ? "n" : "il dn"[n % 5]);
                    press("ArrowRight");
                    await frame();
                    times.push(performance.now() - start);
                  }
                  done(times);
                })();
                """
            )
            saved = time.perf_counter()
            while browser.execute_script("return pending.size"):
                time.sleep(0.02)
            print(f"{'all saved after the last step':<52}{time.perf_counter() - saved:8.2f} s")
        finally:
            browser.quit()
            server.shutdown()
    ordered = sorted(steps)
    print(f"{'step (key, next, drawn), median':<52}{statistics.median(steps):8.1f} ms")
    print(f"{'step, 95th percentile':<52}{ordered[int(len(ordered) * 0.95)]:8.1f} ms")
    print(f"{'step, longest':<52}{ordered[-1]:8.1f} ms")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    on_page = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    entries = diary(count)
    empty = pd.DataFrame(columns=["entry_id", "marker", "start", "end", "gate"])
    with timed(f"{count} sentences found"):
        frame = sentence_frame(entries, empty)
    spans = hits(frame)
    with timed(f"sample of {len(frame)} sentences, hits given"):
        sample = draw_sample(entries, spans, size=1000, positives=30)
    codes = pd.concat([codes_of(sample, "anna", 1), codes_of(sample, "ben", 2)], ignore_index=True)
    with timed(f"agreement of two coders on {len(sample)} sentences"):
        agreement(codes, sample)
    with timed("consensus"):
        settled = consensus(codes, sample)
    with timed("validity by side and language"):
        validity(settled, sample)
    with timed(f"models of {len(FAMILIES)} families, judged out of fold"):
        learned = train(settled, sample)
    with timed(f"{len(frame)} sentences judged by {len(learned.models)} models"):
        learned.predict(frame)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "codes.sqlite", sample)
        start = time.perf_counter()
        for unit in sample["unit_id"].head(200):
            store.save("anna", unit, {"marks": {}, "none": True, "note": ""}, 0)
        print(f"{'one judgement on disk':<52}{(time.perf_counter() - start) * 5:8.2f} ms")
    for missed in (0.01, 0.001):
        coverage(missed)
    page(entries, frame, on_page)


if __name__ == "__main__":
    main()
