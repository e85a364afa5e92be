"""What a shell completes: commands, flags and values, and what the store of the folder has."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from .builders import FOOTFALL, SITE, ask, clean_environment, line, write_log

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def counted(here: Path) -> None:
    pages = ["blog/a/", "blog/a/", "blog/b/", "projects/garden%2520shed/", "about.html", "caf%25C3%25A9/"]
    write_log(here / "logs", [line(page) for page in pages])
    ask("import", "logs")


def completed(words: str, env: dict[str, str] | None = None) -> list[str]:
    """What is proposed for the last of these words, which may be empty."""
    asked = {"_FOOTFALL_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    answer = ask(env=asked | (env or {}))
    assert (answer.exit_code, answer.stderr) == (0, ""), answer
    return answer.stdout.split()


@pytest.mark.parametrize(
    ("words", "proposed"),
    [
        ("footfall vi", ["plain,views"]),
        ("footfall top ref", ["plain,referrer"]),
        ("footfall history --by mo", ["plain,month"]),
        ("footfall pages --period la", []),
        ("footfall pages --period ye", ["plain,yesterday", "plain,year"]),
        ("footfall explain --only not-", ["plain,not-a-read", "plain,not-found", "plain,not-a-page"]),
        ("footfall import ac", ["file,ac"]),
        ("footfall pages --config my", ["file,my"]),
        ("footfall table c", ["plain,create"]),
        ("footfall history --comp", ["plain,--compare"]),
        ("footfall completion z", ["plain,zsh"]),
    ],
)  # fmt: skip
def test_commands_flags_and_values_are_completed(words: str, proposed: list[str]) -> None:
    assert completed(words) == proposed


@pytest.mark.parametrize(
    ("words", "proposed"),
    [
        ("footfall history blog/", ["plain,blog/a", "plain,blog/b"]),
        ("footfall views /blog/b", ["plain,/blog/b"]),
        ("footfall explain --page pro", ["plain,projects/garden%20shed"]),
        ("footfall history projects/garden%20s", ["plain,projects/garden%20shed"]),
        ("footfall pages --prefix caf", ["plain,café"]),
        ("footfall pages --site w", [f"plain,{SITE}"]),
        ("footfall pages --site elsewhere", []),
    ],
)
def test_pages_and_sites_of_the_store_are_completed(counted: None, words: str, proposed: list[str]) -> None:
    assert completed(words) == proposed


def test_a_page_as_it_was_completed_is_found(counted: None) -> None:
    assert ask("history", "projects/garden%20shed", "--json").json["total"] == 1


def test_another_store_is_asked_where_a_flag_or_the_settings_name_it(here: Path, counted: None) -> None:
    (here / "footfall.db").rename(here / "other.db")
    (here / "mine.toml").write_text('store = "sqlite:other.db"\n')

    for words in ("footfall --store sqlite:other.db views ab", "footfall views --config mine.toml ab"):
        assert completed(words) == ["plain,about.html"]


@pytest.mark.parametrize("words", ["footfall history b", "footfall pages --site w", "footfall views --prefix b"])
def test_without_a_store_nothing_is_proposed_and_nothing_said(here: Path, words: str) -> None:
    assert completed(words) == []
    assert list(here.iterdir()) == []

    (here / "footfall.db").write_bytes(b"no database" * 100)
    assert completed(words) == []
    (here / "footfall.toml").write_text("no toml")
    assert completed(words) == []


def test_a_store_that_costs_something_is_not_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        store = f"dynamodb:blog?region=eu-west-1&endpoint=http://127.0.0.1:{listening.getsockname()[1]}"

        assert completed("footfall history b", env={"FOOTFALL_STORE": store, **CREDENTIALS}) == []

        with pytest.raises(BlockingIOError):  # nobody has called
            listening.accept()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_told_how_to_ask(shell: str) -> None:
    answer = ask("completion", shell)

    assert answer.exit_code == 0
    assert f"_FOOTFALL_COMPLETE={shell}_complete" in answer.stdout


def path_with_footfall() -> dict[str, str]:
    return clean_environment({"PATH": f"{Path(FOOTFALL[0]).parent}{os.pathsep}{os.environ['PATH']}"})


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_a_page(counted: None) -> None:
    typed = (
        'eval "$(footfall completion bash)"; COMP_WORDS=(footfall history projects/); COMP_CWORD=2; '
        '_footfall_completion footfall; echo "${COMPREPLY[@]}"'
    )

    done = subprocess.run(
        ["bash", "-c", typed], env=path_with_footfall(), capture_output=True, text=True, timeout=60, check=True
    )

    assert (done.stdout, done.stderr) == ("projects/garden%20shed\n", "")


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish")
def test_fish_completes_pages_and_says_how_often_they_were_viewed(here: Path, counted: None) -> None:
    completions = here / "completions.fish"
    completions.write_text(ask("completion", "fish").stdout)
    typed = f"source {completions}; complete -C 'footfall history blog/'; complete -C 'footfall top ref'"

    done = subprocess.run(
        ["fish", "--no-config", "-c", typed], env=path_with_footfall() | {"HOME": str(here)}, capture_output=True, text=True,
        timeout=60, check=True,
    )  # fmt: skip

    assert (done.stdout, done.stderr) == ("blog/a\t2 views\nblog/b\t1 view\nreferrer\tReferrer\n", "")


# What is typed is given to a shell of its own, as on a terminal, until it has completed it.
IN_ZSH = """
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'autoload -U compinit; compinit -u; eval "$(footfall completion zsh)"; print re""ady'
zpty -r shell seen '*ready*'
zpty -w -n shell $'footfall history projects/\\t'
zpty -r shell seen '*garden%20shed*'
print -r -- $seen
"""


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh")
def test_zsh_completes_a_page(counted: None) -> None:
    done = subprocess.run(
        ["zsh", "-f", "-c", IN_ZSH], env=path_with_footfall(), capture_output=True, text=True, timeout=60, check=True
    )

    assert "footfall history projects/garden%20shed" in done.stdout
