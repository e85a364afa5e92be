"""
The table MEASURES: what is counted. A new measure is a new row.

A dimension has the measures whose rows name it; the first is the default. In JSON and CSV, a row's number is called `views`,
even for requests; some measures appear beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .dimensions import DIMENSIONS, Dimension
from .errors import ConfigError


@dataclass(frozen=True)
class Measure:
    """What a number is a count of."""

    title: str
    """The heading of a column."""
    noun: tuple[str, str]
    """Singular and plural."""
    sum_of: str
    """What a total is the sum of."""
    is_counted_by: Callable[[Dimension], bool]
    """Whether a dimension has it."""
    stored_as: Callable[[str], str]
    """The name under which a store has a dimension's counts of it."""
    about: str
    leaves_out: Callable[[Dimension], str] = lambda _: ""
    """The value of a dimension that it does not count; "" if it counts them all."""
    is_beside_views: bool = False
    """Whether answers also have views: it counts some of them, their visitors, or other readers of pages."""
    is_of_site: bool = False
    """Whether it is counted for a site and day as a whole, not by dimensions."""


ARRIVALS, VISITORS, BOTS = "arrivals", "visitors", "bots"
BOT = "bot"  # the dimension that counts each read of a page by a bot once
ENTRY = "entry"  # the dimension and field for arrivals by page


def _by_itself(dimension: str) -> str:
    return dimension


MEASURES: dict[str, Measure] = {
    "views": Measure(
        "Views",
        ("view", "views"),
        sum_of="lines that are page views",
        is_counted_by=lambda dimension: not dimension.of_dropped and dimension.field != ENTRY,
        stored_as=_by_itself,
        about="Somebody opened a page: a line that was not dropped for any reason.",
    ),
    ARRIVALS: Measure(
        "Arrivals",
        ("arrival", "arrivals"),
        sum_of="page views whose referrer is not the site itself",
        is_counted_by=lambda dimension: dimension.field in ("page", ENTRY) or bool(dimension.internal),
        stored_as=lambda dimension: ENTRY if dimension == "page" else dimension,
        about="Somebody came to the site from elsewhere, or typed its address. Unknown if the log has no referrers.",
        leaves_out=lambda dimension: dimension.internal,
        is_beside_views=True,
    ),
    VISITORS: Measure(
        "Visitors",
        ("visitor", "visitors"),
        sum_of="the visitors of each day",
        is_counted_by=lambda _: False,
        stored_as=_by_itself,
        about="One address and user agent on one day, for a whole site: someone who comes on two days is two visitors. Unknown "
        "if the log has no addresses.",
        is_beside_views=True,
        is_of_site=True,
    ),
    BOTS: Measure(
        "Bots",
        ("read by a bot", "reads by bots"),
        sum_of="reads of pages by bots",
        is_counted_by=lambda _: False,
        stored_as=_by_itself,
        about="Requests by bots that would have been views if a person had made them, for a whole site: the sum of `bot`.",
        is_beside_views=True,
        is_of_site=True,
    ),
    "requests": Measure(
        "Requests",
        ("request", "requests"),
        sum_of="lines dropped for a reason that the dimension counts; for `status`, page views too",
        is_counted_by=lambda dimension: bool(dimension.of_dropped),
        stored_as=_by_itself,
        about="A request from a visitor or a bot that was not a page view.",
    ),
}


def measures_of(dimension: str | None) -> list[str]:
    """
    The measures of a dimension, its own first; without a dimension, those of totals and histories.

    >>> measures_of("page")[0], measures_of("bot")[0], "visitors" in measures_of("page"), "visitors" in measures_of(None)
    ('views', 'requests', False, True)
    """
    by = DIMENSIONS[dimension or "page"]
    return [
        name for name, measure in MEASURES.items() if measure.is_counted_by(by) or (measure.is_of_site and dimension is None)
    ]


def numbers_of(measure: str | None) -> list[str]:
    """
    The numbers in each row of an answer by this measure: `views` (also for requests), and any that appear beside it.

    >>> numbers_of("requests"), numbers_of("arrivals")
    (['views'], ['views', 'arrivals'])
    """
    return ["views", *(name for name, row in MEASURES.items() if name == measure and row.is_beside_views)]


def choose_measure(name: str | None, dimension: str | None) -> str:
    """The requested measure, or the dimension's own; raises ConfigError, which lists the valid ones."""
    there = measures_of(dimension)
    if name is None or name in there:
        return name or there[0]
    problem = f"no {name} are counted by {dimension or 'page'}" if name in MEASURES else f"no measure {name[:40]!r}"
    raise ConfigError(f"{problem}; there is: {', '.join(there)}", about="measure")
