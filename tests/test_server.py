"""The recipes of docs/how-to/your-own-server.md: what lies in deploy/server, as far as its parts can be had here."""

import json
import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from .builders import CHROME, ask, clean_environment, says
from .conftest import ROOT, free_port, installed, required, served

SERVER = ROOT / "deploy/server"
UNITS = ("footfall.service", "footfall-import.service", "footfall-import.timer")
PROGRAM = "/opt/footfall/bin/footfall"
LOGS = "/var/log/nginx"
VISIT = f'198.51.100.7 - - [20/Oct/2026:08:00:0{{}} +0000] "GET /blog/{{}}/ HTTP/1.1" 200 2048 "-" "{CHROME}"\n'
SETTINGS = 'sites = ["www.example.com"]\nclean_urls = true\n'


def text_of(name: str) -> str:
    return (SERVER / name).read_text("utf-8")


def command_of(unit: str) -> str:
    """What a unit starts."""
    (command,) = re.findall(r"^ExecStart=(.*)$", text_of(unit), re.M)
    return str(command)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What /var/lib/footfall is, with the web server's logs beside it: a new one, one that was rotated, and one of errors."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "nginx").mkdir()
    (folder / "nginx/access.log").write_text(VISIT.format(2, "b"))
    (folder / "nginx/access.log.1").write_text(VISIT.format(0, "a") + VISIT.format(1, "a"))
    (folder / "nginx/error.log").write_text(
        "2026/10/20 08:00:00 [error] 1#1: *1 open() failed (2: No such file or directory)\n"
    )
    (folder / "footfall.toml").write_text(SETTINGS)
    return folder


def run_line(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as cron would, with this machine's places in it."""
    here = (
        command.replace(PROGRAM, installed("footfall"))
        .replace(LOGS, f"{folder}/nginx")
        .replace("/var/lib/footfall", str(folder))
    )
    return subprocess.run(
        ["/bin/sh", "-c", here], cwd=folder, capture_output=True, text=True, timeout=120, env=clean_environment(), check=False
    )


def test_units_are_what_systemd_takes_and_leave_little_open(tmp_path: Path) -> None:
    systemd = shutil.which("systemd-analyze")
    required("systemd-analyze", systemd is not None)
    for name in UNITS:
        (tmp_path / name).write_text(text_of(name).replace(PROGRAM, installed("footfall")))

    verified = subprocess.run([str(systemd), "verify", *UNITS], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    for name in UNITS[:2]:
        rated = [str(systemd), "security", "--offline=true", "--threshold=20", "--no-pager", str(tmp_path / name)]
        done = subprocess.run(rated, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-200:]


def test_cron_and_timer_count_the_same_and_say_nothing_while_all_is_well(folder: Path) -> None:
    (count, back_up) = (
        line.split(maxsplit=6)[6].replace(r"\%", "%")  # cron takes a bare % for a line end
        for line in text_of("crontab").splitlines()
        if line and not line.startswith("#")
    )

    for command in (count, shlex.join(shlex.split(command_of("footfall-import.service"))), back_up):
        done = run_line(command, folder)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), command
    (backup,) = folder.glob("backup-*.db")
    assert ask("pages", "--store", f"sqlite:{backup}", "--json").rows == {"blog/a": 2, "blog/b": 1}

    # A day later: the log has grown, was rotated and packed, and a new one begins.
    (folder / "nginx/access.log.1").unlink()
    with (folder / "nginx/access.log").open("a") as log:
        log.write(VISIT.format(3, "b"))
    (folder / "nginx/access.log").rename(folder / "nginx/access.log.1")
    subprocess.run(["gzip", folder / "nginx/access.log.1"], check=True)
    (folder / "nginx/access.log").write_text(VISIT.format(4, "c"))
    assert run_line(count, folder).stderr == ""
    assert ask("pages", "--store", f"sqlite:{folder}/footfall.db", "--json").rows == {"blog/a": 2, "blog/b": 2, "blog/c": 1}

    (folder / "nginx/access.log.bad").write_text("<html>no log</html>\n")
    broken = run_line(count, folder)
    assert broken.returncode == 1
    assert "access.log.bad" in broken.stderr
    (folder / "nginx/access.log.bad").unlink()


@pytest.fixture(scope="module")
def token(folder: Path) -> str:
    """A token of the server's store."""
    (folder / "one.log").write_text(VISIT.format(0, "a"))
    store = ("--store", f"sqlite:{folder}/footfall.db", "--config", folder / "footfall.toml")
    assert ask("import", folder / "one.log", *store).exit_code == 0
    return ask("token", "add", "dashboard", *store).stdout.strip()


@pytest.fixture(scope="module")
def port(folder: Path, token: str) -> Iterator[int]:
    """Where `footfall serve` is, as the unit starts it."""
    port = free_port()
    command = command_of("footfall.service").replace(PROGRAM, installed("footfall")).replace("/var/log/footfall", str(folder))
    more = ["--port", str(port), "--store", f"sqlite:{folder}/footfall.db"]
    with served([*shlex.split(command), *more], f"http://127.0.0.1:{port}/healthz", clean_environment()):
        yield port


@pytest.fixture(scope="module")
def nginx(folder: Path, port: int) -> Iterator[httpx.Client]:
    """Whoever asks nginx, which is in front of it, from another address of this machine."""
    program, openssl = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"), shutil.which("openssl")
    required("nginx", program is not None)
    required("openssl", openssl is not None)
    key, certificate, at = folder / "privkey.pem", folder / "fullchain.pem", free_port()
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-addext", names, "-days", "2"]
    subprocess.run([str(openssl), *made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    ours = text_of("nginx.conf").replace("443", str(at)).replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    ours = ours.replace("/etc/letsencrypt/live/stats.example.com", str(folder))
    temporary = "".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; {temporary}\n{ours} }}"
    )
    tested = subprocess.run([str(program), "-t", "-c", conf], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    transport = httpx.HTTPTransport(verify=ssl.create_default_context(cafile=certificate), local_address="127.0.0.9")
    with pytest.MonkeyPatch.context() as patch, httpx.Client(base_url=f"https://127.0.0.1:{at}", transport=transport) as client:
        patch.setenv("SSL_CERT_FILE", str(certificate))  # for whoever waits until it is there
        with served([str(program), "-c", str(conf)], f"https://127.0.0.1:{at}/healthz"):
            yield client


def test_behind_nginx_a_token_is_asked_for_and_the_log_has_the_reader_s_address(
    nginx: httpx.Client, folder: Path, token: str
) -> None:
    health, page = nginx.get("/healthz"), nginx.get("/")
    refused = nginx.get("/api/v1/stats/total")
    forged = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "203.0.113.1", "User-Agent": 'a "b" \\ c'}
    total = nginx.get("/api/v1/stats/total?period=2026-10", headers=forged)

    assert [each.status_code for each in (health, page, refused, total)] == [200, 200, 401, 200]
    assert total.json()["total"] >= 1
    assert "max-age" in page.headers["Strict-Transport-Security"]
    *_, last = (folder / "access.log").read_text().splitlines()
    address, asked, agent = re.fullmatch(r'(\S+) - - \[.*\] "(.*)" 200 \d+ "-" "(.*)"', last).groups()  # type: ignore[union-attr]
    assert (address, asked) == ("127.0.0.9", "GET /api/v1/stats/total?period=2026-10 HTTP/1.1")
    assert agent == r"a \x22b\x22 \x5c c"
    assert token not in last
    explained = ask("explain", "-", "--json", stdin=last.encode()).stdout
    assert json.loads(explained.splitlines()[0])["format"] == "combined"


def test_the_access_log_goes_on_in_a_new_file_once_it_is_rotated(port: int, folder: Path) -> None:
    program = shutil.which("logrotate", path=f"{os.environ['PATH']}:/usr/sbin")
    required("logrotate", program is not None)
    conf = folder / "logrotate.conf"
    owner = f"{Path.home().owner()} {Path.home().group()}"
    conf.write_text(text_of("logrotate.conf").replace("/var/log/footfall", str(folder)).replace("footfall footfall", owner))
    conf.chmod(0o644)
    httpx.get(f"http://127.0.0.1:{port}/healthz?before")

    done = subprocess.run([str(program), "-f", "-s", folder / "state", conf], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    httpx.get(f"http://127.0.0.1:{port}/healthz?after")

    assert "healthz?before" in (folder / "access.log.1").read_text()
    assert "healthz?after" in (folder / "access.log").read_text()
    assert "healthz?before" not in (folder / "access.log").read_text()


def test_an_access_log_is_masked_where_addresses_are_and_one_that_cannot_be_written_is_named(here: Path) -> None:
    (here / "one.log").write_text(VISIT.format(0, "a"))
    (here / "footfall.toml").write_text(SETTINGS + "mask_addresses = true\n")
    ask("import", "one.log")
    port = free_port()
    command = [installed("footfall"), "serve", "--port", str(port), "--access-log", "access.log"]
    with served(command, f"http://127.0.0.1:{port}/healthz", clean_environment()):
        httpx.get(f"http://127.0.0.1:{port}/healthz")

    assert (here / "access.log").read_text().startswith("127.0.0.0 - - [")
    says(ask("serve", "--access-log", "no/folder/access.log", "--port", "0"), "no/folder/access.log", "--access-log", code=1)


def instructions(name: str) -> list[str]:
    """What the container file says of something, stage by stage."""
    return re.findall(rf"^{name} (.*)$", text_of("Dockerfile"), re.M)


def test_the_container_is_built_from_what_is_copied_into_it(tmp_path: Path) -> None:
    """Its steps, without a container: the copied files make the wheel."""
    for copied in instructions("COPY"):
        *sources, to = copied.split()
        place = tmp_path / to.removeprefix("/src/")
        for source in (ROOT / each for each in sources if to.startswith("/src/")):
            if source.is_dir():
                shutil.copytree(source, place)
            else:
                shutil.copy(source, place)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path / "dist", tmp_path],
        env={**os.environ, "FOOTFALL_PURE": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert [path.suffix for path in (tmp_path / "dist").iterdir()] == [".whl"]


def test_the_container_is_nobody_s_and_knows_whether_it_is_well(port: int) -> None:
    (user,), (command,) = instructions("USER"), instructions("CMD")
    (health,) = (json.loads(each.partition("CMD ")[2]) for each in instructions("HEALTHCHECK"))

    def is_well(at: int) -> bool:
        asked = [sys.executable, *(each.replace("8080", str(at)) for each in health[1:])]
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0

    assert user == "10001:10001"
    assert (is_well(port), is_well(free_port())) == (True, False)
    says(ask(*json.loads(command)), "no database", code=1)


def test_caddy_takes_its_file(tmp_path: Path) -> None:
    caddy = shutil.which("caddy")
    required("caddy", caddy is not None)

    subprocess.run([str(caddy), "validate", "--config", SERVER / "Caddyfile"], check=True, capture_output=True)
