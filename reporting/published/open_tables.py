"""The tables of what is published over all cycles: levels, comments, results, distributions, and what explains them."""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import F, Q, QuerySet

from reporting.models import (
    CARDS,
    Product,
    PublishedAnswer,
    PublishedCountry,
    PublishedIndicator,
    PublishedIssue,
    PublishedResult,
)
from reporting.published import open_rows
from reporting.published.open_data import OpenTable, columns

ISSUE = """
cycle           string   Code of the cycle.
issue           integer  Number of the issue of its assessment.
questionnaire   string   Name of the questionnaire; nothing is compared between two of them.
edition         string   Code of the edition that the cycle asked.
example         boolean  Whether the cycle is made of invented example data.
"""
COUNTRY = """
iso2            string   ISO code of the country, two letters.
iso3            string   ISO code of the country, three letters.
country         string   Name of the country.
"""
INDICATOR = """
area            string   Code of the area.
indicator       string   Code of the indicator in its edition.
label           string   What pages call the indicator.
indicator_title string   Title of the indicator.
series          string   Goes on as long as the wording is the same: levels of one series can be compared, no others.
"""
ANSWER = """
kind            string   level, not_applicable or unknown; an indicator that is not answered has no row.
level           integer? The level, if it is one.
"""
LADDER = """
lowest_level    integer  The lowest level of the indicator.
highest_level   integer  The highest level of the indicator.
"""


def _of(model: type[Any], *order: str, only: Q | None = None) -> Callable[[Collection[int]], QuerySet[Any]]:
    """Return how the rows of a model are found: those of the given issues, the earliest cycle first."""

    def found(issues: Collection[int]) -> QuerySet[Any]:
        mine: QuerySet[Any] = model.objects.filter(only or Q(), issue__in=issues)
        return mine.order_by("issue__opens", "issue", *order)

    return found


def _products(issues: Collection[int]) -> QuerySet[Product]:
    """Return the files of issues, but for the pictures of links, of which there are many."""
    found = Product.objects.filter(assessment__published__in=issues).exclude(kind__in=CARDS)
    found = found.select_related("assessment__cycle").defer("assessment__snapshot", "assessment__texts")
    return found.annotate(issue_id=F("assessment__published")).order_by("issue_id", "kind", "subject")


LEVELS = OpenTable(
    "levels",
    "Levels of all countries",
    "Each answer that a named country gave, cycle by cycle. An indicator that is not answered has no row.",
    columns(ISSUE + COUNTRY + INDICATOR + ANSWER + LADDER + "percent number? The level in percent of the ladder."),
    ["cycle", "iso2", "indicator"],
    _of(PublishedAnswer, "iso2", "pk"),
    open_rows.level,
)
COMMENTS = OpenTable(
    "comments",
    "Comments of the countries",
    "What countries wrote with their answers. A comment that is not for publication is empty and marked.",
    columns(
        ISSUE
        + COUNTRY
        + INDICATOR
        + ANSWER
        + """
reason          string?  Why the indicator does not apply.
comment         string?  The comment, in the language in which it was written.
withheld        boolean  Whether there is a comment that is not for publication.
"""
    ),
    ["cycle", "iso2", "indicator"],
    _of(PublishedAnswer, "iso2", "pk", only=~Q(comment="", reason="", withheld=False)),
    open_rows.comment,
)
RESULTS = OpenTable(
    "results",
    "Results of the countries by area",
    "Points out of those possible, on the basis of the answers that have a level and on the strict one.",
    columns(
        ISSUE
        + COUNTRY
        + """
area              string   Code of the area.
area_title        string   Title of the area.
scored            integer  How many indicators have a level.
of                integer  How many indicators the area has.
points            integer  Points: levels above the lowest of their ladders.
possible_answered integer  Points possible for the answers that have a level.
percent_answered  number?  Points in percent of these, one decimal; empty where nothing has a level.
possible_strict   integer  Points possible where what is unknown or not answered counts 0.
percent_strict    number?  Points in percent of these, one decimal.
"""
    ),
    ["cycle", "iso2", "area"],
    _of(PublishedResult, "iso2", "pk"),
    open_rows.result,
)
DISTRIBUTIONS = OpenTable(
    "distributions",
    "How many countries gave which answer",
    "Each answer that an indicator can have, with the number of countries; those that are not named count too.",
    columns(
        ISSUE
        + INDICATOR
        + """
answer          string   A level, not_applicable, unknown, or unanswered.
countries       integer  How many countries gave it.
"""
    ),
    ["cycle", "indicator", "answer"],
    _of(PublishedIndicator, "position"),
    open_rows.distribution,
    open_rows.tallies,
)
INDICATORS = OpenTable(
    "indicators",
    "Indicators of each cycle",
    "What was asked in each cycle, in the order of the questionnaire.",
    columns(ISSUE + INDICATOR + "area_title string Title of the area.\n" + LADDER),
    ["cycle", "indicator"],
    _of(PublishedIndicator, "position"),
    open_rows.question,
)
CYCLES = OpenTable(
    "cycles",
    "Cycles with a published assessment",
    "The latest issue of each cycle. Invented cycles are left out where real ones are published.",
    columns(
        ISSUE
        + """
title           string   Title of the cycle.
opens           date     Its first day.
deadline        date     The last day for submitting in time.
closes          date     Its last day.
basis           string   Which percentages the assessment prints: answered or strict.
published_at    datetime When the issue was published.
invited         integer  How many countries take part.
reported        integer  How many of them count.
unnamed         integer  How many of these are not named: no other table has rows of them.
url             string   Address of the issue.
"""
    ),
    ["cycle"],
    lambda issues: PublishedIssue.objects.filter(pk__in=issues).order_by("opens", "pk"),
    open_rows.cycle,
)
PARTICIPATION = OpenTable(
    "participation",
    "Countries of each cycle",
    "Every named country that takes part in a cycle, whether it reported or not.",
    columns(
        ISSUE
        + COUNTRY
        + """
subregion       string?  Its sub-region.
groups          string?  Codes of the groups that it was in, with semicolons between them.
reported        boolean  Whether its answers count.
submitted_on    date?    When it submitted; empty where it did not, or where that is not recorded.
late            boolean  Whether it submitted after its last day.
from_file       boolean  Whether its answers came in by a file of earlier results.
"""
    ),
    ["cycle", "iso2"],
    _of(PublishedCountry, "iso3"),
    open_rows.participant,
)
PRODUCTS = OpenTable(
    "products",
    "Files of the assessments",
    "Each file is stored as it was built; its SHA-256 proves that a download is whole.",
    columns(
        ISSUE
        + """
kind            string   What kind of file it is.
subject         string?  ISO code of the country that it is about, if it is about one.
name            string   Name of the file.
media_type      string   Its media type.
size            integer  Bytes.
sha256          string   SHA-256 of its bytes.
built_at        datetime When it was built.
url             string   Where it is downloaded.
"""
    ),
    ["cycle", "kind", "subject"],
    _products,
    open_rows.product,
)
TABLES = (LEVELS, COMMENTS, RESULTS, DISTRIBUTIONS, INDICATORS, PARTICIPATION, CYCLES, PRODUCTS)
