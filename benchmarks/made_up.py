"""Page views as benchmarks need them: made up, but found out as those of the logs are."""

from typing import Any

from footfall.digest import view_of
from footfall.records import PageView, Record, RecordId, Request
from footfall.settings import Settings

AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
COUNTING = Settings({}).counting  # as an owner counts who sets nothing


def made_up_view(site: str, page: str, time: int, number: int, *, referrer: str | None = None, **documented: Any) -> PageView:
    """The `number`th view, of a page at a time; `documented` are fields that only its log's format has."""
    record_id = RecordId(f"{number:016X}", "WEBSITE.GET.OBJECT", f"{page}/index.html")
    request = Request(
        time, (site,), "GET", f"/{page}/index.html", status=200, referrer=referrer, user_agent=AGENT,
        remote_ip="198.51.100.7", record_id=record_id,
    )  # fmt: skip
    return view_of(Record(request, documented), COUNTING)
