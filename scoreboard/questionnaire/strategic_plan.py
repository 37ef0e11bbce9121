"""Loads a strategic plan from a file that can be loaded repeatedly; the file overwrites what is stored."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from scoreboard import activity, public_pages
from scoreboard.activity import Verb
from scoreboard.errors import Invalid
from scoreboard.models import Edition, StrategicPlan
from scoreboard.questionnaire.file import Refused, parse, schema_faults

SCHEMA = Path(__file__).with_name("strategic-plan.schema.json")
FILE = settings.BASE_DIR / "fixtures" / "strategic-plan.yaml"

Data = dict[str, Any]


@transaction.atomic
def load(content: bytes) -> tuple[StrategicPlan, bool]:
    """Store the plan in a file; return it, and whether anything changed. Public pages show it at once.

    Raises Invalid with the place of each fault.
    """
    try:
        document = parse(content)
    except Refused as refused:
        raise Invalid(str(refused)) from refused
    if faults := schema_faults(document, SCHEMA) or list(_faults(document)):
        raise Invalid("\n".join(f"{place}: {sentence}" for place, sentence in faults))
    plan = StrategicPlan.objects.filter(code=document["code"]).first() or StrategicPlan(code=document["code"])
    values = _values(document)
    if plan.pk and all(getattr(plan, name) == value for name, value in values.items()):
        return plan, False
    for name, value in values.items():
        setattr(plan, name, value)
    try:
        plan.full_clean()
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
    plan.save()
    activity.record(Verb.LOAD_STRATEGIC_PLAN, by=None, detail=plan.code)
    public_pages.change()
    return plan, True


def of_edition(edition: Edition) -> StrategicPlan | None:
    """Return the plan by whose objectives the results of an edition are read; None if there is none."""
    first, before = edition, {one.pk: one for one in Edition.objects.all()} if edition.previous_id else {}
    while first.previous_id:
        first = before[first.previous_id]
    return StrategicPlan.objects.filter(instrument=first.instrument or first.code).first()


def document(plan: StrategicPlan) -> Data:
    """Return a plan as plain data, for a snapshot and for computing."""
    return {
        "code": plan.code,
        "title": plan.title.data,
        "provisional": plan.provisional,
        "note": _text(plan.note),
        "baseline": {"year": plan.baseline_year, "cycle": plan.baseline_cycle},
        "target": {"year": plan.target_year, "percent": plan.target_percent},
        "index": plan.index and {**plan.index, "title": _text(plan.index_title), "caution": _text(plan.index_caution)},
        "objectives": plan.objectives,
    }


def _text(value: LazyI18nString) -> Data:
    return value.data if isinstance(value.data, dict) else {}


def _values(document: Data) -> Data:
    baseline, target, index = document["baseline"], document["target"], document.get("index")
    return {
        "instrument": document["instrument"],
        "title": LazyI18nString(document["title"]),
        "provisional": document.get("provisional", False),
        "note": LazyI18nString(document.get("note", "")),
        "baseline_year": baseline["year"],
        "baseline_cycle": baseline.get("cycle", ""),
        "target_year": target["year"],
        "target_percent": target["percent"],
        "index": {key: index.get(key) for key in ("form", "year", "number", "comparable")} if index else None,
        "index_title": LazyI18nString(index["title"] if index else ""),
        "index_caution": LazyI18nString(index["caution"] if index else ""),
        "objectives": [{"actions": [], "milestones": [], **one} for one in document["objectives"]],
    }


def _faults(document: Data) -> Iterator[tuple[str, str]]:
    """What a plan says twice."""
    codes: set[str] = set()
    for n, objective in enumerate(document["objectives"]):
        if objective["code"] in codes:
            yield f"objectives[{n}].code", _("The code “%s” is used twice.") % objective["code"]
        codes.add(objective["code"])
