"""
Questions to a store, and its answers. Every number is a sum of the same daily counts, so a total always equals the sum of its
history, and the sum of its rows.

    period     Period: which days; how people write them, and the days before
    intervals  INTERVALS: how a period is divided
    query      Query: a question, which checks and echoes itself
    resolve    what the store adds to a question: its only site, the first and last day, whether the page exists
    filters    what selects views, and how that is answered
    reading    what a resolved question reads of the store
    cursor     where the next rows begin
    visitors   a site's visitors: the sum of its days
    comparison  how numbers compare with those of the period before
    overview   the summary of a whole period: SECTIONS
    annotations  the owner's notes of what happened on days of a site
    usual      whether a day has far more or far fewer views than usual
    total  breakdown  history  stored_views  referrers  status       a report each: takes a store and a Query, returns an answer
    answers    answers as JSON, the same for the command line and HTTP

A question: Query -> the report -> resolve -> reading -> the report's answer -> answers.
"""

from .annotations import Annotated, annotations
from .breakdown import Breakdown, BreakdownRow, breakdown
from .filters import read_filter
from .history import History, Moment, history
from .intervals import INTERVALS
from .overview import SECTIONS, Overview, overview
from .period import WHOLE_PERIODS, Period, parse_period, previous, read_period, whole_period
from .query import Query, check_dimension, read_prefix
from .referrers import MOST_READ, PageReferrers, page_referrers
from .resolve import choose_site
from .status import LedgerStatus, ledger_status
from .stored_views import StoredViews, epoch_of, stored_views
from .total import Total, total
from .usual import Usual, usual_days
from .visitors import Visitors

__all__ = [
    "INTERVALS",
    "MOST_READ",
    "SECTIONS",
    "WHOLE_PERIODS",
    "Annotated",
    "Breakdown",
    "BreakdownRow",
    "History",
    "LedgerStatus",
    "Moment",
    "Overview",
    "PageReferrers",
    "Period",
    "Query",
    "StoredViews",
    "Total",
    "Usual",
    "Visitors",
    "annotations",
    "breakdown",
    "check_dimension",
    "choose_site",
    "epoch_of",
    "history",
    "ledger_status",
    "overview",
    "page_referrers",
    "parse_period",
    "previous",
    "read_filter",
    "read_period",
    "read_prefix",
    "stored_views",
    "total",
    "usual_days",
    "whole_period",
]
