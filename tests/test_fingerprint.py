"""The fingerprint of the rules that a file is counted under."""

import ipaddress
import re
from dataclasses import fields
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from footfall.digest import fingerprint as module
from footfall.digest.fingerprint import SETTINGS, fingerprint_of
from footfall.pageviews.counting import Counting

# Each setting of Counting with another value than its default.
OTHERS: dict[str, Any] = {
    "sites": ("www.example.org",),
    "time_zone": ZoneInfo("Europe/Berlin"),
    "index_documents": ("default.html",),
    "own_hosts": ("cdn.example.org",),
    "exclude_paths": ("drafts/*",),
    "exclude_addresses": (ipaddress.ip_network("198.51.100.0/24"),),
    "bots": (re.compile("inhouse", re.IGNORECASE),),
}
# What is kept of a view changes no count, and of the database of countries what is in it counts, see test_countries.py.
KEPT_ONLY = {"visitors", "suspected_bots", "mask_addresses", "facts", "country_data"}
# Takes rows away of what is counted by, which are in it.
BY_ROWS = {"off"}


def test_every_setting_that_decides_what_counts_is_in_it():
    assert set(OTHERS) <= set(SETTINGS) == {field.name for field in fields(Counting)} - KEPT_ONLY - BY_ROWS


@pytest.mark.parametrize("name", OTHERS)
def test_another_value_of_a_setting_makes_another_one(name):
    assert fingerprint_of("s3", Counting(**{name: OTHERS[name]})) != fingerprint_of("s3", Counting())


def test_a_dimension_that_is_off_makes_another_one():
    assert fingerprint_of("s3", Counting(off=frozenset({"bot"}))) != fingerprint_of("s3", Counting())


def test_what_is_kept_of_a_view_is_not_in_it():
    assert fingerprint_of("s3", Counting(mask_addresses=True, facts=("user_agent",))) == fingerprint_of("s3", Counting())


def test_another_format_rule_or_list_makes_another_one(monkeypatch):
    before = fingerprint_of("s3", Counting())
    assert fingerprint_of("combined", Counting()) != before

    monkeypatch.setattr(module, "RULES_VERSION", module.RULES_VERSION + 1)
    assert fingerprint_of("s3", Counting()) != before
    monkeypatch.undo()
    monkeypatch.setattr(module, "_versions", lambda: ["crawler_user_agents-2.dist-info"])
    assert fingerprint_of("s3", Counting()) != before


def test_the_lists_are_found_where_they_are_installed():
    assert [name.partition("-")[0] for name in module._versions()] == ["crawler_user_agents", "ua_parser_builtins"]
