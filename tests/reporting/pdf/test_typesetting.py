"""How the PDF is set: in the order of reading, with its fonts in it, and every script as its readers write it."""

import re
import subprocess
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageStat

from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from scoreboard.models import Cycle
from tests.reporting.reading import pdf_words
from tests.reporting.snapshots import a_snapshot, an_answer

# A comment in each script: what it says, the font it must come in, and from which side it is read.
COMMENTS = {
    "P1": ("اعتمدت الخطة الوطنية لمكافحة الصيد", "NotoNaskhArabic-Regular.ttf", "rtl"),
    "P2": ("Το σχέδιο εγκρίθηκε από τον υπουργό", "NotoSerif-Regular.ttf", "ltr"),
    "P3": ("התוכנית אושרה השנה", "NotoSerifHebrew-Regular.ttf", "rtl"),
}
DPI = 600
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    answers = {"MT": {code: an_answer(1, comment=words) for code, (words, _font, _side) in COMMENTS.items()}}
    answers["GR"] = {"P1": 5, "P2": "unknown", "P3": 0}
    at = datetime(2026, 5, 1, tzinfo=UTC)
    facts = {"issue": 1, "snapshot_sha256": "0" * 64, "consolidated_at": at}
    return Assessment(cycle=Cycle(code="example"), snapshot=a_snapshot(answers), **facts)


@pytest.fixture(scope="module")
def answers(assessment, tmp_path_factory):
    """The answers of a country, as a PDF on the disk."""
    path = tmp_path_factory.mktemp("paper") / "answers.pdf"
    path.write_bytes(pdf.section_pdf(assessment, "country-MT"))
    return path


def printed(*command) -> str:
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def test_a_chapter_reads_in_its_order(assessment, tmp_path):
    path = tmp_path / "chapter.pdf"
    path.write_bytes(pdf.section_pdf(assessment, "area-P"))
    order = [
        *("Area P: Προετοιμασία", "Το μέρος αυτό δείχνει τι έχουν προετοιμάσει οι λιμένες."),
        *("Results by country", "The overall mean is", "Percent by country, in alphabetical order"),
        *("Levels by indicator", "The highest overall mean of an indicator is", "Answers by indicator"),
        *("P1 Σχέδιο βιοασφάλειας του λιμένα", "P2 Εκπαίδευση του προσωπικού", "P3 Ορισμός υπευθύνου"),
    ]
    for said in (" ".join(printed("pdftotext", path, "-").split()), pdf_words(path.read_bytes())):
        assert "Ο τομέας αυτός αφορά" not in said, "what respondents read is not what a report begins with"
        at = 0
        for words in order:
            at = said.find(words, at)
            assert at >= 0, words


def test_every_font_is_embedded_as_the_letters_that_are_used(answers):
    rows = [line.split() for line in printed("pdffonts", answers).splitlines()[2:]]
    assert {tuple(row[-5:-2]) for row in rows} == {("yes", "yes", "yes")}, "embedded, subset, with their Unicode"
    names = [row[0] for row in rows]
    assert all(re.match(r"[A-Z]{6}\+Noto-", name) for name in names)
    assert len(names) == len(set(names))
    assert answers.stat().st_size < 120_000


def test_each_script_looks_as_another_shaper_draws_it(answers, tmp_path):
    """Word by word against Raqm; letters unjoined or in the wrong order are far from it, which is asked too."""
    subprocess.run(["pdftoppm", "-gray", "-r", str(DPI), "-singlefile", answers, tmp_path / "page"], check=True)
    page = Image.open(tmp_path / "page.pgm")
    boxes = {text: tuple(map(float, box)) for *box, text in WORD.findall(printed("pdftotext", "-bbox", answers, "-"))}
    for comment, font, side in COMMENTS.values():
        words = comment.split()
        found = [boxes.get(word) or boxes[word[::-1]] for word in words]  # as stored, or as seen from the left
        assert all((one[0] < other[0]) == (side == "ltr") for one, other in pairwise(found)), "words in their order"
        for word, (left, top, right, bottom) in zip(words, found, strict=True):
            box = (left - 0.5, top - 1, right + 0.5, bottom + 1)
            seen = ink(page.crop(tuple(round(edge * DPI / 72) for edge in box)))
            shaper, plain = ImageFont.Layout.RAQM, ImageFont.Layout.BASIC
            right_one = drawn(word, ImageFont.truetype(font, 200, layout_engine=shaper), direction=side)
            wrong_one = drawn(word if side == "rtl" else word[::-1], ImageFont.truetype(font, 200, layout_engine=plain))
            assert alike(seen, right_one) > 0.8, word
            assert alike(seen, wrong_one) < 0.7, f"{word}: the comparison would not notice"


def drawn(word: str, font: ImageFont.FreeTypeFont, **how) -> Image.Image:
    canvas = Image.new("L", (3000, 800), 255)
    ImageDraw.Draw(canvas).text((200, 200), word, fill=0, font=font, **how)
    return ink(canvas)


def ink(picture: Image.Image) -> Image.Image:
    """The part of a picture that has ink."""
    return picture.crop(ImageChops.invert(picture).getbbox())


def alike(one: Image.Image, other: Image.Image) -> float:
    """How much of the ink of two pictures falls together when they are brought to one size."""
    one, other = (
        picture.resize((200, 60), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(1))
        for picture in (one, other)
    )
    apart = ImageStat.Stat(ImageChops.difference(one, other)).mean[0]
    return 1 - apart / sum(255 - ImageStat.Stat(picture).mean[0] for picture in (one, other))
