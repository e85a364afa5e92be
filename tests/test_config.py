"""The file, then the environment, then flags; and what is said where one of them is wrong."""

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from footfall.cli import cli
from footfall.cli.init import example_config
from footfall.errors import ConfigError
from footfall.settings import SETTINGS, Settings, load_settings

from .builders import ask, line, run, says, write_log

pytestmark = pytest.mark.usefixtures("here")


class Sample(NamedTuple):
    """A setting as each place writes it, and what it comes to; all three differ from each other and from the default."""

    file: Any
    variable: str
    flag: Any


SAMPLES = {
    "store": Sample("sqlite:file.db", "sqlite:variable.db", "sqlite:flag.db"),
    "logs": Sample("file", "s3://variable/logs/", "flag"),
    "sites": Sample(["file.example"], "a.example, b.example", ("flag.example",)),
    "time_zone": Sample("Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"),
    "format": Sample("s3", "combined", "cloudfront"),
    "index_documents": Sample(["file.html"], "a.html,b.html", "flag.html"),
    "clean_urls": Sample(True, "false", "true"),
    "single_page_app": Sample(True, "false", "true"),
    "own_hosts": Sample(["file.example"], "variable.example", "a.example,b.example"),
    "exclude_paths": Sample(["file/*"], "variable/*", "flag/*"),
    "exclude_addresses": Sample(["198.51.100.0/24"], "2001:db8::/48", "203.0.113.7"),
    "bots": Sample(["FileBot"], "VariableBot", "FlagBot"),
    "visitors": Sample(False, "true", "false"),
    "suspected_bots": Sample(False, "true", "false"),
    "country_data": Sample("/file.mmdb", "/variable.mmdb", "/flag.mmdb"),
    "mask_addresses": Sample(True, "false", "true"),
    "keep_views": Sample(False, "true", "false"),
    "keep_views_days": Sample(30, "60", "90"),
    "public": Sample(["/pagetotals"], "/pagehistory", "/pagetotals?prefix=blog/"),
    "cors_origins": Sample(["https://file.example"], "http://variable.example:8000", "https://a.example,https://b.example"),
    "embed_origins": Sample(["https://file.example"], "http://variable.example:8000", "https://a.example,https://b.example"),
    "dimensions": Sample({"country": False}, "{ entry = false }", "{ bot = false, device = true }"),
    "digest": Sample({"period": "day"}, '{ to = "https://variable.example/x" }', '{ period = "month" }'),
    "item": Sample(
        {"FilePage": "{page}", "At": "{epoch}"},
        '{ VariablePage = "{page}", At = "{epoch}" }',
        '{ FlagPage = "{page}", At = "{epoch}" }',
    ),
}


def shown(settings: Settings, name: str) -> Any:
    value = settings[name]
    return value.attributes if name == "item" else str(value)


def toml(name: str, value: Any) -> str:
    if name in ("dimensions", "digest", "item"):
        return f"[{name}]\n" + "".join(f"{key} = {json.dumps(each)}\n" for key, each in value.items())
    return f"{name} = {json.dumps(value)}\n"


def test_every_setting_has_a_sample_here() -> None:
    assert list(SAMPLES) == list(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_the_environment_wins_over_the_file_and_a_flag_over_both(here: Path, name: str) -> None:
    sample = SAMPLES[name]
    (here / "footfall.toml").write_text(toml(name, sample.file))
    variables = {f"FOOTFALL_{name.upper()}": sample.variable}
    from_file = load_settings(None, {}, {})
    from_variable = load_settings(None, {}, variables)
    from_flag = load_settings(None, {name: sample.flag}, variables)

    assert shown(from_file, name) == shown(Settings({name: SETTINGS[name].read(name, sample.file)}), name)
    assert shown(from_variable, name) == shown(Settings({name: SETTINGS[name].read(name, sample.variable)}), name)
    assert shown(from_flag, name) == shown(Settings({name: SETTINGS[name].read(name, sample.flag)}), name)
    if name != "format":  # of which there is but one
        assert shown(from_file, name) != shown(from_variable, name) != shown(from_flag, name)
    for other in SETTINGS.keys() - {name}:
        assert shown(from_flag, other) == shown(Settings({}), other)


@pytest.mark.parametrize("name", [name for name in SETTINGS if name not in ("store", "logs", "sites", "digest")])
def test_every_setting_has_a_flag_where_it_decides(name: str) -> None:
    for command in ("serve",) if name in ("public", "cors_origins", "embed_origins") else ("import", "explain"):
        flags = [flag for parameter in cli.commands[command].params for flag in parameter.opts]

        assert f"--{name.replace('_', '-')}" in flags


def test_the_variable_that_the_functions_have_names_the_table_unless_a_store_is_set() -> None:
    table = {"TARGET_DYNAMO_TABLE": "PageViews"}

    assert load_settings(None, {}, table)["store"] == "dynamodb:PageViews"
    assert load_settings(None, {}, {**table, "FOOTFALL_STORE": "sqlite:a.db"})["store"] == "sqlite:a.db"
    assert load_settings(None, {"store": "sqlite:b.db"}, table)["store"] == "sqlite:b.db"


def test_the_three_places_are_read_by_the_commands(here: Path) -> None:
    write_log(here / "logs", [line()])
    (here / "footfall.toml").write_text('store = "sqlite:file.db"\n')

    for flags, variables, database in (
        ((), {}, "file.db"),
        ((), {"FOOTFALL_STORE": "sqlite:variable.db"}, "variable.db"),
        (("--store", "sqlite:flag.db"), {"FOOTFALL_STORE": "sqlite:variable.db"}, "flag.db"),
    ):
        assert run("import", "logs", *flags, env=variables).exit_code == 0
        assert (here / database).exists()
    assert not (here / "footfall.db").exists()


def test_settings_decide_what_counts(here: Path) -> None:
    write_log(
        here / "logs",
        [
            line("drafts/a/"), line("a/", remote_ip="203.0.113.9"), line("a/", agent="Mozilla/5.0 MyProbe/1"),
            line("a/start.php"), line("a/", referrer="https://shop.example/"),
        ],
    )  # fmt: skip
    (here / "footfall.toml").write_text(
        'exclude_paths = ["drafts/*"]\nexclude_addresses = ["203.0.113.0/24"]\nbots = ["MyProbe"]\n'
        'index_documents = ["start.php"]\nown_hosts = ["shop.example"]\n'
    )

    answer = ask("import", "logs", "--json").json

    assert (answer["views"], answer["dropped"]["excluded"], answer["dropped"]["bot"]) == (2, 2, 1)
    assert ask("pages", "--json").rows == {"a": 2}
    assert ask("top", "referrer", "--json").rows == {"(direct)": 1, "(internal)": 1}
    assert ask("top", "bot", "--json").rows == {"MyProbe": 1}


def test_a_setting_of_one_place_leaves_the_others_of_other_places(here: Path) -> None:
    (here / "footfall.toml").write_text('bots = ["FileBot"]\nstore = "sqlite:file.db"\n')

    found = load_settings(None, {"store": "sqlite:flag.db"}, {"FOOTFALL_TIME_ZONE": "Europe/Berlin"})

    assert (found["store"], found["time_zone"].key) == ("sqlite:flag.db", "Europe/Berlin")
    assert [pattern.pattern for pattern in found["bots"]] == ["FileBot"]


def test_a_config_file_is_named_by_a_flag_or_a_variable(here: Path) -> None:
    (here / "one.toml").write_text('store = "sqlite:one.db"')
    (here / "two.toml").write_text('store = "sqlite:two.db"')

    assert load_settings("one.toml", {}, {"FOOTFALL_CONFIG": "two.toml"})["store"] == "sqlite:one.db"
    assert load_settings(None, {}, {"FOOTFALL_CONFIG": "two.toml"})["store"] == "sqlite:two.db"
    assert load_settings(None, {}, {})["store"] == "sqlite:footfall.db"


@pytest.mark.parametrize(
    ("key", "nearest"),
    [("timezone", "time_zone"), ("excluded_paths", "exclude_paths"), ("Sites", "sites"), ("bot", "bots"), ("items", "item")],
)
def test_an_unknown_key_names_the_nearest_right_one(here: Path, key: str, nearest: str) -> None:
    (here / "footfall.toml").write_text(f"{key} = []\n")

    says(ask("pages"), "footfall.toml", repr(key), f"did you mean {nearest}?", code=2)


def test_an_unknown_key_near_to_none_names_all(here: Path) -> None:
    (here / "footfall.toml").write_text("xyzzy = 1\n")

    says(ask("pages"), "'xyzzy'", *SETTINGS, code=2)


def test_an_unknown_variable_names_the_nearest_right_one(here: Path) -> None:
    says(ask("pages", env={"FOOTFALL_TIMEZONE": "UTC"}), "FOOTFALL_TIMEZONE", "FOOTFALL_TIME_ZONE", code=2)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("store = 5", ["footfall.toml: store", "5"]),
        ('store = ""', ["footfall.toml: store"]),
        ('store = "footfall.db"', ["footfall.toml: store", "did you mean sqlite:footfall.db?"]),
        ('store = "sqlite:"', ["footfall.toml: store", "sqlite:..."]),
        ('store = "postgres:x"', ["footfall.toml: store", "sqlite:"]),
        ("sites = 5", ["footfall.toml: sites", "list"]),
        ('sites = ["a", 5]', ["footfall.toml: sites", "list"]),
        ('sites = [""]', ["footfall.toml: sites", "list"]),
        ('time_zone = "Europe/Berlln"', ["footfall.toml: time_zone", "Europe/Berlln", "did you mean Europe/Berlin?"]),
        ('time_zone = "../../etc/passwd"', ["footfall.toml: time_zone"]),
        ('time_zone = "Europe"', ["footfall.toml: time_zone"]),
        ("time_zone = 1", ["footfall.toml: time_zone"]),
        ('format = "nginx"', ["no log format 'nginx'; there are: auto, s3, cloudfront"]),
        ("format = []", ["no log format []; there are: auto, s3, cloudfront"]),
        ('exclude_addresses = ["10.0.0.0/33"]', ["footfall.toml: exclude_addresses", "10.0.0.0/33", "198.51.100.7"]),
        ('exclude_addresses = ["localhost"]', ["footfall.toml: exclude_addresses", "localhost"]),
        ('bots = ["(unclosed"]', ["(unclosed", "escape special characters with"]),
        ('mask_addresses = "perhaps"', ["footfall.toml: mask_addresses", "true or false"]),
        ("mask_addresses = 2", ["footfall.toml: mask_addresses", "true or false"]),
        ("item = 5", ["footfall.toml: item must be a table of attributes, as footfall init writes it; it is 5"]),
        ("[sites]\na = 1", ["footfall.toml: sites", 'must be a list of strings, such as ["a", "b"]; it is']),
        ("store = ", ["footfall.toml is not TOML", "footfall init --config NEW writes an example"]),
        ('sites = ["a"\nbots = []', ["footfall.toml", "not TOML", "line 2"]),
        ("store = 1\nstore = 2", ["footfall.toml", "not TOML"]),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_place_and_what_would_be_right(here: Path, written: str, words: list[str]) -> None:
    (here / "footfall.toml").write_text(written)

    says(ask("pages"), *words, code=2)
    assert [path.name for path in here.iterdir()] == ["footfall.toml"]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("", ["[item]", "two attributes"]),
        ('PageName = "{page}"', ["[item]", "two attributes"]),
        ('PageName = "{user_agent}"\nSortKey = "{epoch}"', ["PageName", "{page}", "{site}"]),
        ('PageName = "{site}"\nSortKey = "{epoch}"', ["PageName", "{page}"]),
        ('PageName = "{page}{remote_ip}"\nSortKey = "{epoch}"', ["PageName", "{page}"]),
        ('PageName = "{page}"\nSortKey = "{request_id}"', ["SortKey", "{epoch}"]),
        ('PageName = "{page}"\nSortKey = { value = "{epoch}", type = "N" }', ["SortKey", "{epoch}"]),
        ('PageName = { value = "{page}", type = "N" }\nSortKey = "{epoch}"', ["PageName", "{page}"]),
        ('PageName = "{page}"\nSortKey = "{epoch}"\nAgent = "{agent}"', ["Agent", "{agent}", "user_agent"]),
        ('PageName = "{page}"\nSortKey = "{epoch}"\nAgent = "{user_agent"', ["Agent", "{user_agent", "double a literal brace"]),
        ('PageName = "{page}"\nSortKey = "{epoch}"\nAgent = "{}"', ["Agent", "{}"]),
        ('PageName = "{page}"\nSortKey = "{epoch}"\nAgent = "{user_agent!r}"', ["Agent", "{user_agent!r}"]),
        ('PageName = "{page}"\nSortKey = "{epoch}"\nAgent = "{user_agent:>9}"', ["Agent", "{user_agent:>9}"]),
        ('PageName = "{page}"\nSortKey = "{epoch}"\nAgent = "{user_agent.__class__}"', ["Agent"]),
        ('PageName = "{page}"\nSortKey = "{epoch}"\nTime = { value = "{total_time}", type = "B" }', ["Time", "'B'", "S, N"]),
        ('PageName = "{page}"\nSortKey = "{epoch}"\nTime = { value = "{total_time}", kind = "N" }', ["Time"]),
        ('PageName = "{page}"\nSortKey = "{epoch}"\nTime = 5', ["Time"]),
    ],
)  # fmt: skip
def test_a_template_that_cannot_be_is_named_with_what_would_be_right(here: Path, item: str, words: list[str]) -> None:
    (here / "footfall.toml").write_text(f"[item]\n{item}\n")

    says(ask("import", "-", stdin=line()), *words, code=2)
    assert [path.name for path in here.iterdir()] == ["footfall.toml"]


def test_attributes_of_other_names_types_and_texts_are_stored_as_they_are_asked_for(here: Path) -> None:
    (here / "footfall.toml").write_text(
        '[item]\nUserPages = "Richard#{page}"\nAt = "{epoch}.{request_id}"\nText = "100% of {{it}}"\n'
        'Status = { value = "{http_status}", type = "N" }\nWhen = "{time}"\nGone = "{error_code}"\nDay = "{day} {hour}h"\n'
    )
    write_log(here / "logs", [line(request_id="ID")])
    ask("import", "logs")

    assert ask("views", "blog/a", "--json").json["rows"] == [
        {
            "UserPages": "Richard#blog/a", "At": "1792483200.ID", "Text": "100% of {it}", "Status": 200,
            "When": "2026-10-20T08:00:00Z", "Day": "2026-10-20 08h",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00", b'store = "\xe9"'])
def test_a_config_file_that_is_no_text_is_named(here: Path, content: bytes) -> None:
    (here / "footfall.toml").write_bytes(content)

    says(ask("pages"), "footfall.toml", "footfall.toml is not", code=2)


def test_a_config_file_that_is_not_there_is_named_with_the_remedy(here: Path) -> None:
    says(ask("pages", "--config", "mine.toml"), "mine.toml", "footfall init", code=2)
    says(ask("pages", env={"FOOTFALL_CONFIG": "mine.toml"}), "mine.toml", "footfall init", code=2)
    says(ask("pages", "--config", "."), "cannot be read", "choose another --config", code=2)


def test_a_wrong_variable_and_a_wrong_flag_are_named_by_their_own_names(here: Path) -> None:
    says(ask("pages", env={"FOOTFALL_MASK_ADDRESSES": "perhaps"}), "FOOTFALL_MASK_ADDRESSES", "true or false", code=2)
    says(ask("pages", env={"FOOTFALL_ITEM": "{ a = "}), "FOOTFALL_ITEM", code=2)
    says(ask("import", "-", "--time-zone", "Mars"), "--time-zone", "Mars", code=2)
    says(ask("import", "-", "--exclude-addresses", "here"), "--exclude-addresses", "here", code=2)
    says(ask("pages", "--store", "mine.db"), "--store", "sqlite:", "mine.db", code=2)


@pytest.mark.parametrize("name", ["sites", "own_hosts"])
@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("https://www.example.org", "www.example.org"),
        ("https://www.example.org/", "www.example.org"),
        ("http://WWW.Example.org:8080/?a=b#c", "www.example.org"),
        ("https:/www.example.org", "www.example.org"),
        ("//www.example.org/", "www.example.org"),
        ("www.example.org:443", "www.example.org"),
        ("www.example.org/", "www.example.org"),
        ("www.example.org.", "www.example.org"),
        (" WWW.EXAMPLE.ORG ", "www.example.org"),
        ("https://user@www.example.org", "www.example.org"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("http://[2001:DB8::1]:8080/", "[2001:db8::1]"),
        ("s3://my-bucket/", "my-bucket"),
        ("arn:aws:s3:::My_Bucket", "My_Bucket"),
        ("MyOldBucket", "MyOldBucket"),
    ],
)
def test_a_site_may_be_written_as_its_address(name: str, written: str, host: str) -> None:
    assert load_settings(None, {}, {f"FOOTFALL_{name.upper()}": written})[name] == (host,)
    assert load_settings(None, {name: ("a.example", written)}, {})[name] == ("a.example", host)


@pytest.mark.parametrize("name", ["sites", "own_hosts"])
@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("https://www.example.org/blog/", "www.example.org"),
        ("www.example.org/index.html", "www.example.org"),
        ("*.example.org", "www.example.org"),
        ("www.example.org other.example", "www.example.org"),
        ("https://", "www.example.org"),
        ("www.example.org;example.org", "www.example.org"),
    ],
)
def test_what_is_no_site_is_refused_with_what_would_be_right(name: str, written: str, right: str) -> None:
    with pytest.raises(ConfigError, match=f"FOOTFALL_{name.upper()}: .* is not a host or bucket; write .{right}"):
        load_settings(None, {}, {f"FOOTFALL_{name.upper()}": written})


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("https://www.example.org/admin/*", "admin/*"),
        ("//www.example.org/admin/", "admin"),
        ("/admin/?preview=1", "admin"),
        ("/admin/#top", "admin"),
        ("^/admin/.*$", "admin/*"),
    ],
)
def test_a_pattern_that_no_page_can_match_is_refused_with_what_would_be_right(written: str, right: str) -> None:
    with pytest.raises(ConfigError, match=f"FOOTFALL_EXCLUDE_PATHS: .*; write '{re.escape(right)}'"):
        load_settings(None, {}, {"FOOTFALL_EXCLUDE_PATHS": written})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Europe/Berln", "did you mean Europe/Berlin?"),
        ("europe/berlin", "did you mean Europe/Berlin?"),
        ("Berlin", "did you mean Europe/Berlin?"),
        ("America/New York", "did you mean America/New_York?"),
        ("UTC+2", "did you mean Etc/GMT-2, or the name of a city"),
        ("-03:00", "did you mean Etc/GMT+3, or the name of a city"),
        ("?", "write it as Europe/Berlin or UTC"),
    ],
)
def test_a_time_zone_that_is_misspelled_is_told_with_the_one_that_may_be_meant(written: str, meant: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(f"--time-zone is not a time zone: {written!r}; {meant}")):
        load_settings(None, {"time_zone": written}, {})


def test_several_sites_in_one_flag_are_refused() -> None:
    with pytest.raises(ConfigError, match=r'--site: .* is not a host or bucket; write "www.example.org"'):
        load_settings(None, {"sites": ("www.example.org,example.org",)}, {})


@pytest.mark.parametrize("written", ["dynamodb:{}", "dynamodb://{}", "{}"])
def test_a_table_s_arn_is_told_as_the_store_that_it_means(written: str) -> None:
    arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/PageViews"

    with pytest.raises(ConfigError, match=re.escape("did you mean dynamodb:PageViews?region=eu-west-1?")):
        load_settings(None, {"store": written.format(arn)}, {})


def test_settings_in_the_encodings_of_windows_are_read_or_told(here: Path) -> None:
    (here / "footfall.toml").write_bytes('sites = ["www.example.org"]\n'.encode("utf-8-sig"))
    assert load_settings(None, {}, {})["sites"] == ("www.example.org",)

    (here / "footfall.toml").write_bytes('sites = ["www.example.org"]\n'.encode("utf-16"))
    with pytest.raises(ConfigError, match=r"footfall\.toml is not UTF-8, as TOML must be; save it as UTF-8"):
        load_settings(None, {}, {})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("arn:aws:s3:::my-logs/blog/", "s3://my-logs/blog/"),
        ("https://my-logs.s3.eu-west-1.amazonaws.com/blog/", "s3://my-logs/blog/"),
        ("https://s3.eu-west-1.amazonaws.com/my-logs/blog/", "s3://my-logs/blog/"),
        ("https://s3-us-west-2.amazonaws.com/my-logs/a%20b", "s3://my-logs/a b"),
        ("https://eu-west-1.console.aws.amazon.com/s3/buckets/my-logs?region=eu-west-1&prefix=blog/&x", "s3://my-logs/blog/"),
        ("s3:/my-logs/blog/", "s3://my-logs/blog/"),
        ("file:///srv/logs", "/srv/logs"),
    ],
)
def test_a_place_as_it_was_pasted_is_told_with_the_source_that_it_means(here: Path, written: str, meant: str) -> None:
    says(ask("import", written), written, f"did you mean {meant}?", code=1)
    with pytest.raises(ConfigError, match=re.escape(f"did you mean {meant}?")):
        load_settings(None, {"logs": written}, {})


def test_what_is_neither_a_file_nor_in_s3_has_to_be_fetched(here: Path) -> None:
    says(ask("import", "gs://my-logs/blog/"), "gs://my-logs/blog/", "download it first", code=1)
    says(ask("import", " "), "SOURCE is empty", "give a file", code=1)
    assert load_settings(None, {"logs": "S3://my-logs/"}, {})["logs"] == "s3://my-logs/"


def test_an_index_document_is_a_file_s_name() -> None:
    assert load_settings(None, {"index_documents": "/index.html"}, {})["index_documents"] == ("index.html",)
    with pytest.raises(ConfigError, match="--index-documents: 'blog/home' is a path; give only the file name: 'home'"):
        load_settings(None, {"index_documents": ["/blog/home"]}, {})


def test_a_site_given_as_its_address_is_counted_and_reported(here: Path) -> None:
    write_log(here / "logs", [line(bucket="www.example.com")])

    assert ask("import", "logs", "--site", "https://WWW.example.com:443/", "--json").json["views"] == 1
    assert ask("pages", "--site", "http://www.example.com/", "--json").rows == {"blog/a": 1}


@pytest.mark.parametrize(
    "written", ["sqlite:~/mine.db", "sqlite:$HOME/mine.db", "sqlite:${HOME}/mine.db", "sqlite://~/mine.db", "SQLite:~/mine.db"]
)
def test_a_store_in_the_home_folder_is_found_there(here: Path, monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("HOME", str(here / "home"))

    assert load_settings(None, {"store": written}, {})["store"] == f"sqlite:{here}/home/mine.db"
    assert load_settings(None, {}, {"FOOTFALL_STORE": written})["store"] == f"sqlite:{here}/home/mine.db"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("sqlite:///tmp/mine.db", "sqlite:/tmp/mine.db"),
        ("sqlite://mine.db", "sqlite:mine.db"),
        ("sqlite:a~b.db", "sqlite:a~b.db"),
        ("dynamodb://PageViews?region=eu-west-1", "dynamodb:PageViews?region=eu-west-1"),
    ],
)
def test_a_store_may_be_written_as_other_programs_do(written: str, read: str) -> None:
    assert load_settings(None, {"store": written}, {})["store"] == read


def test_logs_config_and_rejects_may_be_in_the_home_folder(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = here / "home"
    (home / "logs").mkdir(parents=True)
    (home / "logs" / "a.log").write_bytes(line() + b"\nnonsense\n")
    (home / "footfall.toml").write_text('logs = "~/logs"\nstore = "sqlite:~/mine.db"\n')
    monkeypatch.setenv("HOME", str(home))

    answer = ask("import", "--config=~/footfall.toml", "--rejects=~/rejects", "~/logs")

    assert answer.exit_code == 0
    assert (home / "mine.db").exists()
    assert (home / "rejects").read_bytes() == b"nonsense\n"
    assert load_settings("~/footfall.toml", {}, {})["logs"] == str(home / "logs")


def test_init_writes_a_file_that_changes_nothing(here: Path) -> None:
    answer = ask("init")

    assert answer.exit_code == 0
    assert "footfall.toml" in answer.stdout
    assert tomllib.loads((here / "footfall.toml").read_text()) == {}
    assert ask("import", "-", stdin=line()).exit_code == 0


def test_every_setting_in_inits_file_is_its_default(here: Path) -> None:
    uncommented = "\n".join(each.removeprefix("#") for each in example_config().splitlines() if not each.startswith("# "))

    written = tomllib.loads(uncommented)

    assert written == {name: setting.default for name, setting in SETTINGS.items()}
    (here / "footfall.toml").write_text(uncommented)
    assert all(shown(load_settings(None, {}, {}), name) == shown(Settings({}), name) for name in SETTINGS)


def test_init_writes_over_a_file_only_when_forced(here: Path) -> None:
    (here / "footfall.toml").write_text("# mine\n")

    says(ask("init"), "footfall.toml", "--force", code=2)
    assert (here / "footfall.toml").read_text() == "# mine\n"
    assert ask("init", "--force").exit_code == 0
    assert (here / "footfall.toml").read_text() == example_config()


def test_init_where_nothing_can_be_written_says_so(here: Path) -> None:
    answer = ask("--config", "no/such/folder/footfall.toml", "init")

    says(answer, "no/such/folder/footfall.toml", "cannot be written", "choose another --config", code=1)


def test_a_setting_is_checked_before_anything_is_written(here: Path) -> None:
    write_log(here / "logs", [line()])
    (here / "footfall.toml").write_text('time_zone = "Europe/Berlin"\nbots = ["("]\n')

    assert ask("import", "logs").exit_code == 2
    assert sorted(os.listdir(here)) == ["footfall.toml", "logs"]


def test_only_config_knows_of_the_environment() -> None:
    with pytest.raises(ConfigError, match="FOOTFALL_STORES"):
        load_settings(None, {}, {"FOOTFALL_STORES": "sqlite:x"})
    assert load_settings(None, {}, {"OTHER": "x", "FOOTFALL_TEST_ENDPOINT": "y"})["store"] == "sqlite:footfall.db"
