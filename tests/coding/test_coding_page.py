"""The page in a real browser: keys, undo, going on later, a server that dies. Skipped without."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reflect.coding.sample import draw_sample, save_sample
from reflect.coding.server import Session, addresses, serve
from reflect.coding.store import Store

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed"
)
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-quic", "--no-first-run", "--disable-dev-shm-usage", "--window-size=1280,1000",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    for switch in (*SWITCHES, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(switch)
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


class Page:
    """The page of one coder, on a server that can be stopped and started."""

    def __init__(self, browser, session: Session) -> None:
        self.browser, self.session, self.port = browser, session, 0
        self.start()

    def start(self) -> None:
        self.server = serve(self.session, self.port)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def open(self, coder: str = "anna") -> None:
        # Leaving a page asks whether to stay while something is unsaved; about:blank first.
        self.browser.get("about:blank")
        self.browser.get(addresses(self.server, self.session)[coder])
        self.until(lambda: self.browser.execute_script("return document.body.dataset.ready"))

    def press(self, *keys: str) -> None:
        for key in keys:
            ActionChains(self.browser, 0).send_keys(key).perform()

    def until(self, condition) -> None:
        WebDriverWait(self.browser, 10, 0.05).until(lambda _: condition())

    def text(self, name: str) -> str:
        return self.browser.find_element(By.ID, name).text

    def saved(self) -> None:
        self.until(lambda: self.text("saved") in ("Saved", "Gesichert"))

    def codes(self) -> list[tuple[str, str, str]]:
        table = self.session.store.codes(self.session.sample)
        ids = self.session.sample.set_index(["entry_id", "start"])["unit_id"]
        return [
            (ids[row.entry_id, row.start], row.marker, row.direction)
            for row in table.itertuples(index=False)
        ]


@pytest.fixture
def page(browser, corpus, diary, spans):
    sample = draw_sample(diary, spans, size=40, positives=1)
    store = Store.open(corpus.path / "codes.sqlite", sample)
    made = Page(browser, Session(sample, diary, store, ("anna", "ben"), "en", blind=True))
    made.open()
    yield made
    browser.execute_script("localStorage.clear()")
    made.stop()


def test_keys_code_and_every_one_is_saved(page):
    page.press("i", "l", "3", Keys.ARROW_RIGHT, "n", Keys.ENTER, "a")
    page.saved()
    assert sorted(page.codes()) == [
        ("u00001", "insight", ""),
        ("u00001", "learning", "mutual"),
        ("u00002", "none", ""),
        ("u00003", "advice", ""),
    ]
    assert page.text("progress").startswith("3 of")


def test_the_same_key_takes_back_and_none_clears(page):
    page.press("i", "i", "d", "n")
    page.saved()
    assert page.codes() == [("u00001", "none", "")]


def test_undo_goes_back_to_the_sentence(page):
    page.press("i", Keys.ARROW_RIGHT, "d", Keys.ARROW_RIGHT, "u")
    page.until(lambda: page.codes() == [("u00001", "insight", "")])
    page.until(lambda: page.browser.find_element(By.ID, "number").get_property("value") == "2")


def test_one_goes_on_where_one_stopped(page):
    page.press("n", Keys.ARROW_RIGHT, "n")
    page.saved()
    page.open()
    assert page.browser.find_element(By.ID, "number").get_property("value") == "3"
    page.open("ben")
    assert page.text("progress").startswith("0 of")


def test_notes_are_kept_and_letters_in_them_are_letters(page):
    page.press("i", "m", "in doubt", Keys.ESCAPE, "d")
    page.saved()
    codes = page.session.store.codes(page.session.sample)
    assert codes["marker"].tolist() == ["difference", "insight"]
    assert set(codes["note"]) == {"in doubt"}


SERVER = """
import typer
from reflect import cli_coding
app = typer.Typer()
cli_coding.register(app)
app()
"""


def serve_alone(folder: Path, port: int) -> tuple[subprocess.Popen, str]:
    """``reflect code serve`` as a process of its own, and its address for anna."""
    command = [sys.executable, "-c", SERVER, "code", "serve", str(folder)]
    command += ["--coder", "anna", "--port", str(port)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    )
    return process, process.stdout.readline().strip().partition(" ")[2]


def test_a_killed_server_loses_nothing(browser, corpus, diary, spans):
    sample = draw_sample(diary, spans, size=40, positives=1)
    save_sample(sample, corpus.path)
    process, address = serve_alone(corpus.path, 0)
    try:
        page = Page.__new__(Page)
        page.browser = browser
        browser.get(address)
        page.until(lambda: browser.execute_script("return document.body.dataset.ready"))
        page.press("n", Keys.ARROW_RIGHT)
        page.saved()
        process.kill()
        process.wait()
        page.press("i", Keys.ARROW_RIGHT, "d")
        page.until(lambda: "no longer answers" in page.text("alert"))
        page.until(lambda: "Not saved yet" in page.text("saved"))
        # The same port again, with new secrets: what was waiting goes in from the new page.
        process, address = serve_alone(corpus.path, int(address.split(":")[2].split("/")[0]))
        browser.execute_script("pending.clear()")
        browser.get(address)
        page.until(lambda: browser.execute_script("return document.body.dataset.ready"))
        page.saved()
        store = Store.open(corpus.path / "coding" / "codes.sqlite", sample)
        page.until(lambda: len(store.codes(sample)) == 3)
        found = {unit: state["marks"] for unit, state in store.states("anna").items()}
        assert found == {"u00001": {}, "u00002": {"insight": ""}, "u00003": {"difference": ""}}
    finally:
        process.kill()
        process.wait()
        browser.execute_script("localStorage.clear()")


def test_a_change_in_another_window_is_shown_not_lost(page):
    page.press("i")
    page.saved()
    other = {"marks": {"advice": "given"}, "none": False, "note": ""}
    page.session.store.save("anna", "u00001", other, 1)
    page.press("d")
    page.until(lambda: "another window" in page.text("alert"))
    assert page.codes() == [("u00001", "advice", "given")]


def test_letter_keys_can_be_switched_off_and_the_language_changed(page):
    page.browser.find_element(By.ID, "keys").click()
    page.press("i", Keys.ARROW_RIGHT)
    page.browser.find_element(By.ID, "language").click()
    assert page.browser.title == "Codieren"
    page.saved()
    assert page.codes() == []


def test_buttons_say_what_they_are(page):
    page.press("i")
    pressed = page.browser.find_elements(By.CSS_SELECTOR, '.family[aria-pressed="true"]')
    assert [button.get_attribute("data-marker") for button in pressed] == ["insight"]
    nameless = page.browser.execute_script(
        "return [...document.querySelectorAll('button')].filter(b => !(b.innerText.trim() || "
        "b.getAttribute('aria-label')) && b.offsetParent).length"
    )
    assert nameless == 0
    language = page.browser.find_element(By.ID, "sentence").get_attribute("lang")
    assert language in ("de", "en")


def test_the_browser_has_no_complaint_and_asked_nobody_else(page):
    for kind in ("browser", "performance"):
        page.browser.get_log(kind)
    page.open()
    page.press("i", "?", Keys.ESCAPE, Keys.ARROW_RIGHT)
    page.saved()
    assert page.browser.get_log("browser") == []
    asked = [
        json.loads(entry["message"])["message"] for entry in page.browser.get_log("performance")
    ]
    urls = [
        m["params"]["request"]["url"] for m in asked if m["method"] == "Network.requestWillBeSent"
    ]
    assert urls
    assert all(url.startswith(f"http://127.0.0.1:{page.port}/") for url in urls)
