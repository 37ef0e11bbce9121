"""The PDF: its figures by row and column, bookmarks, fonts, marks on every page, and margins."""

import builtins
import re
import subprocess
from datetime import UTC, datetime
from io import BytesIO

import page
import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from reporting.document.document import Document
from reporting.pdf import assessment as pdf
from reporting.pdf import sections, typesetting
from tests.reporting.example import ANSWERS, HOSTILE, an_assessment
from tests.reporting.snapshots import a_snapshot

MILLIMETRES = 25.4


@pytest.fixture(scope="module")
def content(built):
    return built.content


@pytest.fixture(scope="module")
def reader(content):
    return PdfReader(BytesIO(content))


@pytest.fixture(scope="module")
def pages(content):
    return laid_out(content)


def laid_out(content):
    """The text of each page as it is laid out, columns apart."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def cell(pages, caption, row, column):
    """Find a figure in the table with this caption, by the labels of its row and its column."""
    _before, _caption, table = "\n".join(pages).partition(caption)
    head, *rows = (re.split(r"\s{2,}", line.strip()) for line in table.splitlines()[1:] if line.strip())
    return next(cells for cells in rows if cells[0] == row)[head.index(column)]


@pytest.mark.parametrize(
    ("caption", "row", "column", "figure"),
    [
        ("Percent by country and area", "Greece", "Area P", "11.1 (3 of 3)"),
        ("Percent by country and area", "Malta", "Area P", "60.0 (2 of 3)"),
        ("Percent by country and area", "Greece", "Area Q", "– (0 of 2)"),
        ("Percent by country and area", "Malta", "Area R", "57.1 (2 of 2)"),
        ("Percent by country and area", "Overall mean", "Area P", "35.6 (n = 2)"),
        ("Percent by country and area", "Overall median", "Area Q", "100.0 (n = 1)"),
        ("Levels by country and indicator", "Malta", "P1", "3"),
        ("Levels by country and indicator", "Malta", "P2", "n/a"),
        ("Levels by country and indicator", "Malta", "Q2", "?"),
        ("Levels by country and indicator", "Greece", "Q2", "–"),
        ("Countries counted, by group", "Seafarers", "Percent", "66.7"),
    ],
)
def test_a_figure_is_found_by_row_and_column(pages, caption, row, column, figure):
    if caption.startswith("Levels"):  # the matrix has a line of areas above its labels
        pages = [page.replace(caption, "", 1).replace("Προετοιμασία", caption, 1) for page in pages if caption in page]
    assert cell(pages, caption, row, column) == figure


def test_every_area_indicator_and_country_is_named(pages):
    text = " ".join(" ".join(pages).split())
    edition = a_snapshot()["edition"]
    for area in edition["areas"]:
        for named in [area, *area["indicators"]]:
            assert named["title"]["el"] in text
    for said in ("Greece", "Malta", "Italy", "No accepted answers", "Issue", "ab" * 32):
        assert said in text
    assert "2 May 2026, 00:30 (Europe/Berlin)" in text, "the cycle's own time zone"


def test_the_summary_says_what_comes_with_an_overall_figure(pages):
    text = " ".join(" ".join(pages).split())
    assert "no country is ranked. Each overall figure comes with the number of countries behind it (n)." in text


def test_answers_stand_with_level_text_reason_and_comment(pages):
    begins = next(n for n, page in enumerate(pages) if "Malta: percent by area" in page)
    malta = " ".join(" ".join(pages[begins:]).split())
    assert "Level 3 (of 1 to 5): Ένα σχέδιο έχει εγκριθεί" in malta
    assert "Not applicable: There is no staff." in malta
    assert "The comment is withheld from publication." in malta
    assert HOSTILE in malta, "markup in a comment is text"
    assert "План принят" in malta


def test_bookmarks_follow_the_headings(reader):
    def names(outline):
        return [names(entry) if isinstance(entry, list) else entry.title for entry in outline]

    tree = names(reader.outline)
    assert tree[:2] == ["Contents", "1 Summary"]
    area = tree.index("4 Area P: Προετοιμασία")
    assert tree[area + 1] == ["Results by country", "Levels by indicator"]
    annex = tree.index("Annex II Country by country")
    assert [entry for entry in tree[annex + 1] if isinstance(entry, str)] == ["Greece", "Malta"]
    questions = tree[tree.index("Annex III The questionnaire") + 1]
    assert questions[:2] == [
        "P · Προετοιμασία",
        ["P1 Σχέδιο βιοασφάλειας του λιμένα", "P2 Εκπαίδευση του προσωπικού", "P3 Ορισμός υπευθύνου"],
    ]


def test_the_contents_link_to_the_right_pages(reader, pages):
    contents = next(page for page in pages if page.lstrip().startswith("Consolidated") and "Contents" in page)
    for title in ("Summary", "Participation", "The questionnaire"):
        number = int(re.search(rf"{title}[ .]+(\d+)\n", contents)[1])
        assert re.search(rf"^\s*{title}$", pages[number - 1], re.MULTILINE)
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert len(links) > 15
    assert all("/Dest" in link or link["/A"]["/S"] == "/GoTo" for link in links)


def test_every_font_is_embedded(content, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    listed = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout
    rows = [line.split() for line in listed.splitlines()[2:]]
    assert {row[-5] for row in rows} == {"yes"}
    names = " ".join(row[0] for row in rows)
    assert all(family in names for family in ("Noto-Serif", "Noto-Sans", "Noto-Naskh-Arabic", "Noto-Serif-Hebrew"))


def test_the_document_says_what_it_is(reader):
    assert reader.metadata.title == "Αυτοαξιολόγηση βιοασφάλειας λιμένων (δοκιμαστική έκδοση): " + (
        "consolidated assessment, Round 2026"
    )
    assert reader.metadata.creation_date == datetime(2026, 5, 1, 22, 30, tzinfo=UTC)
    assert reader.root_object["/Lang"] == "en"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in reader.root_object["/Metadata"].get_data()


def test_every_chart_has_a_text_alternative(reader):
    def figures(element):
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, dict):
            if element.get("/S") == "/Figure":
                yield element
            kids = element.get("/K", [])
            for kid in kids if isinstance(kids, list) else [kids]:
                yield from figures(kid)

    alternatives = [figure["/Alt"] for figure in figures(reader.root_object["/StructTreeRoot"])]
    assert len(alternatives) == 1 + 1 + 2 * 3 + 1, "mark, summary, two for each area, one of all countries"
    assert any("median 78.6, with n = 2" in words for words in alternatives)


def test_every_page_says_that_the_data_are_invented_and_which_page_it_is(pages):
    assert all("Invented example data" in page for page in pages)
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, start=1) if n > 1)


def test_every_page_has_ink_inside_its_margins_and_none_outside(content, tmp_path):
    path, dpi, margin = tmp_path / "paper.pdf", 36, 12 / MILLIMETRES
    path.write_bytes(content)
    subprocess.run(["pdftoppm", "-gray", "-r", str(dpi), path, tmp_path / "page"], check=True)
    sheets = sorted(tmp_path.glob("page-*.pgm"))
    assert sheets
    for sheet in sheets:
        with Image.open(sheet) as page:
            left, top, right, bottom = ImageChops.invert(page).getbbox()  # where there is ink
            edge = margin * dpi
            assert left >= edge
            assert top >= edge
            assert right <= page.width - edge
            assert bottom <= page.height - edge


def test_each_country_has_a_document_of_its_own(built, pages):
    own = built.own
    assert list(own) == ["GR", "MT"]
    reader = PdfReader(BytesIO(own["MT"]))
    assert page.validate_pdf_bytes(own["MT"], profile="ua1").rules.failed == 0
    assert reader.metadata.title == "Malta: Round 2026, consolidated assessment"
    assert "EXAMPLE/Doc.7 · Issue 2" in reader.metadata.subject
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)] == ["Malta"]
    texts = [one.extract_text() for one in reader.pages]
    assert all(f"Issue 2 · Page {n} of {len(texts)}" in said for n, said in enumerate(texts, start=1))
    assert "Malta: percent by area" in texts[0]
    assert "Greece" not in " ".join(texts)
    begins = next(n for n, said in enumerate(pages) if "Malta: percent by area" in said)
    numbers = re.findall(r"\d+\.\d", pages[begins])
    assert numbers == re.findall(r"\d+\.\d", laid_out(own["MT"])[0]), "the figures of the whole document"


def test_progress_is_told_in_sentences(built):
    steps = built.steps
    assert [done for _doing, done, _steps in steps] == sorted(done for _doing, done, _steps in steps)
    assert all(doing and len(doing) <= 200 and done < whole for doing, done, whole in steps)
    assert any("Malta" in doing for doing, _done, _whole in steps)


def test_a_wide_matrix_is_cut_between_areas_and_a_wide_area_within(monkeypatch):
    document = Document(a_snapshot())
    monkeypatch.setattr(sections, "WIDEST_MATRIX", 5)
    assert labels_by_part(document) == [["P1", "P2", "P3", "Q1", "Q2"], ["R1", "R2"]]
    monkeypatch.setattr(sections, "WIDEST_MATRIX", 4)
    assert labels_by_part(document) == [["P1", "P2", "P3"], ["Q1", "Q2", "R1", "R2"]]
    monkeypatch.setattr(sections, "WIDEST_MATRIX", 2)
    assert labels_by_part(document) == [["P1", "P2"], ["P3"], ["Q1", "Q2"], ["R1", "R2"]]


def labels_by_part(document):
    assessment = an_assessment(document.snapshot)
    whole = sections.sections(document, pdf.particulars(assessment))
    (matrix,) = (section for section in whole if section.anchor == "matrix")
    for part in matrix.context["parts"]:
        assert sum(area["span"] for area in part["areas"]) == len(part["labels"])
        assert all(len(cells) == len(part["labels"]) for _country, cells in part["rows"])
    return [part["labels"] for part in matrix.context["parts"]]


def test_a_section_needs_no_other_to_be_written():
    document = Document(a_snapshot(ANSWERS))
    whole = sections.sections(document, pdf.particulars(an_assessment(document.snapshot)))
    last_first = {section.anchor: section.html(document) for section in reversed(whole)}
    assert last_first == {section.anchor: section.html(document) for section in whole}


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://localhost/", "css/../../manage.py", "file://elsewhere/etc/passwd"]
)
def test_nothing_but_static_files_is_read(address):
    with pytest.raises(typesetting.PDFError):
        typesetting.section(f'<html lang="en"><title>x</title><img alt="x" src="{address}">', pdf.STATIC)


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (OSError("cannot load library 'libgobject-2.0-0': no such file"), "libgobject-2.0-0"),
        (ModuleNotFoundError("No module named 'weasyprint'"), "Pango"),
    ],
)
def test_a_machine_that_lacks_a_library_says_what_to_install(monkeypatch, error, named):
    def refuse(name, *rest):
        if name == "weasyprint":
            raise error
        return original(name, *rest)

    assert pdf.unavailable() is None
    original = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", refuse)
    sentence = pdf.unavailable()
    assert f"the system library {named} is missing" in sentence
    assert "apt-get install --no-install-recommends libpango-1.0-0" in sentence
