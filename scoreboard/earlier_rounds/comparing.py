"""What a file of earlier results would enter, with every fault by its place; and entering what was shown."""

import base64
import hashlib
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core import signing
from django.utils.translation import gettext as _

from scoreboard import rules
from scoreboard.earlier_rounds import entering, reading
from scoreboard.earlier_rounds.entering import Entry, SourceFile
from scoreboard.earlier_rounds.gathering import Choices, Editions, Gathered, Gatherer
from scoreboard.earlier_rounds.reading import Fault
from scoreboard.errors import Invalid, Stale
from scoreboard.models import Country, Cycle, Origin, ResultsImport, User
from scoreboard.text import alphabetical, one_line

SALT = "scoreboard.earlier_rounds"
LISTED = 200  # faults: who has more corrects these first
NAMES = 30  # unknown ones: a file with more is of other countries


@dataclass(frozen=True)
class Shown:
    """What the file says of one country in one cycle, in numbers."""

    entry: Entry
    counts: Mapping[str, int]  # kind of answer → how many
    figures: int
    links: int
    asked: int

    @property
    def answered(self) -> int:
        """How many indicators it answers."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Plan:
    """What a file would enter; with a fault nothing can be entered. `signed` carries the file to the next page."""

    shown: Sequence[Shown]
    faults: Sequence[Fault]
    skipped: Sequence[str] = ()
    signed: str = ""

    @property
    def listed(self) -> Sequence[Fault]:
        """The first faults."""
        return self.faults[:LISTED]

    @property
    def by_cycle(self) -> list[tuple[Cycle, list[Shown]]]:
        """What it would enter, by cycle, the countries in alphabetical order."""
        found: dict[int, list[Shown]] = defaultdict(list)
        for one in sorted(self.shown, key=lambda one: (one.entry.cycle.code, alphabetical(one.entry.country))):
            found[one.entry.cycle.pk].append(one)
        return [(some[0].entry.cycle, some) for some in found.values()]

    @property
    def n(self) -> int:
        """How many answers it would enter."""
        return sum(one.answered for one in self.shown)

    @property
    def unknown_names(self) -> list[str]:
        """The first names of countries that nobody knows."""
        return [fault.name for fault in self.faults if fault.name][:NAMES]


def compare(content: bytes, name: str, choices: Choices, *, by: User) -> Plan:
    """Return what the file would enter. Raises PermissionDenied, and Invalid for a file that cannot be read at all."""
    rules.require(by, "bring_in_results")
    plan = _plan(content, name, choices)
    packed = {
        "name": name,
        "content": base64.b64encode(zlib.compress(content)).decode(),
        "cycle": choices.cycle and choices.cycle.pk,
        "submitted_on": choices.submitted_on and choices.submitted_on.isoformat(),
        "not_recorded": choices.not_recorded,
        "digest": _digest(plan),
    }
    return Plan(plan.shown, plan.faults, plan.skipped, signing.dumps(packed, salt=f"{SALT}.{by.pk}"))


def again(signed: str, *, by: User) -> tuple[str, Plan]:
    """Return the name of a file that was shown to this person, and what it would enter now. Raises as `apply` does."""
    rules.require(by, "bring_in_results")
    content, name, choices, _seen = _unpacked(signed, by)
    return name, compare(content, name, choices, by=by)


def apply(signed: str, *, by: User, origin: Origin = Origin.PAGE) -> ResultsImport:
    """Enter what was shown, all of it or nothing.

    Raises PermissionDenied, Invalid for what was not shown to this person, and Stale if it would enter something else
    by now, as when a colleague has brought in the same cycle meanwhile.
    """
    rules.require(by, "bring_in_results")
    content, name, choices, seen = _unpacked(signed, by)
    plan = _plan(content, name, choices)
    if plan.faults or _digest(plan) != seen:
        why = plan.faults[0].sentence if plan.faults else ""
        raise Stale(_("Nothing is entered: something has changed since the file was shown. %s") % why)
    return enter(plan, content, name, by=by, origin=origin)


def enter(plan: Plan, content: bytes, name: str, *, by: User, origin: Origin) -> ResultsImport:
    """Enter a plan without faults, as one import of the file. Raises as `entering.enter` does."""
    source = SourceFile(one_line(name), hashlib.sha256(content).hexdigest())
    return entering.enter([one.entry for one in plan.shown], file=source, by=by, origin=origin)


def _unpacked(signed: str, by: User) -> tuple[bytes, str, Choices, str]:
    """Return the file, its name, the choices and the digest of what was shown; raise Invalid for anything else."""
    try:
        packed = signing.loads(signed, salt=f"{SALT}.{by.pk}")
    except signing.BadSignature:
        raise Invalid(_("What was shown got lost on the way. Choose the file again.")) from None
    content = zlib.decompress(base64.b64decode(packed["content"]))
    cycle = Cycle.objects.filter(pk=packed["cycle"]).first()
    day = packed["submitted_on"] and date.fromisoformat(packed["submitted_on"])
    return content, packed["name"], Choices(cycle, day, packed["not_recorded"]), packed["digest"]


def _digest(plan: Plan) -> str:
    """Return the SHA-256 of what a plan would enter."""
    data = [
        [
            one.entry.cycle.pk,
            one.entry.country.pk,
            one.entry.submitted_on and one.entry.submitted_on.isoformat(),
            {
                code: [vars(given), [vars(link) for link in one.entry.links.get(code, ())]]
                for code, given in one.entry.answers.items()
            },
        ]
        for one in plan.shown
    ]
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _plan(content: bytes, name: str, choices: Choices) -> Plan:
    editions = Editions(choices)
    found = reading.read(content, name, indicators=editions.names, forms=editions.columns)
    reader = Gatherer(editions, choices, found.faults)
    for line in found.answers:
        reader.take(line, reader.add_answer)
    for line in found.figures:
        reader.take(line, reader.add_figures)
    reader.finish()
    shown = [_shown(one) for one in reader.gathered.values() if one.answers]
    if not shown and not reader.faults:
        raise Invalid(_("The file holds no answers."))
    # The cells of a row in a wide table share its country and its day.
    faults = sorted(dict.fromkeys(reader.faults), key=lambda fault: (fault.place.sheet, fault.place.row))
    return Plan(shown, faults, found.skipped)


def _shown(one: Gathered) -> Shown:
    return Shown(
        Entry(one.cycle, one.country, one.submitted_on, one.answers, one.links),
        Counter(given.kind for given in one.answers.values()),
        sum(len(given.figures or []) for given in one.answers.values()),
        sum(map(len, one.links.values())),
        len(one.cycle.edition.all_indicators),
    )


def countries() -> Iterable[Country]:
    """Return the countries that a name can stand for, in alphabetical order."""
    return sorted(Country.objects.all(), key=alphabetical)
