"""
Calls of one copy of footfall, all in one process, as starting it is most of what they take:

    python -m tests.calls FOLDER CALLS

FOLDER is where footfall runs; CALLS are in JSON, each a list: `footfall` and its arguments, `get` and a path of the API,
`pytest` and its arguments, or `generate`, which writes the reference pages. Prints what each said, as a list in JSON.
"""

import asyncio
import json
import runpy
import sys
from contextlib import chdir, redirect_stdout
from io import StringIO
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from footfall.api import make_app
from footfall.cli import cli
from footfall.settings import load_settings

# Alone, leaving nothing behind; and it does not mind that modules were imported before it came.
QUIETLY = ("-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore::pytest.PytestAssertRewriteWarning")


def said(folder: str, kind: str, *asked: str) -> Any:
    """What one call said; it has to end well."""
    if kind == "generate":
        runpy.run_path("docs/generate.py", run_name="__main__")
    if kind == "pytest":
        with redirect_stdout(StringIO()) as output:
            exit_code = pytest.main([*QUIETLY, *asked])
        assert exit_code == 0, output.getvalue()
        return output.getvalue()
    with chdir(folder):
        if kind == "get":
            return asyncio.run(_get(asked[0]))
        if kind == "footfall":
            done = CliRunner().invoke(cli, asked)
            assert done.exit_code == 0, done.output
            return done.stdout
    return None


async def _get(path: str) -> Any:
    transport = httpx.ASGITransport(make_app(load_settings(None, {}, {}), asks_token=False))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return (await client.get(path)).raise_for_status().json()


if __name__ == "__main__":
    print(json.dumps([said(sys.argv[1], *call) for call in json.loads(sys.argv[2])]))
