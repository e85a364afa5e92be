"""The HTTP API for tests: the real application behind the real server, at a free port of loopback."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import uvicorn

from footfall.api import make_app
from footfall.api.endpoints import ENDPOINTS
from footfall.settings import load_settings


@contextmanager
def serving(app: Any, **headers: str) -> Iterator[httpx.Client]:
    """Whoever asks `app` over HTTP, with these headers each time."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer takes 40 ms
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, server_header=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive()
                time.sleep(0.01)
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(20)


# What an endpoint has to be given.
REQUIRED = {"page": "blog/a", "ask": "views?page=blog/a"}


def question(path: str, **given: str) -> str:
    """An endpoint, asked in a way that it answers, and with these parameters."""
    values = {**{name: REQUIRED[name] for name in ENDPOINTS[path].required}, **given}
    in_path = {name: quote(values.pop(name), safe="/") for name in list(values) if f"{{{name}}}" in path}
    return path.format(**in_path) + (f"?{urlencode(values)}" if values else "")


@contextmanager
def api_over(store: str, *, asks_token: bool = False, **flags: Any) -> Iterator[httpx.Client]:
    """Whoever asks the API over a store."""
    with serving(make_app(load_settings(None, {"store": store, **flags}, {}), asks_token=asks_token)) as client:
        yield client
