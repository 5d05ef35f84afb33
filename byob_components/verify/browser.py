"""A headless Chromium, driven over its DevTools pipe, with pages of any origin: the real judge of CORS.

No page server is needed: the browser is told to load the origin's page and its one request is answered with an empty
page over the pipe (DevTools, `Fetch.fulfillRequest`). So the page has the very origin that W&B's pages have, https and
all; interception is off again before the page calls the store. Protocol: https://chromedevtools.github.io/devtools-protocol
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

_TIMEOUT_SECONDS = 60.0
_FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-extensions",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    # A page that no server sent counts as public, and would have to ask before it calls a store in a private network.
    # That rule is about the user's own network; it is no part of CORS.
    "--disable-features=LocalNetworkAccessChecks",
)
# Chromium reads commands from descriptor 3 and writes answers to 4: the pipes are put there in a process of its own.
_START = """
import fcntl, os, sys
read, write = (fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3])
os.dup2(read, 3), os.dup2(write, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
# The values come in as JSON, so nothing of them is read as code.
_CALL = """
(async (call) => {
  const options = {method: call.method, headers: call.headers, cache: 'no-store'};
  if (call.body !== null) options.body = Uint8Array.from(atob(call.body), (c) => c.charCodeAt(0));
  let answer;
  try { answer = await fetch(call.url, options); } catch (problem) { return {blocked: String(problem)}; }
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return {status: answer.status, header: answer.headers.get(call.header), body: btoa(String.fromCharCode(...bytes))};
})(%s)
"""


class BrowserError(Exception):
    """The browser does not run, or ended."""


@dataclass(frozen=True)
class Fetched:
    """What a page got.

    Args:
        status: The HTTP status; 0 when the browser kept the answer from the page.
        header: The value of the header that was asked for, where the page may read it.
        body: The bytes.
        blocked: Why the browser kept the answer, in its own words: a CORS error, or a network error.
        by_cors: Whether it was for CORS, and not because the call went wrong.
    """

    status: int = 0
    header: str | None = None
    body: bytes = b""
    blocked: str = ""
    by_cors: bool = False


class Browser:
    """A Chromium with a profile of its own, gone when it is closed.

    Args:
        program: The program's path.
        pins: Public keys to trust whatever authority signed them; none for a store with a public certificate.

    Raises:
        BrowserError: It does not start.
    """

    def __init__(self, program: str, pins: Sequence[str] = ()) -> None:
        if shutil.which(program) is None:
            raise BrowserError(f"{program} is not a program")
        self._profile = Path(tempfile.mkdtemp(prefix="byob-verify-"))
        self._next, self._buffer, self._events = 0, b"", list[dict[str, Any]]()
        flags = [*_FLAGS, f"--user-data-dir={self._profile}"]
        if pins:
            flags.append(f"--ignore-certificate-errors-spki-list={','.join(pins)}")
        if os.geteuid() == 0:
            flags.append("--no-sandbox")  # Chromium refuses to run as root with it
        to_browser, from_browser = os.pipe(), os.pipe()
        self._out, self._in, ends = to_browser[1], from_browser[0], (to_browser[0], from_browser[1])
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-ISc", _START, *map(str, ends), program, *flags, "about:blank"],
                pass_fds=ends,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        finally:
            for end in ends:
                os.close(end)
        try:
            self.version: str = self._call("Browser.getVersion")["product"]
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser with all its processes, and remove its profile."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._out)
        os.close(self._in)
        for _ in range(20):  # its children end a moment later, and may still write
            shutil.rmtree(self._profile, ignore_errors=True)
            if not self._profile.exists():
                return
            time.sleep(0.05)

    def page(self, origin: str) -> Page:
        """An empty page of an origin.

        Args:
            origin: For example `https://wandb.ai`.
        """
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._call("Page.enable", session)
        self._call("Fetch.enable", session, patterns=[{"resourceType": "Document"}])
        self._send("Page.navigate", session, url=f"{origin}/")
        asked = self._event("Fetch.requestPaused", session)
        self._call(
            "Fetch.fulfillRequest",
            session,
            requestId=asked["requestId"],
            responseCode=200,
            responseHeaders=[{"name": "Content-Type", "value": "text/html"}],
            body=base64.b64encode(b"<!doctype html><title>byob</title><link rel=icon href=data:,>").decode(),
        )
        self._event("Page.loadEventFired", session)
        self._call("Fetch.disable", session)
        self._call("Network.enable", session)
        return Page(self, session, origin)

    def _call(self, method: str, session: str = "", **params: Any) -> Any:
        number = self._send(method, session, **params)
        while True:
            message = self._read()
            if message.get("id") != number:
                self._events.append(message)
            elif "error" in message:
                raise BrowserError(f"{method}: {message['error'].get('message')}")
            else:
                return message["result"]

    def _send(self, method: str, session: str = "", **params: Any) -> int:
        self._next += 1
        message = {"id": self._next, "method": method, "params": params, **({"sessionId": session} if session else {})}
        try:
            view = memoryview(json.dumps(message).encode() + b"\0")
            while view:
                view = view[os.write(self._out, view) :]
        except BrokenPipeError:
            raise self._ended() from None
        return self._next

    def _event(self, method: str, session: str) -> Any:
        """The first event of a kind, waited for; those before it are dropped."""
        while True:
            message = self._events.pop(0) if self._events else self._read()
            if message.get("method") == method and message.get("sessionId") == session:
                return message["params"]

    def _read(self) -> dict[str, Any]:
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while b"\0" not in self._buffer:
            if not select.select([self._in], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise BrowserError(f"the browser did not answer within {_TIMEOUT_SECONDS:.0f} s")
            more = os.read(self._in, 1 << 16)
            if not more:
                raise self._ended()
            self._buffer += more
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message

    def _ended(self) -> BrowserError:
        return BrowserError(f"the browser ended with {self._process.wait()}: does it start on this machine?")


class Page:
    """A page of an origin, which can call a store.

    Args:
        browser: Where it is open.
        session: Its DevTools session.
        origin: Its origin.
    """

    def __init__(self, browser: Browser, session: str, origin: str) -> None:
        self._browser, self._session, self.origin = browser, session, origin

    def fetch(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None, read: str
    ) -> Fetched:
        """Call an address as a page's script does, and read what the browser lets it read.

        Args:
            method: For example `PUT`.
            url: The address.
            headers: What the script adds.
            body: What it sends.
            read: The header that it wants to read.

        Raises:
            BrowserError: The browser ended.
        """
        call = {
            "method": method,
            "url": url,
            "headers": dict(headers or {}),
            "body": None if body is None else base64.b64encode(body).decode(),
            "header": read,
        }
        self._browser._events.clear()
        expression = _CALL % json.dumps(call)
        got = self._browser._call(
            "Runtime.evaluate", self._session, expression=expression, awaitPromise=True, returnByValue=True
        )
        value = got["result"].get("value")
        if not isinstance(value, dict):
            raise BrowserError("the page's script did not run")
        if "blocked" in value:
            self._browser._call("Page.getNavigationHistory", self._session)  # what the network said is read by then
            return self._blocked(str(value["blocked"]))
        return Fetched(value["status"], value["header"], base64.b64decode(value["body"]))

    def _blocked(self, text: str) -> Fetched:
        """Why the last call was blocked, as the browser's network service tells it, which a script never learns."""
        for message in self._browser._events:
            if message.get("method") == "Network.loadingFailed" and message.get("sessionId") == self._session:
                cors = (message["params"].get("corsErrorStatus") or {}).get("corsError", "")
                return Fetched(blocked=cors or message["params"].get("errorText") or text, by_cors=bool(cors))
        return Fetched(blocked=text)
