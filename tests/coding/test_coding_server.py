"""The server: a secret address, this machine only, nothing of what is hidden."""

import http.client
import json
import threading
from urllib.parse import urlsplit

import pytest

from reflect.coding.sample import draw_sample
from reflect.coding.server import Session, addresses, serve
from reflect.coding.store import Store
from reflect.errors import ReflectError


@pytest.fixture
def session(corpus, diary, spans):
    sample = draw_sample(diary, spans, size=40, positives=1)
    store = Store.open(corpus.path / "codes.sqlite", sample)
    return Session(sample, diary, store, ("anna", "ben"), "de", blind=True)


@pytest.fixture
def ask(session):
    """``ask(method, path, body, token, **headers)`` gives status, headers, body."""
    server = serve(session)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    tokens = {name: token for token, name in session.tokens.items()}

    def call(method, path, body=None, coder="anna", **headers):
        link = http.client.HTTPConnection(*server.server_address, timeout=10)
        given = {"X-Token": tokens.get(coder, "wrong")} | headers
        text = body if isinstance(body, str) else json.dumps(body)
        link.request(method, path, text if method == "POST" else None, given)
        answer = link.getresponse()
        found = answer.status, dict(answer.getheaders()), answer.read().decode()
        link.close()
        return found

    call.address = addresses(server, session)
    yield call
    server.shutdown()
    server.server_close()
    thread.join(5)


def state(*markers):
    return {"marks": dict.fromkeys(markers, ""), "none": False, "note": ""}


def test_the_address_is_on_this_machine_and_secret(ask):
    address = urlsplit(ask.address["anna"])
    assert address.hostname == "127.0.0.1"
    assert len(address.query) > 30
    assert ask.address["anna"] != ask.address["ben"]


def test_the_page_asks_nothing_of_others_and_allows_nothing(ask):
    status, headers, text = ask("GET", "/?" + urlsplit(ask.address["anna"]).query)
    assert status == 200
    rules = headers["Content-Security-Policy"]
    assert rules.startswith("default-src 'none'")
    assert "unsafe" not in rules
    assert "http://" not in text
    assert "https://" not in text
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("coder", "headers"),
    [
        ("nobody", {}),
        ("anna", {"Host": "evil.example"}),
        ("anna", {"Origin": "http://evil.example"}),
    ],
    ids=["no token", "another name for this machine", "another site"],
)
def test_strangers_get_nothing(ask, coder, headers):
    for method, path in (("GET", "/api/units"), ("GET", "/api/states"), ("POST", "/api/undo")):
        status, _, text = ask(method, path, {}, coder, **headers)
        assert (status, json.loads(text)) == (403, {"error": "wrong address"})
    assert ask("GET", "/?token=wrong")[0] == 403


def test_what_is_hidden_is_not_sent(ask):
    _, _, text = ask("GET", "/api/units")
    assert set(json.loads(text)[0]) == {"id", "text", "lang", "before", "after"}
    for word in ("leader", "talent", "2025", "T01"):
        assert word not in text


def test_a_judgement_is_kept_and_nobody_else_sees_it(ask):
    body = {"unit": "u00001", "version": 0, "state": state("insight")}
    assert ask("POST", "/api/save", body)[0] == 200
    assert list(json.loads(ask("GET", "/api/states")[2])) == ["u00001"]
    assert json.loads(ask("GET", "/api/states", coder="ben")[2]) == {}


def test_a_conflict_comes_with_what_is_there(ask):
    body = {"unit": "u00001", "version": 0, "state": state("insight")}
    ask("POST", "/api/save", body)
    status, _, text = ask("POST", "/api/save", body | {"state": state("advice")})
    assert status == 409
    assert json.loads(text)["current"]["marks"] == {"insight": ""}


def test_undo_tells_the_sentence(ask):
    ask("POST", "/api/save", {"unit": "u00001", "version": 0, "state": state("insight")})
    assert json.loads(ask("POST", "/api/undo", {})[2])["unit"] == "u00001"
    assert json.loads(ask("POST", "/api/undo", {})[2])["unit"] is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[1]", 400),
        ("[" * 50000, 400),
        ({"unit": "u99999", "version": 0, "state": {}}, 422),
        ({"unit": ["u00001"], "version": 0, "state": {}}, 422),
        ({"unit": "u00001", "version": "0", "state": {}}, 422),
        ({"unit": "u00001", "version": 0, "state": {"marks": {"joy": ""}}}, 422),
        ("x" * 70000, 413),
    ],
)
def test_nonsense_is_refused_and_the_server_lives(ask, body, status):
    assert ask("POST", "/api/save", body)[0] == status
    assert ask("GET", "/api/states")[0] == 200


@pytest.mark.parametrize("path", ["/api/other", "/../etc/passwd", "/api/save"])
def test_there_is_nothing_else(ask, path):
    assert ask("GET", path)[0] == 404


@pytest.mark.parametrize("coders", [(), ("",), ("a", "a"), ("<b>",), ("x" * 41,)])
def test_names_that_are_none_are_refused(session, coders):
    with pytest.raises(ReflectError):
        Session(session.sample, session.entries, session.store, coders)


def test_a_taken_port_is_told(session):
    server = serve(session)
    with pytest.raises(ReflectError, match="Choose another with --port"):
        serve(session, server.server_address[1])
    server.server_close()
