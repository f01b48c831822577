"""The coding page: a small server on this machine only, one secret address a coder."""

from __future__ import annotations

import hmac
import json
import re
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd

from reflect.coding.definitions import LANGUAGES, codebook, words
from reflect.coding.sample import context
from reflect.coding.store import ConflictError, Store
from reflect.errors import ReflectError

HOST = "127.0.0.1"
_LARGEST = 64 * 1024
_NAME = re.compile(r"[\w.\- ]{1,40}")


@dataclass(frozen=True)
class Session:
    """What is coded, by whom, and where it is kept.

    Attributes
    ----------
    sample, entries : DataFrame
        As for `reflect.coding.sheets.write_sheets`.
    store : Store
        Where judgements go.
    coders : tuple of str
        Each gets a secret address of their own and sees nobody else's codes.
    language : str
        Language the page opens in; it can be changed there.
    blind : bool
        Whether side and date stay hidden. They are then not sent to the browser at all.
    """

    sample: pd.DataFrame = field(repr=False)
    entries: pd.DataFrame = field(repr=False)
    store: Store
    coders: tuple[str, ...]
    language: str = "en"
    blind: bool = False

    def __post_init__(self) -> None:
        if not self.coders:
            raise ReflectError("nobody to code. Name at least one coder")
        for name in self.coders:
            if not _NAME.fullmatch(name) or name != name.strip():
                raise ReflectError(
                    "a coder's name has other signs than letters, digits, blanks, . - _ "
                    "or over 40 of them. Give another name"
                )
        if len(set(self.coders)) < len(self.coders):
            raise ReflectError("a coder is named twice. Name each once")

    @cached_property
    def tokens(self) -> dict[str, str]:
        """A fresh secret for each coder; an old address stops working with the server."""
        return {secrets.token_urlsafe(24): name for name in self.coders}

    @cached_property
    def units(self) -> bytes:
        """Sentences as the page gets them: no hits, no weights; no side or date where blind."""
        around = context(self.sample, self.entries)
        rows = []
        for number, row in enumerate(self.sample.to_dict("records")):
            unit = {"id": row["unit_id"], "text": row["text"], "lang": row["language"]}
            unit |= {"before": around["before"].iloc[number], "after": around["after"].iloc[number]}
            if not self.blind:
                unit |= {"side": row.get("side", ""), "date": str(row.get("date", ""))[:10]}
            rows.append(unit)
        return _json(rows)

    @cached_property
    def known(self) -> frozenset[str]:
        """Ids of the sentences."""
        return frozenset(self.sample["unit_id"])

    def words(self, coder: str) -> dict[str, Any]:
        """Codebook and texts of the page in both languages."""
        spoken = {
            language: words(language) | {"book": codebook(language).to_dict("records")}
            for language in LANGUAGES
        }
        return {
            "words": spoken,
            "language": self.language,
            "coder": coder,
            "blind": self.blind,
        }


def serve(session: Session, port: int = 0) -> ThreadingHTTPServer:
    """A server that listens on this machine; call ``serve_forever`` on it.

    Parameters
    ----------
    session : Session
        What to code.
    port : int
        0 for any that is free.

    Raises
    ------
    ReflectError
        If the port is taken.
    """
    try:
        server = ThreadingHTTPServer((HOST, port), _handler(session))
    except OSError as fault:
        raise ReflectError(
            f"port {port}: {fault.strerror}. Choose another with --port, or 0 for any"
        ) from fault
    server.daemon_threads = True
    return server


def addresses(server: ThreadingHTTPServer, session: Session) -> dict[str, str]:
    """The secret address of each coder."""
    port = server.server_address[1]
    return {name: f"http://{HOST}:{port}/?token={token}" for token, name in session.tokens.items()}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _handler(session: Session) -> type[BaseHTTPRequestHandler]:
    page = files("reflect").joinpath("data/coding.html").read_text("utf-8")

    class Handler(BaseHTTPRequestHandler):
        """Answers the coding page; everything but the page itself needs the token as a header."""

        protocol_version = "HTTP/1.1"
        server_version = "reflect"
        sys_version = ""
        timeout = 60
        # Small answers go out at once: with Nagle's algorithm each key would wait 40 ms.
        disable_nagle_algorithm = True

        def log_message(self, *_: Any) -> None:
            """Nothing: a log would hold the secret addresses."""

        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if path.path == "/":
                self._page(parse_qs(path.query).get("token", [""])[0])
            elif path.path == "/favicon.ico":
                self._send(HTTPStatus.NO_CONTENT, b"", "image/x-icon")
            elif coder := self._coder(self.headers.get("X-Token", "")):
                self._answer(lambda: self._get(path.path, coder))

        def do_POST(self) -> None:
            body = self._body()
            coder = self._coder(self.headers.get("X-Token", ""))
            if coder and body is not None:
                self._answer(lambda: self._post(urlsplit(self.path).path, coder, body))

        def _coder(self, token: str) -> str:
            """Whose token it is; answers and returns "" where it is nobody's or from elsewhere."""
            port = self.server.server_address[1]
            local = {f"{name}:{port}" for name in (HOST, "localhost")}
            origin = self.headers.get("Origin")
            # Another site may resolve its name to this machine, or post a form to it.
            if self.headers.get("Host") in local and (
                origin is None or origin.removeprefix("http://") in local
            ):
                for known, name in session.tokens.items():
                    if hmac.compare_digest(known.encode(), token.encode()):
                        return name
            self._send(HTTPStatus.FORBIDDEN, _json({"error": "wrong address"}))
            return ""

        def _body(self) -> Any:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > _LARGEST:
                self.close_connection = True
                self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _json({"error": "too large"}))
                return None
            try:
                body = json.loads(self.rfile.read(int(length)))
            except (ValueError, RecursionError):
                body = None
            if not isinstance(body, dict):
                self._send(HTTPStatus.BAD_REQUEST, _json({"error": "no JSON object"}))
                return None
            return body

        def _page(self, token: str) -> None:
            if coder := self._coder(token):
                nonce = secrets.token_urlsafe(16)
                start = _json(session.words(coder)).decode().replace("<", "\\u003c")
                text = page.replace("{{nonce}}", nonce).replace("{{start}}", start)
                self._send(HTTPStatus.OK, text.encode(), "text/html; charset=utf-8", nonce)

        def _get(self, path: str, coder: str) -> Any:
            if path == "/api/units":
                return session.units
            if path == "/api/states":
                return session.store.states(coder)
            return None

        def _post(self, path: str, coder: str, body: dict[str, Any]) -> Any:
            if path == "/api/undo":
                undone = session.store.undo(coder)
                return {"unit": undone[0], "state": undone[1]} if undone else {"unit": None}
            if path == "/api/save":
                unit, version, state = body.get("unit"), body.get("version"), body.get("state")
                if (
                    not isinstance(unit, str)
                    or unit not in session.known
                    or not isinstance(version, int)
                    or not isinstance(state, dict)
                ):
                    raise ReflectError("no such sentence. Reload the page")
                return {"version": session.store.save(coder, unit, state, version)}
            return None

        def _answer(self, work: Any) -> None:
            try:
                found = work()
            except ConflictError as fault:
                self._send(HTTPStatus.CONFLICT, _json({"current": fault.current}))
            except ReflectError as fault:
                self._send(HTTPStatus.UNPROCESSABLE_ENTITY, _json({"error": str(fault)}))
            else:
                if found is None:
                    self._send(HTTPStatus.NOT_FOUND, _json({"error": "no such address"}))
                else:
                    body = found if isinstance(found, bytes) else _json(found)
                    self._send(HTTPStatus.OK, body)

        def _send(
            self, status: HTTPStatus, body: bytes, kind: str = "application/json", nonce: str = ""
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("X-Content-Type-Options", "nosniff")
            allowed = f"script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; " if nonce else ""
            self.send_header(
                "Content-Security-Policy",
                f"default-src 'none'; {allowed}connect-src 'self'; base-uri 'none'; "
                "form-action 'none'; frame-ancestors 'none'",
            )
            self.end_headers()
            self.wfile.write(body)

    return Handler
