"""Papers for one reader: the blank questionnaire, a country's submission, its summary, a receipt, a look at a draft.

A page requests one, and the worker makes it. It is stored under the hash of all that it is made from, so it is made
once as long as none of that changes.
"""

import errno
import hashlib
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError
from django.db.models import Max, Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from reporting.charts.svg import WIDTH, Chart
from reporting.document import missing_glyphs, numbers
from reporting.document.ministers_page import MinistersPage
from reporting.models import Paper, Product
from reporting.models.assessments import private_storage
from reporting.pdf import assessment as pdf
from reporting.pdf import draft_stamp, processes
from scoreboard import schedule, zones
from scoreboard.clock import now
from scoreboard.data_tables import tables
from scoreboard.errors import NotNow
from scoreboard.mail.letters import paragraphs
from scoreboard.models import Edition, Indicator, Letter, Submission, Version
from scoreboard.phrases import moment
from scoreboard.questionnaire import importing
from scoreboard.stored_files import NoAnswer
from scoreboard.submissions import commitments, receipts

log = logging.getLogger(__name__)

State = Paper.State
PATIENCE = 2  # seconds that a page waits for the worker before it shows the state of the work
EDGE = 12  # around a picture
ATTEMPTS = 2  # a paper that ends its worker twice is not tried again without being asked
RETENTION = timedelta(days=7)  # after it was last asked for
PICTURES = 200  # papers an hour, after which no picture is taken up: visitors must not hold up what others wait for


@zones.no_page()
def of_template(template: str, context: dict[str, Any]) -> Paper:
    """Return a template of `pdf/`, in the active language, as a paper; raise NotNow where none can be made."""
    frame = {"language": translation.get_language(), "direction": "rtl" if get_language_bidi() else "ltr"}
    return of_html(missing_glyphs.marked(render_to_string(f"pdf/{template}.html", frame | context)))


def of_html(html: str, *, draft: bool = False) -> Paper:
    """Return HTML as a paper, marked as a draft if so asked; raise NotNow where none can be made."""
    return _paper(html, draft, html=html)


def of_product(product: Product) -> Paper:
    """Return a copy of a stored PDF that is marked as a draft; raise NotNow where none can be made."""
    return _paper(product.sha256, True, product=product)


def picture(chart: Chart) -> Paper:
    """Return a chart as a paper of its own size, to be given as PNG; raise NotNow where none can be made now."""
    frame = {"language": translation.get_language(), "direction": "rtl" if get_language_bidi() else "ltr"}
    size = {"width": f"{WIDTH + 2 * EDGE}", "height": f"{chart.height + 2 * EDGE:.0f}"}  # in any language with a point
    svg = SafeString(missing_glyphs.drawn(chart))
    html = render_to_string("pdf/chart.html", frame | size | {"chart": svg, "title": chart.spoken})
    return _paper(html, False, most=PICTURES, html=html)


def wait(paper: Paper, *, again: bool = False) -> bytes | None:
    """Return the paper's bytes, if need be after up to two seconds; None as long as it is not made.

    A failed one is tried again only if `again`. Where no worker runs, this does not wait.
    """
    if again:
        Paper.objects.filter(pk=paper.pk, state=State.FAILED).update(state=State.WAITING, attempts=0, error="")
    until = time.monotonic() + (PATIENCE if schedule.is_alive(schedule.last_sign()) else 0)
    while True:
        paper.refresh_from_db(fields=["state", "file", "sha256", "error", "requested_at"])
        if paper.state == State.DONE:
            return _read(paper)
        if paper.state == State.FAILED or time.monotonic() > until:
            return None
        time.sleep(0.1)


def make_waiting() -> int:
    """Make the papers that wait, for the worker; return how many were made."""
    made = 0
    while paper := _claim():
        made += _make(paper)
    return made


def forget_old() -> int:
    """Delete the papers that nobody has asked for lately, with their files; return how many."""
    old = list(Paper.objects.filter(used_at__lt=now() - RETENTION).exclude(state=State.MAKING))
    for paper in old:
        if paper.file:
            paper.file.delete(save=False)
        paper.delete()
    return len(old)


def questionnaire(edition: Edition, language: str) -> Paper:
    """Return the questionnaire without answers, in one of its edition's languages."""
    with translation.override(language):
        title, mark = str(edition.title), _("Provisional wording") if edition.provisional else ""
        how = [text for text in (edition.answer_rule, edition.reading) if text]
        context = {"title": title, "mark": mark, "how": how, "document": _Questionnaire(edition)}
        section = {"anchor": "questionnaire", "title": title}
        return of_template("blank", context | {"section": section, "running": {"title": title, "mark": mark}})


@zones.no_page()
def submission(submission: Submission) -> Paper:
    """Return the country's answers: those accepted, else the current ones marked as a draft."""
    version, answers = receipts.latest(submission)
    edition = submission.cycle.edition
    by_code = {answer["code"]: answer for answer in answers}
    areas = [
        (area, [_reply(indicator, by_code[indicator.code]) for indicator in area.indicators.all()])
        for area in edition.whole
    ]
    # A draft names its last change, not the moment of the download: unchanged, it is the same document.
    changed = version.at if version else submission.answers.aggregate(at=Max("changed_at"))["at"]
    context = _about(submission) | {
        "title": f"{submission.country} · {submission.cycle}",
        "version": version,
        "areas": areas,
        "commitments": version.commitments if version else commitments.snapshot(submission),
        "as_of": moment(changed, submission.cycle) if changed else "",
    }
    if version is None:
        context["mark"] = " · ".join(filter(None, [_("Draft, not accepted"), context["mark"]]))
    return of_template("submission", context)


@zones.no_page()
def receipt(submission: Submission, version: Version) -> Paper:
    """Return the receipt of a version."""
    title = _("Receipt of version %(number)s") % {"number": version.number}
    context = _about(submission) | {
        "title": f"{title} · {submission}",
        "version": version,
        "as_of": moment(version.at, submission.cycle),
        "lines": receipts.lines(version.answers),
    }
    return of_template("receipt", context)


@zones.no_page()
def ministers_page(page: MinistersPage) -> Paper:
    """Return the summary of an accepted submission for a government's head."""
    as_of = moment(page.at, page.submission.cycle)
    context = {"page": page, "title": page.title, "mark": page.marks, "as_of": as_of, "pages": 2}
    return of_template("ministers_page", context)


@zones.no_page()
def letters(letter: Letter, submissions: list[Submission]) -> Paper:
    """Return the letters to several countries, each on a page of its own."""
    filled = [(submission.country, paragraphs(letter, submission)) for submission in submissions]
    title = f"{letter.get_kind_display()} · {letter.cycle}"
    mark = _("Invented example data") if letter.cycle.is_example else ""
    return of_template("letters", {"title": title, "mark": mark, "letters": filled})


def _paper(source: str, draft: bool, *, most: int | None = None, **fields: Any) -> Paper:
    """Return the paper made from this source, new and waiting if there is none yet.

    Raises NotNow where none can be made, and for a new one if `most` were asked for within an hour.
    """
    if reason := pdf.unavailable():
        raise NotNow(reason)
    language = (translation.get_language() or settings.LANGUAGE_CODE) if draft else ""
    key = processes.fingerprint(source, language)
    lately = Paper.objects.filter(requested_at__gt=now() - timedelta(hours=1))
    if most is not None and lately.count() >= most and not Paper.objects.filter(key=key).exists():
        raise NotNow(_("Many pictures were asked for within the last hour. Take the SVG, or try again later."))
    paper, _new = Paper.objects.get_or_create(key=key, defaults=fields | {"draft": language})
    Paper.objects.filter(pk=paper.pk).update(used_at=now())
    return paper


def _read(paper: Paper) -> bytes | None:
    """Return a made paper's bytes; if they are not as they were stored, let it be made again the next time.

    Raises NoAnswer.
    """
    try:
        with paper.file.open("rb") as file:
            content: bytes = file.read()
    except NoAnswer:
        raise
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != paper.sha256:
        log.error("The file of paper %s is missing or changed; it is made again.", paper.pk)
        paper.delete()
        return None
    return content


def _claim() -> Paper | None:
    """Take the paper that has waited longest, or one whose worker was killed; None if there is none."""
    moment = now()
    left = Q(state=State.MAKING, claimed_until__lt=moment)
    Paper.objects.filter(left, attempts__gte=ATTEMPTS).update(
        state=State.FAILED,
        error=_("The worker was stopped in the middle of it. Ask the operator to look into its log."),
    )
    for paper in Paper.objects.filter(Q(state=State.WAITING) | left).order_by("requested_at", "pk")[:10]:
        mine = Paper.objects.filter(pk=paper.pk, state=paper.state, attempts=paper.attempts)
        if mine.update(state=State.MAKING, attempts=paper.attempts + 1, claimed_until=moment + Paper.LEASE):
            paper.attempts += 1
            return paper
    return None


def _make(paper: Paper) -> bool:
    """Make a paper that was claimed and store it, or note why not; return whether it was made."""
    mine = Paper.objects.filter(pk=paper.pk, state=State.MAKING, attempts=paper.attempts)
    try:
        content = _content(paper, lambda: mine.update(claimed_until=now() + Paper.LEASE))
        name = private_storage().save(f"papers/{paper.key}.pdf", ContentFile(content))
    except DatabaseError:
        raise  # the claim lapses, and it is made later
    except Exception as error:  # a paper that fails must not end the worker, and its page says so
        log.exception("Paper %s could not be made", paper.pk)
        mine.update(state=State.FAILED, error=_why(error))
        return False
    digest = hashlib.sha256(content).hexdigest()
    if not mine.update(state=State.DONE, file=name, sha256=digest, html="", claimed_until=None):
        private_storage().delete(name)  # another worker took it up meanwhile
        return False
    return True


def _why(error: Exception) -> str:
    """Return what the page of a paper says that could not be made."""
    if isinstance(error, NoAnswer):
        return error.sentence
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES):
        return _("The portal’s disk is full or cannot be written to. Ask the operator to look at it, then try again.")
    return _("The PDF could not be made. Ask the operator to look into the worker’s log.")


def _content(paper: Paper, beat: Callable[[], object]) -> bytes:
    if paper.product:
        with paper.product.file.open("rb") as file:
            content: bytes = file.read()
    else:
        content = processes.alone(paper.html, beat)
    if paper.draft:
        with translation.override(paper.draft):
            content = draft_stamp.stamped(content)
    return content


class _Questionnaire:
    """An edition as the template of the questionnaire in the assessment reads it."""

    def __init__(self, edition: Edition):
        self.edition = importing.export(edition)
        self.is_provisional = edition.provisional
        self.language = numbers.language(self.edition["title"])
        labels = {indicator.code: indicator.label for indicator in edition.all_indicators}
        self.questionnaire = [
            area | {"indicators": [one | {"label": labels[one["code"]]} for one in area["indicators"]]}
            for area in self.edition["areas"]
        ]


def _about(submission: Submission) -> dict[str, Any]:
    """What each paper of a submission shows."""
    edition = submission.cycle.edition
    marks = [_("Invented example data")] if submission.cycle.is_example else []
    marks += [_("Provisional wording")] if edition.provisional else []
    return {
        "submission": submission,
        "cycle": submission.cycle,
        "country": submission.country,
        "edition": edition,
        "text_language": numbers.language(edition.title.data),
        "mark": " · ".join(marks),
    }


def _reply(indicator: Indicator, content: dict[str, Any]) -> dict[str, Any]:
    form = getattr(indicator, "data_form", None)
    rows = content.get("figures")
    table = tables.Table(str(form.title), form.all_columns, rows, form.checks) if form and rows else None
    return {"indicator": indicator, "content": content, "table": table}
