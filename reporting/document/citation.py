"""An issue as others cite and index it: BibTeX, CSL-JSON, and schema.org's Dataset."""

import json
import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from reporting.models import Assessment

Data = dict[str, Any]
SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
SPECIAL |= {sign: f"\\{sign}" for sign in "{}&%$#_"}


def title(assessment: Assessment) -> str:
    """Return what the issue is called in a list of references; one of example data says so."""
    words = {"cycle": assessment.cycle, "issue": assessment.issue}
    if assessment.cycle.is_example:
        return _("%(cycle)s: assessment, issue %(issue)s (invented example data)") % words
    return _("%(cycle)s: assessment, issue %(issue)s") % words


def address(assessment: Assessment) -> str:
    """Return the lasting address of a published issue."""
    return f"{settings.SITE_URL}{reverse('report', args=[assessment.pk])}"


def bibtex(assessment: Assessment) -> str:
    """Return the issue as an entry for BibTeX."""
    published = _day(assessment)
    fields = {
        "author": f"{{{_escaped(settings.PORTAL_NAME)}}}",  # a second brace: an institution, not first and last name
        "title": f"{{{_escaped(title(assessment))}}}",
        "institution": _escaped(settings.PORTAL_NAME),
        "year": str(published.year),
        "month": str(published.month),
        "number": _escaped(assessment.document_number or str(assessment.issue)),
        "url": address(assessment),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@techreport{{assessment-{assessment.cycle.code}-{assessment.issue},\n{lines}\n}}\n"


def csl(assessment: Assessment) -> list[Data]:
    """Return the issue as CSL-JSON, which reference managers read."""
    published = _day(assessment)
    return [
        {
            "id": f"assessment-{assessment.cycle.code}-{assessment.issue}",
            "type": "report",
            "title": title(assessment),
            "author": [{"literal": settings.PORTAL_NAME}],
            "publisher": settings.PORTAL_NAME,
            "number": assessment.document_number or str(assessment.issue),
            "issued": {"date-parts": [[published.year, published.month, published.day]]},
            "URL": address(assessment),
        }
    ]


def dataset(assessment: Assessment, *, countries: Sequence[str], counted: int, questionnaire: str) -> Data:
    """Return what search engines for data read of a published issue that names these of the countries it counts."""
    files = [
        {
            "@type": "DataDownload",
            "name": str(product.get_kind_display()),
            "contentUrl": settings.SITE_URL + reverse("report_product", args=[assessment.pk, product.kind]),
            "encodingFormat": product.content_type.split(";")[0],
            "sha256": product.sha256,
        }
        for product in assessment.data_files
    ]
    found = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": title(assessment),
        "description": _("Levels that %(n)s countries gave themselves, by indicator, with results by area.")
        % {"n": counted},
        "url": address(assessment),
        "version": str(assessment.issue),
        "datePublished": _day(assessment).isoformat(),
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": settings.PORTAL_NAME, "url": f"{settings.SITE_URL}/"},
        "spatialCoverage": list(countries),
        "keywords": [questionnaire],
        "distribution": files,
        "isPartOf": {
            "@type": "Dataset",
            "name": _("%s: everything published") % settings.PORTAL_NAME,
            "description": _("The levels, comments and results of all published cycles as flat tables."),
            "url": settings.SITE_URL + reverse("published-datapackage"),
        },
    }
    return found | ({"license": settings.DATA_LICENCE_URL} if settings.DATA_LICENCE_URL else {})


def as_script(data: Data) -> str:
    """Return data as JSON that is safe within a script element: without the signs that HTML reads."""
    written = json.dumps(data, ensure_ascii=False)
    return re.sub(r"[<>&\u2028\u2029]", lambda sign: f"\\u{ord(sign[0]):04x}", written)


def _day(assessment: Assessment) -> Any:
    if assessment.published_at is None:
        raise ValueError("Only what is published is cited.")
    return assessment.cycle.day(assessment.published_at)


def _escaped(text: object) -> str:
    return "".join(SPECIAL.get(sign, sign) for sign in str(text))
