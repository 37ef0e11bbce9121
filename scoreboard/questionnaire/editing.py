"""Editing an edition on the portal's pages: its texts, a duplicate as a draft, its faults, and two side by side.

Each change goes the way of a file: the edition is exported, the document changed and imported again. So the same
checks hold, the same changes are refused once a cycle uses it, and all are logged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoreboard import rules
from scoreboard.errors import NotNow, Stale
from scoreboard.models import Edition, User
from scoreboard.questionnaire import file, importing
from scoreboard.questionnaire.exporting import Difference, export
from scoreboard.questionnaire.file import Document, EditionError

Texts = dict[str, str]  # by language

LABELS = {
    "title": gettext_lazy("Title"),
    "introduction": gettext_lazy("Introduction"),
    "report_lead": gettext_lazy("Lead of its chapter in the report"),
    "measures": gettext_lazy("What it measures"),
    "guidance": gettext_lazy("Guidance"),
    "help": gettext_lazy("Help"),
    "short_title": gettext_lazy("Short title"),
    "provisional_note": gettext_lazy("Note on the provisional wording"),
    "mandate": gettext_lazy("Mandate"),
    "caution": gettext_lazy("Caution"),
    "change_caution": gettext_lazy("Caution beside changes"),
    "reading": gettext_lazy("How to read the ladder"),
    "answer_rule": gettext_lazy("Which level to answer with"),
}
ONE_LINE = {"title", "short_title"}
REQUIRED = {"title", "short_title", "measures"}
AREA_TEXTS = ("title", "short_title", "introduction", "report_lead")
INDICATOR_TEXTS = ("title", "short_title", "measures", "guidance")
OF_EDITION = [key for key in LABELS if key in importing.EDITION_TEXTS]


@dataclass(frozen=True)
class Text:
    """A text of an edition: its place in the document, its label and its words by language."""

    place: str
    label: str
    words: Texts
    long: bool = True
    required: bool = False


@dataclass(frozen=True)
class Part:
    """Texts of an edition that belong together, such as those of an indicator."""

    title: str
    texts: list[Text]


def parts(edition: Edition, area: str = "") -> list[Part]:
    """Return the texts of one of the edition's areas, given by code, or those of the whole."""
    document = export(edition)
    if not area:
        return [Part(str(edition), [_text("", document, key) for key in OF_EDITION])]
    found = [(n, part) for n, part in enumerate(document["areas"]) if part["code"] == area]
    return [part for n, whole in found for part in _of_area(f"areas[{n}]", whole)]


def _of_area(place: str, area: Document) -> Iterator[Part]:
    yield Part(area["code"], [_text(place, area, key) for key in AREA_TEXTS])
    for n, indicator in enumerate(area["indicators"]):
        here = f"{place}.indicators[{n}]"
        texts = [_text(here, indicator, key) for key in INDICATOR_TEXTS]
        for i, level in enumerate(indicator["levels"]):
            words = level["text"] if isinstance(level["text"], dict) else {}
            texts.append(Text(f"{here}.levels[{i}].text", _("Level %s") % level["value"], words, required=True))
        if form := indicator.get("data_form"):
            texts += [_text(f"{here}.data_form", form, key) for key in ("title", "introduction")]
            for i, column in enumerate(form["columns"]):
                texts += [_text(f"{here}.data_form.columns[{i}]", column, key) for key in ("title", "help")]
        yield Part(f"{area['code']} · {indicator['code']}", texts)


def _text(place: str, node: Document, key: str) -> Text:
    where = f"{place}.{key}" if place else key
    needed = key in REQUIRED and (key != "short_title" or not place)  # an edition has one, its parts may have one
    return Text(where, str(LABELS[key]), node.get(key) or {}, key not in ONE_LINE, needed)


@transaction.atomic
def reword(edition: Edition, words: Mapping[str, Texts], *, by: User, seen: str) -> list[Difference]:
    """Replace texts of the edition, given by place and language; return what changed.

    `seen` is the stamp of the edition whose texts were edited. Raises PermissionDenied; Stale if somebody changed the
    edition since; EditionError as the import of a file does: for a missing translation, and for wording that is final.
    """
    rules.require(by, "manage_editions")
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if str(edition.stamp) != seen:
        raise Stale(_("Somebody changed this edition since you opened the page. Compare, then save again."), edition)
    document = export(edition)
    for place, texts in words.items():
        _put(document, place, {language: text for language, text in texts.items() if text})
    return _import(document, by)[1]


def _put(document: Document, place: str, texts: Texts) -> None:
    """Set the texts at a place such as `areas[0].indicators[3].title`, which `parts` has given; none removes them."""
    *path, key = place.replace("]", "").replace("[", ".").split(".")
    node: Any = document
    for step in path:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if texts:
        node[key] = texts
    else:
        node.pop(key, None)


@transaction.atomic
def duplicate(edition: Edition, *, code: str, year: int, by: User) -> Edition:
    """Return a new edition with the same questions, each traced to the one it comes from; no cycle uses it yet.

    Raises PermissionDenied; EditionError if the code is taken or cannot be one.
    """
    rules.require(by, "manage_editions")
    if Edition.objects.filter(code=code).exists():
        raise EditionError([_("code: Another edition has this code. Choose a different one.")])
    document = export(edition) | {"code": code, "year": year, "previous": edition.code}
    document.pop("instrument", None)  # that of the first edition
    document["areas"] = [
        {key: value for key, value in area.items() if key != "from"}
        | {"indicators": [one | {"relation": "same", "from": [one["code"]]} for one in area["indicators"]]}
        for area in document["areas"]
    ]
    return _import(document, by)[0]


@transaction.atomic
def close(edition: Edition, *, by: User) -> Edition:
    """Declare the wording of a provisional edition final. Raises PermissionDenied, NotNow, EditionError."""
    rules.require(by, "manage_editions")
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if not edition.provisional:
        raise NotNow(_("The wording of this edition is final already."))
    document = {key: value for key, value in export(edition).items() if key not in ("provisional", "provisional_note")}
    return _import(document, by)[0]


def _import(document: Document, by: User) -> tuple[Edition, list[Difference]]:
    if problems := file.check(document):
        raise EditionError(problems)
    return importing.import_edition(document, by=by)


def faults(edition: Edition) -> list[str]:
    """Return what is wrong in an edition, or may be, a sentence each."""
    document = export(edition)
    return [*file.check(document), *importing.doubts(document)]


@dataclass(frozen=True)
class Compared:
    """An indicator in two editions: the texts that differ. One that only one of them has has none."""

    code: str
    title: str
    place: str  # "both", "old" or "new"
    differing: list[tuple[str, Texts, Texts]]


def compare(old: Edition, new: Edition) -> list[Compared]:
    """Return the indicators of two editions by code, in the order of the newer one: what differs, goes and comes."""
    before, after = _indicators(export(old)), _indicators(export(new))
    names = {code: str(one.title) for edition in (old, new) for one in edition.all_indicators for code in [one.code]}
    found = []
    for code in [*after, *(code for code in before if code not in after)]:
        place = "both" if code in before and code in after else "new" if code in after else "old"
        differing = _differing(before[code], after[code]) if place == "both" else []
        found.append(Compared(code, names[code], place, differing))
    return found


def _indicators(document: Document) -> dict[str, Document]:
    return {indicator["code"]: indicator for area in document["areas"] for indicator in area["indicators"]}


def _differing(before: Document, after: Document) -> list[tuple[str, Texts, Texts]]:
    """Return label, old and new words of the texts of an indicator that differ, its ladder included."""
    keys = ("title", "measures", "guidance")
    pairs = [(str(LABELS[key]), before.get(key) or {}, after.get(key) or {}) for key in keys]
    levels = [{level["value"]: level["text"] for level in one["levels"]} for one in (before, after)]
    pairs += [
        (_("Level %s") % value, levels[0].get(value, {}), levels[1].get(value, {}))
        for value in sorted(levels[0].keys() | levels[1].keys())
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]
