"""Where readers come from: sources, channels and campaigns, by the referrer and the tags of links; and what they hold."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from footfall.formats import FORMATS
from footfall.pageviews.campaigns import LONGEST_TAG, Tags, tags_of
from footfall.pageviews.devices import device_of
from footfall.pageviews.origins import CHANNELS, ORIGINS, channel_of, origin_of, source_name
from footfall.pageviews.referrers import referrer_host

from .builders import CHROME, ask, line, write_log
from .test_truth import MAKER

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("referrer", "name"),
    [
        ("https://www.google.com/", "Google"), ("https://www.google.co.uk/search?q=a", "Google"),
        ("https://google.de", "Google"),
        ("https://t.co/abc", "X"), ("android-app://com.google.android.gm/", "Gmail"),
        ("https://mail.google.com/mail/u/0/", "Gmail"),
        ("https://l.facebook.com/l.php?u=x", "Facebook"), ("https://lm.facebook.com/", "Facebook"),
        ("https://lnkd.in/x", "LinkedIn"),
        ("https://out.reddit.com/t3", "Reddit"), ("https://news.ycombinator.com/item?id=1", "Hacker News"),
        ("https://www.bing.com/", "Bing"), ("https://duckduckgo.com/", "DuckDuckGo"), ("https://yandex.ru/", "Yandex"),
        ("https://www.yandex.com.tr/", "Yandex"), ("https://www.baidu.com/link", "Baidu"),
        ("https://mastodon.social/@a", "Mastodon"),
        ("https://chatgpt.com/", "ChatGPT"), ("https://chat.openai.com/", "ChatGPT"), ("https://claude.ai/", "Claude"),
        ("https://www.perplexity.ai/", "Perplexity"), ("https://gemini.google.com/app", "Gemini"),
        ("https://copilot.microsoft.com/", "Copilot"), ("https://blog.example/", "blog.example"),
        ("https://google.evil.example/", "google.evil.example"), ("https://notgoogle.com/", "notgoogle.com"),
        ("https://google.com.evil.example/", "google.com.evil.example"),
    ],
)  # fmt: skip
def test_a_referrer_goes_by_the_name_that_people_know(referrer: str, name: str) -> None:
    assert source_name(referrer_host(referrer, frozenset())) == name


def test_no_two_rows_claim_the_same_place() -> None:
    places = Counter(place for row in ORIGINS for place in {row.name.lower(), *row.tags, *row.hosts})

    assert [place for place, rows in places.items() if rows > 1] == []
    assert {row.channel for row in ORIGINS} <= set(CHANNELS)
    assert all(origin_of(host.replace(".*", ".com")) == row for row in ORIGINS for host in row.hosts)


@pytest.mark.parametrize(
    ("query", "tags"),
    [
        ("utm_source=newsletter&utm_medium=email&utm_campaign=Autumn-2026", Tags("autumn-2026", "newsletter", "email")),
        ("page=2&utm_campaign=Gr%C3%BC%C3%9Fe+aus%20Bremen", Tags("grüße aus bremen")),
        ("UTM_Source=HN", Tags(source="hn")), ("ref=ProductHunt", Tags(source="producthunt")), ("source=a", Tags(source="a")),
        ("utm_source=&ref=b", Tags(source="b")), ("campaign=c", Tags("c")), ("utm_source=a&utm_source=b", Tags(source="a")),
        ("utm_source=https://www.Lobste.rs/", Tags(source="lobste.rs")), ("gclid=EAIaIQobChMI8s7", Tags(is_paid=True)),
        ("utm_source=google&utm_medium=CPC", Tags("", "google", "cpc", True)),
        ("utm_medium=banner", Tags("", "", "banner", True)),
        ("fbclid=IwZXh0bgNhZW0", None), ("page=2", None), ("", None), (None, None), ("prefix_ref=a&xutm_source=b", None),
        ("utm_source=(internal)", Tags(source="internal")), ("utm_campaign=a%00b%0Ac", Tags("abc")),
        (f"utm_campaign={'x' * 500}", Tags("x" * LONGEST_TAG)), ("utm_campaign=%ff", Tags("\ufffd")),
    ],
)  # fmt: skip
def test_the_tags_of_a_link_are_decoded_small_short_and_no_words_of_our_own(query: str | None, tags: Tags | None) -> None:
    assert tags_of(query) == tags


@pytest.mark.parametrize(
    ("host", "query", "channel"),
    [
        ("(direct)", "", "Direct"), ("google.com", "", "Search"), ("google.com", "gclid=EAIa", "Paid"),
        ("chatgpt.com", "", "AI assistants"), ("chatgpt.com", "utm_source=chatgpt.com", "AI assistants"),
        ("t.co", "", "Social"), ("com.google.android.gm", "", "Email"), ("news.example", "", "Referral"),
        ("(unknown)", "", "Referral"), ("(internal)", "", "Internal"), ("(internal)", "utm_source=a&gclid=b", "Internal"),
        ("newsletter", "utm_source=newsletter", "Email"), ("partner", "utm_source=partner&utm_medium=banner", "Paid"),
        ("a", "utm_source=a&utm_medium=email", "Email"), ("google.com", "utm_source=hn", "Social"),
        ("friend", "ref=friend", "Referral"),
        ("a", "utm_source=a&utm_medium=social", "Social"), ("facebook.com", "fbclid=IwZX", "Social"), (None, "", None),
        ("(direct)", "utm_campaign=x", "Direct"), (None, "utm_source=google", "Search"),
    ],
)  # fmt: skip
def test_a_view_is_of_one_of_eight_channels(host: str | None, query: str, channel: str | None) -> None:
    assert channel_of(host, tags_of(query)) == channel
    assert channel is None or channel in CHANNELS


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (IPHONE, "phone"), (CHROME, "computer"), ("", "(unknown)"), (None, "(unknown)"), ("MyReader/1.0", "(unknown)"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (Android 13; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "phone"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36", "tablet"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1", "tablet"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15", "computer"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36", "computer"),
        ("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; Tablet PC 2.0; rv:11.0) like Gecko", "computer"),
        ("Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/538.1 Version/6.0 TV Safari/538.1", "tv"),
        ("Mozilla/5.0 (Linux; Android 9; AFTMM) AppleWebKit/537.36 Silk/98 like Chrome/98 Safari/537.36", "tv"),
        ("Mozilla/5.0 (PlayStation 5 3.20) AppleWebKit/605.1.15 (KHTML, like Gecko)", "console"),
    ],
)  # fmt: skip
def test_what_a_reader_holds_is_known_by_the_user_agent(agent: str | None, device: str) -> None:
    assert device_of(agent) == device


@pytest.fixture
def counted(here: Path) -> Path:
    lines = [
        line(referrer="https://www.google.de/"),
        line(referrer="https://www.google.com/", uri="GET /blog/a/?gclid=SECRET1 HTTP/1.1"),
        line(uri="GET /blog/a/?utm_source=hn&utm_campaign=Launch&fbclid=SECRET2 HTTP/1.1", agent=IPHONE),
        line(referrer="https://www.example.com/"), line(referrer="https://news.example/"), line(),
    ]  # fmt: skip
    write_log(here / "logs", lines)
    ask("import", "logs", "--item", '{ PageName = "{page}", SortKey = "{epoch}#{request_id}" }')
    return here


@pytest.mark.usefixtures("counted")
def test_sources_put_hosts_together_which_referrers_keep() -> None:
    assert ask("top", "source", "--json").rows == {
        "Google": 2,
        "(direct)": 1,
        "(internal)": 1,
        "Hacker News": 1,
        "news.example": 1,
    }
    assert ask("top", "referrer", "--json").rows == {
        "(direct)": 1, "(internal)": 1, "google.com": 1, "google.de": 1, "hn": 1, "news.example": 1,
    }  # fmt: skip
    first = ask("top", "source", "--json", "--limit", "2", "--measure", "arrivals").json
    rest = ask("top", "source", "--json", "--cursor", first["next"], "--measure", "arrivals").json
    assert first["rows"] == [{"value": "Google", "views": 2, "arrivals": 2}, {"value": "(direct)", "views": 1, "arrivals": 1}]
    assert [row["value"] for row in rest["rows"]] == ["Hacker News", "news.example"]
    assert (first["total"], rest["next"]) == (5, None)
    assert ask("top", "source", "--prefix", "H", "--json").rows == {"Hacker News": 1}


def test_channels_campaigns_and_devices_are_counted_and_no_click_id_is_stored(counted: Path) -> None:
    assert ask("top", "channel", "--json").rows == {
        "Direct": 1, "Internal": 1, "Paid": 1, "Referral": 1, "Search": 1, "Social": 1,
    }  # fmt: skip
    assert "Internal" not in ask("top", "channel", "--measure", "arrivals", "--json").rows
    assert ask("top", "campaign", "--json").rows == {"launch": 1}
    assert ask("top", "campaign_source", "--json").rows == {"hn": 1}
    assert ask("top", "device", "--json").rows == {"computer": 5, "phone": 1}
    assert b"SECRET" not in b"".join(path.read_bytes() for path in counted.glob("footfall.db*"))


@pytest.mark.skipif(not MAKER.is_file(), reason="no make_logs.py, see test_truth")
@pytest.mark.parametrize("log_format", ["s3", "cloudfront", "cloudfront-v2", "cloudfront-json", "combined", "caddy"])
def test_every_format_has_the_true_campaigns(log_format: str, here: Path) -> None:
    arguments = ["--lines", "3000", "--campaigns", "0.3", "--format", log_format, "--seed", "7", "--objects", "3"]
    subprocess.run([sys.executable, MAKER, *arguments, "--out", here], check=True, capture_output=True, timeout=60)
    ask("import", "logs")

    truth = json.loads((here / "truth.json").read_text())

    assert ask("top", "campaign", "--json").rows == truth["campaigns"]
    assert ask("top", "campaign_source", "--json").rows == truth["campaign_sources"]
    by_channel, by_source = (ask("top", each, "--json").json["total"] for each in ("channel", "source"))
    is_whole = log_format not in ("cloudfront-v2", "cloudfront-json")  # whose files may lack the field with the referrer
    assert by_source <= by_channel <= truth["page_views"]
    assert not is_whole or by_source == truth["page_views"]


def test_no_format_is_forgotten_here() -> None:
    assert set(FORMATS) == {"s3", "cloudfront", "combined", "caddy"}
