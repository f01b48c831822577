"""Nothing is lost: two coders at once, two windows, a server killed in mid-write."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from reflect.coding.store import ConflictError, Store
from reflect.errors import ReflectError

SAMPLE = pd.DataFrame(
    {
        "unit_id": [f"u{number}" for number in range(200)],
        "entry_id": "e",
        "start": range(0, 2000, 10),
        "end": range(10, 2010, 10),
    }
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "codes.sqlite", SAMPLE)


def state(*markers: str, none: bool = False, note: str = "") -> dict:
    return {"marks": dict.fromkeys(markers, ""), "none": none, "note": note}


def test_a_judgement_comes_back_as_codes(store):
    store.save("anna", "u1", {"marks": {"learning": "mutual"}, "none": False, "note": "hm"}, 0)
    store.save("ben", "u1", state(none=True), 0)
    assert store.codes(SAMPLE).values.tolist() == [
        ["anna", "e", 10, 20, "learning", "mutual", "hm"],
        ["ben", "e", 10, 20, "none", "", ""],
    ]
    assert store.progress().values.tolist() == [["anna", 1], ["ben", 1]]


def test_it_is_there_after_opening_again(store):
    store.save("anna", "u1", state("insight"), 0)
    assert list(Store.open(store.path, SAMPLE).states("anna")) == ["u1"]


def test_undo_goes_back_step_by_step_and_only_for_oneself(store):
    first = store.save("anna", "u1", state("insight"), 0)
    store.save("anna", "u1", state("insight", "advice"), first)
    store.save("ben", "u2", state("insight"), 0)
    unit, before = store.undo("anna")
    assert (unit, before["marks"]) == ("u1", {"insight": ""})
    assert store.undo("anna")[1]["marks"] == {}
    assert store.undo("anna") is None
    assert store.states("ben")["u2"]["marks"] == {"insight": ""}


def test_after_undo_one_goes_on_with_the_version_it_gave(store):
    store.save("anna", "u1", state("insight"), 0)
    _, before = store.undo("anna")
    assert store.save("anna", "u1", state("advice"), before["version"]) == before["version"] + 1


def test_two_windows_do_not_write_over_each_other(store):
    store.save("anna", "u1", state("insight"), 0)
    with pytest.raises(ConflictError) as caught:
        store.save("anna", "u1", state("advice"), 0)
    assert caught.value.current["marks"] == {"insight": ""}
    assert store.states("anna")["u1"]["marks"] == {"insight": ""}


def test_the_same_judgement_twice_is_no_conflict(store):
    """An answer may be lost on its way: the page sends again."""
    assert store.save("anna", "u1", state("insight"), 0) == store.save(
        "anna", "u1", state("insight"), 0
    )


def test_many_threads_of_several_coders_lose_nothing(store):
    def code(job: tuple[str, str]) -> None:
        store.save(*job, state("insight"), 0)

    jobs = [(coder, unit) for unit in SAMPLE["unit_id"][:40] for coder in ("anna", "ben", "cem")]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(code, jobs))
    assert store.codes(SAMPLE).groupby("coder_id").size().tolist() == [40, 40, 40]


WRITER = """
import sys
from pathlib import Path
from reflect.coding.store import Store
store = Store(Path(sys.argv[1]))
for number in range(200):
    store.save("anna", f"u{number}", {"marks": {"insight": ""}, "none": False, "note": ""}, 0)
    print(number, flush=True)
"""


def test_killed_in_mid_write_nothing_acknowledged_is_lost(store):
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(store.path)], stdout=subprocess.PIPE, text=True
    )
    for line in writer.stdout:
        if int(line) == 20:
            writer.send_signal(signal.SIGKILL)
            break
    said = [*range(21), *(int(line) for line in writer.stdout.read().split())]
    writer.wait()
    kept = Store.open(store.path, SAMPLE).states("anna")
    assert {f"u{number}" for number in said} <= set(kept)
    database = sqlite3.connect(store.path)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_two_processes_at_once_lose_nothing(store):
    other = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(store.path)], stdout=subprocess.DEVNULL
    )
    done = 0
    while other.poll() is None and done < 200:
        store.save("ben", f"u{done}", state("advice"), 0)
        done += 1
        time.sleep(0.002)
    assert other.wait() == 0
    counts = store.codes(SAMPLE).groupby("coder_id").size()
    assert counts["anna"] == 200
    assert counts["ben"] == done


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"marks": {"joy": ""}, "none": False, "note": ""}, "unknown family"),
        ({"marks": {"learning": "up"}, "none": False, "note": ""}, "unknown family or direction"),
        ({"marks": {"insight": "mutual"}, "none": False, "note": ""}, "direction"),
        ({"marks": {"insight": ""}, "none": True, "note": ""}, "none at once"),
        ({"marks": [], "none": False, "note": ""}, "no judgement"),
        ({"marks": {}, "none": 1, "note": ""}, "no judgement"),
        ({"marks": {}, "none": False, "note": "x" * 4001}, "over 4000"),
    ],
)
def test_what_is_no_judgement_is_refused(store, bad, message):
    with pytest.raises(ReflectError, match=message):
        store.save("anna", "u1", bad, 0)
    assert store.states("anna") == {}


def test_another_sample_is_refused_but_sentences_may_join_and_leave(store):
    with pytest.raises(ReflectError, match="codes of another sample"):
        Store.open(store.path, SAMPLE.assign(start=SAMPLE["start"] + 1))
    assert Store.open(store.path, SAMPLE.iloc[1:]).path == store.path
    added = SAMPLE.iloc[:1].assign(unit_id="u200", stratum="chosen")
    more = pd.concat([SAMPLE.assign(stratum="s"), added])
    assert Store.open(store.path, more).path == store.path


def test_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "codes.sqlite"
    path.write_bytes(json.dumps({"no": "database"}).encode() * 100)
    with pytest.raises(ReflectError, match="codes.sqlite: file is not a database"):
        Store.open(path, SAMPLE)
