"""
The article's points, each with the tests that show it.

docs/from-the-articles.md has the same points as the rows of its tables; neither may have one that the other lacks.
"""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/from-the-articles.md"

# The first cell of the page's row, and the tests that show it.
POINTS: dict[str, tuple[str, ...]] = {
    # Part 1: the table
    "total views of each page in a time range": ("test_journey::test_both_ends_of_a_period_are_in_it",),
    "views of a page over time, by day, week and month": (
        "test_journey::test_weeks_begin_on_monday_and_months_on_the_first",
        "test_journey::test_a_history_has_a_zero_where_there_were_no_views",
    ),
    "the page is the partition key": ("test_pageviews::test_the_articles_line_becomes_exactly_the_articles_item",),
    "the time is the sort key, as a text": (
        "test_pageviews::test_the_default_item_tells_views_of_one_second_apart_and_keeps_numbers",
    ),
    "other kinds of records share a page's partition": ("test_dynamodb::test_an_item_of_another_program_is_left_alone",),
    "the table is a resource of a Serverless service": ("test_deploy::test_its_table_is_as_table_create_makes_it",),
    "a function on `s3:ObjectCreated:*` of a bucket that is there, with a prefix": (
        "test_deploy::test_the_notification_is_for_the_prefix_on_the_bucket_that_was_there",
    ),
    "the function's log is kept for 30 days": (
        "test_package::test_every_function_has_the_table_and_a_role_of_its_own_and_a_log_that_is_forgotten",
    ),
    "permissions are named, not opened wide": (
        "test_package::test_no_statement_allows_all_of_anything",
        "test_deploy::test_without_any_one_action_a_function_fails",
    ),
    # Part 2: the function
    "reads S3's server access log": ("test_s3_access::test_all_twenty_seven_fields_are_read",),
    "the article's line becomes the article's item": (
        "test_pageviews::test_the_articles_line_becomes_exactly_the_articles_item",
        "test_cli::test_explain_gives_the_articles_item_for_the_articles_line",
    ),
    "leaves out the requests and fields that are not needed": (
        "test_pageviews::test_a_request_counts_or_is_dropped_for_the_first_reason_that_holds",
    ),
    "a textual time becomes seconds since the epoch": ("test_s3_access::test_a_time_of_another_zone_is_the_same_moment",),
    "target fields are named as configured, and decorated": (
        "test_pageviews::test_templates_rename_prefix_type_and_join_and_absent_fields_are_left_out",
    ),
    "`index.html` is cut off a page's name": (
        "test_pageviews::test_a_page_is_its_decoded_path_without_index_document_and_slashes",
    ),
    "builds the typed item that `put_item` takes": ("test_cli::test_explain_gives_the_articles_item_for_the_articles_line",),
    "parsing is a module of its own, apart from Lambda and DynamoDB": (
        "test_article::test_parsing_knows_neither_stores_nor_aws",
    ),
    "old logs are pushed from a laptop by a wrapper": ("test_dynamodb::test_the_command_line_tells_the_same_of_both_stores",),
    "an event gives bucket and key, and may have several records": (
        "test_functions::test_each_kind_of_event_tells_of_its_objects",
    ),
    "bytes are decoded as UTF-8": (
        "test_bad_input::test_bytes_that_are_not_utf_8_are_replaced_and_never_stored_as_surrogates",
    ),
    "a read that fails names object, bucket and cause": (
        "test_s3_source::test_a_bucket_that_is_not_there",
        "test_s3_source::test_a_gzip_object_that_is_cut_short_is_told_and_others_go_on",
    ),
    "the table's name comes from the environment": ("test_deploy::test_a_log_lands_and_is_counted",),
    "an item is written by one `put_item`, in batches at a peak": ("test_dynamodb::test_small_files_go_together",),
    "errors are told apart by the code in the response": (
        "test_dynamodb::test_each_refusal_is_one_of_our_errors_with_its_remedy",
    ),
    "it is deployed, and it runs": ("test_deploy::test_a_log_lands_and_is_counted",),
    # Part 3: the queries
    "an index of pages, listed and filtered by prefix without a scan": (
        "test_dynamodb::test_what_is_asked_for_is_what_the_documents_want_allowed",
        "test_stores::test_any_page_is_found_by_its_name_and_by_its_beginning",
    ),
    "`GET /pagetotals` gives views per page": (
        "test_api::test_page_totals_are_as_the_article_s_readers_expect_them",
        "test_deploy::test_the_counts_are_told_over_http_to_who_has_a_token",
    ),
    "answers may be read by pages of the site (CORS)": (
        "test_api::test_pages_of_the_configured_origins_alone_may_read_answers_and_errors",
    ),
    "views over time are left to the reader": ("test_api::test_a_page_s_history_is_by_day_and_of_an_unknown_page_zero",),
    "queries by a period are left open": ("test_api::test_page_totals_are_as_the_article_s_readers_expect_them",),
    "cheaper counting than one query for each page is left open": (
        "test_dynamodb::test_reports_cost_the_same_however_many_views_there_are",
    ),
    "parallel queries are left open": ("test_dynamodb::test_reports_cost_the_same_however_many_views_there_are",),
    "what browsers and referrers bring readers is left open": ("test_cli::test_top_counts_by_each_dimension",),
    "counters for each month and day were added later": ("test_stores::test_reports_agree_with_each_other",),
    "a user before the page, `UserPages`, was added later": (
        "test_stores::test_own_names_of_the_keys_and_the_attributes_serve",
        "test_articles_table::test_a_table_with_other_names_serves",
    ),
    "referrer and service time were added later": ("test_cli::test_explain_gives_the_default_item_for_the_articles_line",),
    # What was put right
    "views of one second overwrite each other": (
        "test_journey::test_two_views_of_the_same_second_are_two",
        "test_stores::test_views_of_one_second_all_count_where_items_are_the_article_s",
    ),
    "a log file that is delivered twice counts twice": (
        "test_functions::test_one_to_five_deliveries_in_random_order_with_kills_between_count_once",
    ),
    "only the first record of an event is read": ("test_functions::test_each_kind_of_event_tells_of_its_objects",),
    "404s count as views": ("test_pageviews::test_drops_are_counted_by_what_their_dimension_shows",),
    "counting reads every record": ("test_dynamodb::test_reports_cost_the_same_however_many_views_there_are",),
    "a quote in a user agent shifts the fields after it": (
        "test_s3_access::test_referrer_and_user_agent_are_read_whatever_a_client_sent",
    ),
    "bytes that are not UTF-8 are thrown away": (
        "test_bad_input::test_bytes_that_are_not_utf_8_are_replaced_and_never_stored_as_surrogates",
    ),
    # What is imported
    "key `PageName` or any other, sort key ten digits": (
        "test_articles_table::test_items_are_counted_as_the_views_that_they_are",
    ),
    "key `UserPages`, `Richard#blog/a`": ("test_articles_table::test_of_several_users_each_is_imported_by_itself",),
    "`INDEX`, counters of months and days, footfall's own items": (
        "test_articles_table::test_other_records_are_passed_over_and_accounted_for",
    ),
    "a bot, by its `AgentString`": ("test_articles_table::test_other_records_are_passed_over_and_accounted_for",),
    "`favicon.ico`, `style.css`": ("test_articles_table::test_other_records_are_passed_over_and_accounted_for",),
    "a match for `exclude_paths` or `exclude_addresses`": (
        "test_articles_table::test_other_records_are_passed_over_and_accounted_for",
    ),
    "a view known from the logs, or from an earlier import": (
        "test_articles_table::test_a_view_in_logs_and_table_counts_once",
        "test_articles_table::test_killed_again_and_again_it_counts_each_item_once",
    ),
}


@cache
def names_in(file: str) -> set[str]:
    """The tests in a file."""
    (path,) = (ROOT / "tests").rglob(f"{file}.py")
    return {node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}


def test_the_page_has_these_points_and_no_others() -> None:
    rows = re.findall(r"^\| (.*?) \| .* \|$", PAGE.read_text("utf-8"), flags=re.MULTILINE)

    assert [row for row in rows if row not in ("in the articles", "record", "---")] == list(POINTS)


@pytest.mark.parametrize("point", POINTS)
def test_each_point_has_its_tests(point: str) -> None:
    tests = [each.split("::") for each in POINTS[point]]

    assert tests
    assert [name for file, name in tests if name not in names_in(file)] == []


def test_parsing_knows_neither_stores_nor_aws() -> None:
    code = "import sys, footfall.formats; print([name for name in sys.modules if 'boto' in name or 'stores' in name])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)

    assert done.stdout == b"[]\n"
