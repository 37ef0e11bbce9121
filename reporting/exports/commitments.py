"""What a snapshot says of the steps that countries promised as tables: the counts, and the steps that are published."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from reporting.document import commitments, numbers
from reporting.document.document import Document
from reporting.exports.tables import Table, Value

Data = dict[str, Any]

OUTCOMES = ("done", "partly", "not", "dropped", "unanswered")


def tables(snapshot: Data) -> list[Table]:
    """Return the counts of earlier steps and the steps that countries publish; of these only the tables with rows."""
    return [one for one in (_counts(snapshot), steps(snapshot)) if one.expected]


def steps(snapshot: Data) -> Table:
    """A row per step that its country publishes: earlier ones with what became of them, new ones without an outcome."""
    columns = ["country_iso3", "country", "promised_in", "indicator", "step", "by", "lead", "outcome", "outcome_label"]
    found = snapshot.get("commitments", {}).get("countries", {})
    rows = list(_steps(snapshot["countries"], found))
    return Table("steps", _("Steps that countries publish"), columns, rows, _number(found))


def _number(found: Data) -> int:
    return sum(len(one["earlier"]) + len(one["promised"]) for one in found.values())


def _steps(countries: list[Data], found: Data) -> Iterator[list[Value]]:
    for country in countries:
        of_country = found.get(country["iso2"], {"earlier": [], "promised": []})
        for one in (*of_country["earlier"], *of_country["promised"]):
            outcome = one.get("outcome", "")
            yield [
                *(
                    country["iso3"],
                    str(numbers.text(country["name"])),
                    one["cycle"],
                    one["label"],
                    one["step"],
                    one["by"],
                ),
                *(one["lead"], outcome, str(commitments.WORDS[outcome]) if outcome else ""),
            ]


def _counts(snapshot: Data) -> Table:
    """A row for all steps of earlier cycles, for each area and each sub-region, with what became of them."""
    columns = ["kind", "part", "part_title", *OUTCOMES, "steps", "countries", "published_steps_only"]
    counted = snapshot.get("commitments", {})
    titles = {area["code"]: str(numbers.text(area["title"])) for area in Document(snapshot).edition["areas"]}
    rows: list[list[Value]] = []
    if counted and (counted["areas"] or counted["total"]["steps"]):
        parts = [("total", "", "", counted["total"])]
        parts += [("area", code, titles.get(code, ""), one) for code, one in counted["areas"].items()]
        parts += [("subregion", name, name, one) for name, one in counted["regions"].items()]
        for kind, part, title, one in parts:
            outcomes = [one[outcome] for outcome in OUTCOMES]
            rows.append([kind, part, title, *outcomes, one["steps"], one["countries"], one["public_only"]])
    return Table("steps_counted", _("Steps of earlier cycles"), columns, rows, len(rows))
