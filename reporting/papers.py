"""Papers made at once for one reader: the blank questionnaire, a country's own submission, a receipt."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from reporting import pdf, typesetting, wording
from scoreboard import editions, figures, receipts
from scoreboard.clock import now
from scoreboard.errors import NotNow
from scoreboard.models import Edition, Indicator, Submission, Version
from scoreboard.wording import moment

STATIC = settings.BASE_DIR / "static"


def paper_pdf(template: str, context: dict[str, Any]) -> bytes:
    """Return a template of `pdf/` as a tagged PDF in the active language; raise NotNow where none can be made."""
    if reason := pdf.unavailable():
        raise NotNow(reason)
    frame = {"language": translation.get_language(), "direction": "rtl" if get_language_bidi() else "ltr"}
    return typesetting.section(render_to_string(f"pdf/{template}.html", frame | context), STATIC)


def questionnaire_pdf(edition: Edition, language: str) -> bytes:
    """Return the questionnaire without answers, in one of its edition's languages."""
    with translation.override(language):
        title, mark = str(edition.title), _("Provisional wording") if edition.provisional else ""
        how = [text for text in (edition.answer_rule, edition.reading) if text]
        context = {"title": title, "mark": mark, "how": how, "document": _Questionnaire(edition)}
        section = {"anchor": "questionnaire", "title": title}
        return paper_pdf("blank", context | {"section": section, "running": {"title": title, "mark": mark}})


def submission_pdf(submission: Submission) -> bytes:
    """Return the country's answers: those accepted, else as they stand now and marked as a draft."""
    version, answers = receipts.stands(submission)
    edition = submission.cycle.edition
    by_code = {says["code"]: says for says in answers}
    areas = [
        (area, [_reply(indicator, by_code[indicator.code]) for indicator in area.indicators.all()])
        for area in edition.whole
    ]
    context = _about(submission) | {
        "title": f"{submission.country} · {submission.cycle}",
        "version": version,
        "areas": areas,
        "stand": moment(version.at if version else now(), submission.cycle),
    }
    if version is None:
        context["mark"] = " · ".join(filter(None, [_("Draft, not accepted"), context["mark"]]))
    return paper_pdf("submission", context)


def receipt_pdf(submission: Submission, version: Version) -> bytes:
    """Return the receipt of a version."""
    title = _("Receipt of version %(number)s") % {"number": version.number}
    context = _about(submission) | {
        "title": f"{title} · {submission}",
        "version": version,
        "stand": moment(version.at, submission.cycle),
        "lines": receipts.lines(version.answers),
    }
    return paper_pdf("receipt", context)


class _Questionnaire:
    """An edition as the template of the questionnaire in the assessment reads it."""

    def __init__(self, edition: Edition):
        self.edition = editions.export(edition)
        self.is_provisional = edition.provisional
        self.language = wording.language(self.edition["title"])
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
        "text_language": wording.language(edition.title.data),
        "mark": " · ".join(marks),
    }


def _reply(indicator: Indicator, says: dict[str, Any]) -> dict[str, Any]:
    form = getattr(indicator, "data_form", None)
    rows = says.get("figures")
    table = figures.Table(str(form.title), form.all_columns, rows) if form and rows else None
    return {"indicator": indicator, "says": says, "table": table}
