"""A proxy between us and AWS, with faults on the wire."""

import json
import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from .conftest import free_port, installed, served


class Microburst(NamedTuple):
    """The proxy, as long as it runs."""

    url: str

    def control(self, method: str, of: str, body: Any = None) -> Any:
        """Ask it about its `rules`, or about those that have `fired`."""
        content = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"{self.url}/_microburst/{of}", content, method=method)  # noqa: S310
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            return json.load(answer)


@contextmanager
def faults_on_the_wire(upstream: str) -> Iterator[Microburst]:
    """One for all rules of a file: its first fault takes it seconds."""
    port = free_port()
    proxy = Microburst(f"http://127.0.0.1:{port}")
    command = [installed("microburst"), "--upstream", upstream, "--port", str(port), "--no-resign"]
    with served(command, f"{proxy.url}/_microburst/health", os.environ):
        yield proxy
