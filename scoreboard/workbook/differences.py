"""What an uploaded workbook would change: the answer as downloaded, in the file, and on the portal since."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from django.core import signing
from django.utils import translation
from django.utils.translation import gettext as _

from scoreboard.errors import Invalid
from scoreboard.models import Answer, AnswerVersion, Indicator, Submission
from scoreboard.submissions import answering, returns
from scoreboard.submissions.answering import AnswerInput
from scoreboard.workbook import cells
from scoreboard.workbook.reading import Book, Row

SALT = "scoreboard.workbook"
MAX_AGE = 24 * 60 * 60


@dataclass(frozen=True)
class ChangedCell:
    """A cell that was changed: its text as downloaded, in the file, and on the portal `now`."""

    part: cells.Part
    before: str
    file: str
    now: str

    @property
    def is_contested(self) -> bool:
        """Whether the portal's text is neither the downloaded one nor that of the file."""
        return self.now not in (self.before, self.file)


@dataclass(frozen=True)
class Difference:
    """An answer that the file would change; `problem` says why it cannot, `given` is the answer afterwards."""

    indicator: Indicator
    answer: Answer | None
    changes: list[ChangedCell]
    given: AnswerInput | None = None
    problem: str = ""
    asks_why: bool = False

    @property
    def is_contested(self) -> bool:
        """Whether somebody changed the same on the portal since the file was downloaded."""
        return any(change.is_contested for change in self.changes)


@dataclass(frozen=True)
class Found:
    """All that differs, and the same signed, for the form that asks which of it to write."""

    differences: list[Difference]
    signed: str = field(repr=False)

    @property
    def can_be_taken(self) -> bool:
        """Whether any of it can be written."""
        return any(difference.given for difference in self.differences)


def compare(submission: Submission, book: Book) -> Found:
    """Return what the file would change, in the order of the questionnaire; raise Invalid for unknown revisions."""
    answers = {answer.indicator_id: answer for answer in submission.answers.select_related("level", "changed_by")}
    versions = AnswerVersion.objects.filter(answer__submission=submission).select_related("level")
    indicators = submission.cycle.edition.all_indicators
    downloaded = _downloaded(book, versions, indicators, answers)
    owners = _owners(indicators, book.language)
    needing_reason = returns.needing_reason(submission)
    differences = []
    for indicator in indicators:
        row, answer = book.rows[indicator.code], answers.get(indicator.pk)
        with translation.override(book.language):  # in which the entries of the lists were written
            changes, fields, unknown = _changes(indicator, row, downloaded[indicator.code], answer)
        if not changes:
            continue
        given = cells.changed(answer, fields)
        problem = _of_another(indicator, row, owners, book.lists[indicator.code]) or _problem(indicator, given, unknown)
        asks_why = indicator.pk in needing_reason and not problem
        differences.append(Difference(indicator, answer, changes, None if problem else given, problem, asks_why))
    return Found(differences, _signed(submission, differences))


def signed_answers(submission: Submission, signed: str) -> tuple[dict[str, AnswerInput], dict[str, int]]:
    """Return what `compare` found, by indicator code, with the revisions that were shown with it.

    Raises Invalid if it is not what was found for this submission, or was found longer ago than a day.
    """
    try:
        pk, rows = signing.loads(signed, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature as error:
        raise Invalid(_("These differences are no longer at hand. Upload the file again.")) from error
    if pk != submission.pk:
        raise Invalid(_("These differences belong to another submission. Upload the file again."))
    return {code: AnswerInput(**given) for code, (_seen, given) in rows.items()}, {
        c: seen for c, (seen, _g) in rows.items()
    }


def _signed(submission: Submission, differences: Iterable[Difference]) -> str:
    rows = {
        found.indicator.code: [found.answer.revision if found.answer else 0, asdict(found.given)]
        for found in differences
        if found.given
    }
    return signing.dumps([submission.pk, rows], salt=SALT, compress=True)


def _downloaded(
    book: Book, versions: Iterable[AnswerVersion], indicators: Iterable[Indicator], answers: dict[int, Answer]
) -> dict[str, AnswerVersion | None]:
    """Return each answer as the file showed it when it was downloaded."""
    by_revision = {(version.answer_id, version.revision): version for version in versions}
    found: dict[str, AnswerVersion | None] = {}
    for indicator in indicators:
        revision = book.rows[indicator.code].seen
        answer = answers.get(indicator.pk)
        version = by_revision.get((answer.pk, revision)) if answer else None
        if revision and version is None:
            raise Invalid(_("The file shows answers that this portal never had. Download it again."))
        found[indicator.code] = version
    return found


def _changes(
    indicator: Indicator, row: Row, downloaded: AnswerVersion | None, answer: Answer | None
) -> tuple[list[ChangedCell], cells.Content, str]:
    """Return the cells of a row that were changed, the fields that they set, and a text that is not in its list."""
    changes: list[ChangedCell] = []
    fields: cells.Content = {}
    unknown = ""
    before, now = cells.texts(indicator, downloaded), cells.texts(indicator, answer)
    for part in cells.PARTS:
        name = part.name
        if (cell := row.texts.get(name)) is None:
            continue
        wanted = cells.fields(indicator, name, cell)
        if wanted in (cells.fields(indicator, name, before[name]), cells.fields(indicator, name, now[name])):
            continue
        changes.append(ChangedCell(part, before[name], cell, now[name]))
        fields |= wanted or {}
        unknown = unknown or ("" if wanted else cell)
    return changes, fields, unknown


def _owners(indicators: Iterable[Indicator], language: str) -> dict[str, list[Indicator]]:
    """Return the indicators by the texts of their levels: of each level, as in lists, and of all together."""
    found: dict[str, list[Indicator]] = defaultdict(list)
    with translation.override(language):
        for indicator in indicators:
            for text in {cells.comparable(text) for text in (cells.levels(indicator), *cells.level_options(indicator))}:
                found[text].append(indicator)
    return found


def _of_another(indicator: Indicator, row: Row, owners: dict[str, list[Indicator]], listed: set[str]) -> str:
    """Return what is wrong with a row that shows levels which only other indicators have, else nothing.

    Sorting some of the columns leaves such rows, and nothing in them can be trusted then. The wording of its own levels
    may have been replaced while the file went round: `listed` are the entries of its list in the file.
    """
    listed_levels = [text.removesuffix("…") for text in listed if re.match("[0-9]+ · ", text)]
    levels, answer = cells.comparable(row.levels), cells.comparable(row.texts["answer"])
    for text, column, is_listed in (
        (levels, row.levels_column, bool(listed_levels) and all(text in levels for text in listed_levels)),
        (answer, row.answer_column, answer in listed),
    ):
        having = owners.get(text, [indicator])
        if indicator not in having and not is_listed:
            words = {"cell": f"{column}{row.number}", "area": indicator.area.code, "label": having[0].label}
            return (
                _("Cell %(cell)s on the sheet of area %(area)s shows a level of %(label)s, not of this indicator.")
                % words
                + " "
                + _("If cells were sorted or moved, undo that. Else choose from the list, or download the file again.")
            )
    return ""


def _problem(indicator: Indicator, given: AnswerInput, unknown: str) -> str:
    """Return what is wrong with the changed answer; `unknown` is a text that is not in its list."""
    if unknown:
        return _("“%(cell)s” is not in the list.") % {"cell": unknown[:80]}
    try:
        answering.require_answerable(indicator, given)
    except Invalid as refusal:
        return refusal.sentence
    return ""
