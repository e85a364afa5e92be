"""`footfall mcp`: an assistant asks over standard input and output, and gets the answers of the HTTP API."""

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from footfall.api.tools import TOOLS
from footfall.dimensions import DIMENSIONS

from .builders import ask, clean_environment, line, run, says, write_log
from .serving import api_over

anyio = pytest.importorskip("anyio")
if find_spec("mcp") is None:  # to import it takes over a second, in each process that collects tests
    pytest.skip("the extra mcp is not installed", allow_module_level=True)

# What an assistant asks, and the same of the HTTP API.
QUESTIONS = {
    "total": ({"period": "2026-10", "compare": "previous"}, "/api/v1/stats/total?period=2026-10&compare=previous"),
    "history": ({"page": "blog/a", "interval": "week"}, "/api/v1/stats/history?page=blog/a&interval=week"),
    "breakdown": ({"dimension": "referrer", "limit": 1}, "/api/v1/stats/referrer?limit=1"),
    "annotations": ({"period": "2026-10"}, "/api/v1/annotations?period=2026-10"),
    "sites": ({}, "/api/v1/sites"),
    "dimensions": ({}, "/api/v1/dimensions"),
    "status": ({}, "/api/v1/status"),
    "views": ({"page": "blog/a"}, "/api/v1/views?page=blog/a"),
    "referrers": ({"page": "blog/a"}, "/api/v1/views/referrers?page=blog/a"),
}


@asynccontextmanager
async def assistant(*flags: str) -> AsyncIterator[Any]:
    """The library's own client, and the server as an assistant's program starts it."""
    import mcp

    command = ["-m", "footfall", "mcp", *flags]
    started = mcp.StdioServerParameters(command=sys.executable, args=command, env=clean_environment())
    async with mcp.Client(started) as client:
        yield client


def asked(conversation: Callable[[Any], Awaitable[Any]], *flags: str) -> Any:
    """What comes out of a conversation with a server with these flags."""

    async def run_() -> Any:
        async with assistant(*flags) as client:
            return await conversation(client)

    with ThreadPoolExecutor(1) as thread:  # another test may have left a browser's event loop in this one
        return thread.submit(anyio.run, run_).result()


@pytest.fixture
def store(here: Path) -> str:
    """The URL of a store with a few views."""
    write_log(here / "logs", [line(referrer="https://news.example/"), line(), line("about/index.html")])
    assert ask("import", "logs").exit_code == 0
    return f"sqlite:{here}/footfall.db"


def test_its_tools_answer_as_the_http_api_does(store: str) -> None:
    async def conversation(client: Any) -> dict[str, Any]:
        return {name: await client.call_tool(name, given) for name, (given, _) in QUESTIONS.items()}

    answers = asked(conversation, "--views", "--store", store)

    assert QUESTIONS.keys() == TOOLS.keys()
    with api_over(store) as api:
        for name, (_, url) in QUESTIONS.items():
            expected = {key: value for key, value in api.get(url).json().items() if key != "capacity"}
            assert not answers[name].is_error, answers[name]
            assert json.loads(answers[name].content[0].text) == expected, name


def test_it_says_what_it_can_be_asked_and_what_is_wrong_with_a_question(store: str) -> None:
    wrong = {
        "breakdown": {"dimension": "referer"},
        "total": {"period": "fortnight"},
        "history": {"colour": "red"},
        "views": {"page": "blog/a"},
    }

    async def conversation(client: Any) -> Any:
        tools = (await client.list_tools()).tools
        return tools, [(await client.call_tool(name, given)) for name, given in wrong.items()]

    tools, refused = asked(conversation, "--store", store)

    found = {tool.name: tool for tool in tools}
    assert set(found) == {name for name, tool in TOOLS.items() if not tool.is_of_views}
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert found["breakdown"].input_schema["properties"]["dimension"]["enum"] == [*DIMENSIONS]
    assert all(row.about in found["breakdown"].description for row in DIMENSIONS.values())
    assert set(found["history"].input_schema["properties"]) >= {"period", "page", "interval"}
    assert [answer.is_error for answer in refused] == [True] * 4
    words = ("did you mean referrer?", "period: no day or period 'fortnight'", "no parameter 'colour'", "no tool 'views'")
    for answer, word in zip(refused, words, strict=True):
        assert word in answer.content[0].text


def test_a_store_that_is_not_there_is_said_in_a_sentence(here: Path) -> None:
    async def conversation(client: Any) -> Any:
        return await client.call_tool("status", {})

    answer = asked(conversation, "--store", f"sqlite:{here}/none.db")

    assert answer.is_error
    assert "import logs first" in answer.content[0].text


def test_without_its_package_it_says_how_to_install_it(here: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.modules['mcp'] = None\nfrom footfall.__main__ import main; main()"]

    says(run("mcp", command=command), "pip install 'footfall[mcp]'", code=1)
