"""The actions of a plan as a table that goes round ministries and comes back: what it would change, shown first."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from scoreboard import rules, table_reading
from scoreboard.errors import DomainError, Invalid
from scoreboard.models import ActionPlan, Origin, PlanAction, User
from scoreboard.plans import actions, register
from scoreboard.plans.actions import MAX_ACTIONS, ActionFacts
from scoreboard.table_reading import Formula
from scoreboard.text import number, one_line, stripped

SALT = "scoreboard.plans"
MAX_AGE = 24 * 60 * 60
FIELDS = ("number", "text", "lead", "partners", "starts", "ends", "status", "indicators")
DAYS = ("%Y-%m-%d", "%d.%m.%Y")  # a date with slashes could be read in two ways


def columns() -> list[str]:
    """Return the names of the columns in the active language; the first says which action and revision a row was."""
    return [_("key (do not change)"), *map(_name, FIELDS)]


def rows(plan: ActionPlan) -> Iterator[list[Any]]:
    """Yield the actions of a plan, a row each, as the file has them in the active language."""
    for action in plan.actions.order_by("number"):
        shown = [_shown(name, getattr(action, name)) for name in FIELDS[1:]]
        yield [f"{action.pk}-{action.revision}", action.number, *shown]


@dataclass(frozen=True)
class Difference:
    """An action that the file would add or change; `problem` says why it cannot, `fields` what is old and new."""

    key: str  # of its row on the page
    number: int | None
    fields: list[tuple[str, str, str]]
    pk: int | None = None
    seen: int = 0  # the revision now
    given: ActionFacts | None = None
    is_contested: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Found:
    """All that differs, the actions that the file does not have, and the same signed for the form that asks."""

    differences: list[Difference]
    missing: list[PlanAction]
    signed: str = field(repr=False, default="")


def compare(plan: ActionPlan, content: bytes, name: str) -> Found:
    """Return what an uploaded file would change; nothing is written. Raises Invalid with a sentence for the file."""
    advice = _("Download the actions of the plan as a workbook, and fill that in.")
    sheet = table_reading.read(content, name, most_rows=MAX_ACTIONS, advice=advice)[0]
    body = [row for row in sheet.rows[1:] if any(str(cell or "").strip() for cell in row)]
    if len(body) > MAX_ACTIONS:
        raise Invalid(_("A plan holds at most %s actions.") % MAX_ACTIONS)
    if not sheet.rows or len(sheet.rows[0]) < len(FIELDS) + 1:
        raise Invalid(_("The file does not have the columns of this list.") + " " + advice)
    stored = {action.pk: action for action in plan.actions.order_by("number")}
    words = _Words(plan)
    found, named = [], set()
    for n, row in enumerate(body, start=2):
        one = _difference(stored, row, n, words)
        if one.pk in named and one.pk is not None:
            raise Invalid(
                _("Row %(row)s: the same key is in another row too. Leave it empty for a new action.") % {"row": n}
            )
        named.add(one.pk)
        if one.fields or one.problem:
            found.append(one)
    missing = [action for pk, action in stored.items() if pk not in named]
    kept = {one.key: [one.pk, one.seen, asdict(one.given)] for one in found if one.given}
    return Found(found, missing, signing.dumps([plan.pk, _dated(kept)], salt=SALT, compress=True))


@transaction.atomic
def take(plan: ActionPlan, signed: str, keys: Collection[str], *, by: User) -> tuple[int, list[str]]:
    """Write the chosen rows of the file; return how many, and a sentence for each that was refused meanwhile.

    Raises PermissionDenied, and Invalid if it is not what was found for this plan, or was found longer ago than a day.
    """
    rules.require_for(by, "write_plan", plan.country)
    try:
        pk, kept = signing.loads(signed, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature as error:
        raise Invalid(_("These differences are no longer at hand. Upload the file again.")) from error
    if pk != plan.pk:
        raise Invalid(_("These differences belong to another plan. Upload the file again."))
    done, refused = 0, []
    for key in (one for one in kept if one in keys):
        action, seen, given = kept[key]
        facts = ActionFacts(
            **given
            | {name: given[name] and date.fromisoformat(given[name]) for name in ("starts", "ends")}
            | {"indicators": tuple(given["indicators"])}
        )
        try:
            if action is None:
                actions.add(plan, facts, by=by, origin=Origin.WORKBOOK)
            else:
                stored = PlanAction.objects.select_related("plan__country").get(pk=action, plan=plan)
                actions.save(stored, facts, seen=seen, by=by, origin=Origin.WORKBOOK)
            done += 1
        except PlanAction.DoesNotExist:
            refused.append(_("An action was removed meanwhile."))
        except DomainError as problem:
            refused.append(problem.sentence)
    return done, refused


class _Words:
    """What cells may say: the labels of statuses in each language of the portal, and the codes of indicators."""

    def __init__(self, plan: ActionPlan) -> None:
        self.codes = {code.casefold(): code for code in register.known_codes(plan)[1]}
        self.statuses = {value.casefold(): value for value in PlanAction.Status.values}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                self.statuses |= {str(label).casefold(): value for value, label in PlanAction.Status.choices}


def _difference(stored: dict[int, PlanAction], row: list[Any], n: int, words: _Words) -> Difference:
    """Return what a row of the file changes, with no field if it changes nothing."""
    cells = dict(zip(("key", *FIELDS), [*row, *[None] * len(FIELDS)], strict=False))
    pk, revision = _key(cells.pop("key"), n)
    action = stored.get(pk) if pk is not None else None
    if pk is not None and action is None:
        return Difference(f"r{n}", None, [], problem=_("Row %s: this action is not in the plan any more.") % n)
    try:
        given = _facts(cells, words)
    except Invalid as problem:
        where = _("Row %(row)s: %(problem)s") % {"row": n, "problem": problem.sentence}
        return Difference(f"r{n}", action.number if action else None, [], pk=pk, problem=where)
    if action is not None and given.number is None:
        given = replace(given, number=action.number)
    fields = [
        (_name(name), _shown(name, old), _shown(name, new))
        for name in FIELDS
        if (old := getattr(action, name, None)) != (new := _stored(getattr(given, name))) and (old or new)
    ]
    if not fields:
        return Difference(f"r{n}", given.number, [], pk=pk)
    contested = action is not None and action.revision != revision
    seen = action.revision if action else 0
    return Difference(f"r{n}", given.number, fields, pk=pk, seen=seen, given=given, is_contested=contested)


def _key(cell: Any, n: int) -> tuple[int | None, int]:
    """Return the primary key and the revision of the action that a row was, None for a new one."""
    text = one_line(str(cell or ""))
    if not text:
        return None, 0
    pk, _dash, revision = text.partition("-")
    if number(pk) is None or number(revision) is None:
        raise Invalid(_("Row %s: the key was changed. Leave it empty for a new action.") % n)
    return number(pk), number(revision) or 0


def _facts(cells: dict[str, Any], words: _Words) -> ActionFacts:
    """Return what a row says; raise Invalid for a cell that says nothing that can be stored."""
    if any(isinstance(cell, Formula) for cell in cells.values()):
        raise Invalid(_("a cell holds a formula. Copy its result as text."))
    text = stripped(str(cells["text"] or ""))
    if not text:
        raise Invalid(_("say what is to be done, or delete the row."))
    status = one_line(str(cells["status"] or "")).casefold()
    if status and status not in words.statuses:
        raise Invalid(_("there is no status “%s”.") % cells["status"])
    typed = [one_line(part) for part in str(cells["indicators"] or "").replace(";", ",").split(",")]
    unknown = [one for one in typed if one and one.casefold() not in words.codes]
    if unknown:
        raise Invalid(_("there is no indicator “%s”.") % unknown[0])
    return ActionFacts(
        text=text,
        number=_number(cells["number"]),
        lead=one_line(str(cells["lead"] or "")),
        partners=one_line(str(cells["partners"] or "")),
        starts=_day(cells["starts"]),
        ends=_day(cells["ends"]),
        status=words.statuses.get(status, PlanAction.Status.PLANNED),
        indicators=tuple(words.codes[one.casefold()] for one in typed if one),
    )


def _number(cell: Any) -> int | None:
    if cell is None or str(cell).strip() == "":
        return None
    found = number(one_line(str(cell)).removesuffix(".0"))
    if found is None:
        raise Invalid(_("“%s” is no number of an action.") % cell)
    return found


def _day(cell: Any) -> date | None:
    """Return the day in a cell; raise Invalid for one that can be read in two ways or not at all."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = one_line(str(cell or ""))
    if not text:
        return None
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise Invalid(_("“%s” is no date. Type one such as 2026-09-30.") % text)


def _stored(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _name(field: str) -> str:
    """Return what people call a field of an action."""
    return str({one.name: one.verbose_name for one in PlanAction._meta.concrete_fields}[field])


def _shown(name: str, value: Any) -> str:
    """Return a value as the file and the page have it."""
    if isinstance(value, list | tuple):
        return ", ".join(value)
    if name == "status":
        return str(PlanAction.Status(value).label) if value else ""
    return value.isoformat() if isinstance(value, date) else str(value if value is not None else "")


def _dated(kept: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return what is kept with its days as text, for the signature."""
    for _pk, _seen, given in kept.values():
        for name in ("starts", "ends"):
            given[name] = given[name] and given[name].isoformat()
    return kept
