"""An assessment as one tagged document, set by WeasyPrint in one process: what joined sections are measured against."""

from collections.abc import Mapping

from django.template.loader import render_to_string

from reporting.document.document import Document
from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from reporting.pdf import sections

# What the style sheet leaves to joining.
COUNTED = """<style>
@page { @bottom-right { content: "Page " counter(page) " of " counter(pages) } }
@page cover { @bottom-right { content: none } }
.contents a::after { content: leader(". . . . . ") target-counter(attr(href url), page) }
</style></head>"""


def html(assessment: Assessment, pages: Mapping[str, int] | None = None) -> str:
    """Return the whole as HTML; `pages` are the numbers that its sections are told, as in `Section.html`."""
    document, about = Document(assessment.snapshot), pdf.particulars(assessment)
    written = [part.html(document, pages) for part in sections.sections(document, about)]
    context = {"document": document, "particulars": about, "sections": written, **sections.running(document)}
    return render_to_string("pdf/document.html", context).replace("</head>", COUNTED)
