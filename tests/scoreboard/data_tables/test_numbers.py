"""Numbers as people type and copy them: each is read exactly or asked back, and never becomes another number."""

import re
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import assume, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from scoreboard.data_tables import cells, yes_no
from scoreboard.errors import Invalid
from scoreboard.models import DataFormColumn

Kind = DataFormColumn.Kind

SPACES = " \u00a0\u2007\u2009\u202f"
APOSTROPHES = "'’‘ʼ"
UNSEEN = "\u200b\u200d\u200e\u200f\u202a\u202c\u2060\ufeff\u00ad\u061c"
SCRIPTS = "0٠۰०০０"
REFUSED = None


def read(kind, text):
    """What a cell of the kind makes of a text, None if it asks back."""
    try:
        return cells.parse_cell(DataFormColumn(code="cell", kind=kind), text)
    except Invalid:
        return REFUSED


@pytest.mark.parametrize(
    ("text", "whole", "exact"),
    [
        ("10 12", REFUSED, REFUSED),
        ("500 2", REFUSED, REFUSED),
        ("85 120 77", REFUSED, REFUSED),
        ("10\n123", REFUSED, REFUSED),
        ("10\r\n\r\n123", REFUSED, REFUSED),
        ("1\t234", REFUSED, REFUSED),
        ("\n10\n", 10, "10"),
        ("1  234", REFUSED, REFUSED),
        ("12'34", REFUSED, REFUSED),
        ("1234 567", REFUSED, REFUSED),
        ("0 123", REFUSED, REFUSED),
        ("1 234", 1234, "1234"),
        ("1’234’567", 1234567, "1234567"),
        ("1 234'567", REFUSED, REFUSED),
        # Two kinds: the last is the decimal mark.
        ("1,234.5", REFUSED, "1234.5"),
        ("1.234,5", REFUSED, "1234.5"),
        ("1.234,567", REFUSED, "1234.567"),
        ("1 234,567", REFUSED, "1234.567"),
        ("1'234.00", 1234, "1234"),
        ("12,34.5", REFUSED, REFUSED),
        ("1,234 567", REFUSED, REFUSED),
        ("1,234,567.8,9", REFUSED, REFUSED),
        ("1 234.567,8", REFUSED, REFUSED),
        # One kind, several times: groups.
        ("1,234,567", 1234567, "1234567"),
        ("1.234.567", 1234567, "1234567"),
        ("1.2.3", REFUSED, REFUSED),
        ("12,34,567", REFUSED, REFUSED),
        ("31.12.2023", REFUSED, REFUSED),
        # One kind, once.
        ("1,234", 1234, REFUSED),
        ("1.234", 1234, REFUSED),
        ("2024.0", 2024, "2024"),
        ("2024,00", 2024, "2024"),
        ("2024.000", 2024, "2024"),
        ("0.123", REFUSED, "0.123"),
        ("0,123", REFUSED, "0.123"),
        ("0.000", 0, "0"),
        ("012.345", REFUSED, REFUSED),
        ("1234.567", REFUSED, "1234.567"),
        ("12.5", REFUSED, "12.5"),
        ("1,2345", REFUSED, "1.2345"),
        ("12.50", REFUSED, "12.5"),
        ("1.0", 1, "1"),
        # Signs.
        ("+5", 5, "5"),
        ("-5", REFUSED, REFUSED),
        ("−5", REFUSED, REFUSED),
        ("–0", 0, "0"),
        ("5-", REFUSED, REFUSED),
        ("--5", REFUSED, REFUSED),
        ("(5)", REFUSED, REFUSED),
        # Digits of any one script; the marks of Arabic mean one thing each.
        ("١٢٣", 123, "123"),
        ("١٬٢٣٤", 1234, "1234"),
        ("١٬٢٣٤٫٥", REFUSED, "1234.5"),
        ("١٫٢٣٤", REFUSED, "1.234"),
        ("٠٫٥٫٥", REFUSED, REFUSED),
        ("１２", 12, "12"),
        ("1٢", REFUSED, REFUSED),
        ("²", REFUSED, REFUSED),
        ("Ⅳ", REFUSED, REFUSED),
        # Anything else.
        ("5.", REFUSED, REFUSED),
        (".5", REFUSED, REFUSED),
        ("1e5", REFUSED, REFUSED),
        ("12%", REFUSED, REFUSED),
        ("0x10", REFUSED, REFUSED),
        ("1_000", REFUSED, REFUSED),
        ("1;5", REFUSED, REFUSED),
        ("1/2", REFUSED, REFUSED),
        ("10-12", REFUSED, REFUSED),
        ("10 / 12", REFUSED, REFUSED),
        ("#REF!", REFUSED, REFUSED),
    ],
)
def test_a_number_is_one_number(text, whole, exact):
    assert (read(Kind.INTEGER, text), read(Kind.DECIMAL, text)) == (whole, exact)
    with translation.override("de"):  # the language of the page does not matter
        assert (read(Kind.INTEGER, text), read(Kind.DECIMAL, text)) == (whole, exact)


@pytest.mark.parametrize(
    ("text", "year"),
    [("2 023", 2023), ("2,023", 2023), ("2023.0", 2023), ("20 23", None), ("2023\n2024", None), ("23", None)],
)
def test_a_year_is_a_whole_number_of_its_time(text, year):
    assert read(Kind.YEAR, text) == year


def grouped(digits: str, separator: str) -> str:
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", lambda _: separator, digits)


def in_script(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(c)) if c in "0123456789" else c for c in text)


@st.composite
def seeded(draw, text: str) -> str:
    """The text with invisible characters anywhere."""
    places = draw(st.lists(st.tuples(st.integers(0, len(text)), st.sampled_from(UNSEEN)), max_size=4))
    for place, character in places:
        text = text[:place] + character + text[place:]
    return text


@settings(deadline=None)
@for_all(
    number=st.decimals(0, 999_999_999, places=4),
    places=st.integers(0, 4),
    group=st.sampled_from(["", ".", ",", *SPACES, *APOSTROPHES]),
    mark=st.sampled_from(".,"),
    zero=st.sampled_from(SCRIPTS),
    data=st.data(),
)
def test_a_number_in_any_usual_form_is_read_exactly_or_asked_back(number, places, group, mark, zero, data):
    assume(group != mark)
    number = round(number, places)
    whole, _point, decimals = f"{number:.{places}f}".partition(".")
    text = grouped(whole, group) + (mark + decimals if decimals else "")
    text = data.draw(seeded(in_script(text, zero)))
    separators = len(re.findall(r"[^\w]", re.sub(f"[{UNSEEN}]", "", text)))
    exact = read(Kind.DECIMAL, text)
    can_mean_two = separators == 1 and re.search(r"[.,]\d{3}$", in_plain(text)) and not in_plain(text).startswith("0")
    if can_mean_two and len(in_plain(text)) <= 7:
        assert exact is None
    else:
        assert Decimal(exact) == number
    found = read(Kind.INTEGER, text)
    if number == int(number) and not (separators == 1 and decimals and len(decimals) == 3):
        assert found == number
    else:
        assert found in (None, number) or can_mean_two


def in_plain(text: str) -> str:
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    return re.sub(f"[{UNSEEN}]", "", plain)


@settings(deadline=None)
@for_all(
    parts=st.lists(st.integers(0, 99_999).map(str), min_size=2, max_size=4),
    separator=st.sampled_from([*SPACES, *APOSTROPHES, "\n", "\t", "  "]),
    data=st.data(),
)
def test_figures_that_stand_apart_are_never_joined(parts, separator, data):
    """Only a first group of one to three and others of exactly three are one number."""
    one = len(parts[0]) <= 3 and parts[0] != "0" and all(len(part) == 3 for part in parts[1:])
    expected = int("".join(parts)) if one and separator in SPACES + APOSTROPHES else None
    if expected is not None and expected > cells.MAX_NUMBER:
        expected = None
    text = data.draw(seeded(separator.join(parts)))
    assert read(Kind.INTEGER, text) == expected
    assert read(Kind.DECIMAL, text) == (None if expected is None else str(expected))


@settings(deadline=None, max_examples=300)
@for_all(text=st.text("0123456789" + "., '’\u202f\n-" + UNSEEN[:2], max_size=12))
def test_no_digit_is_lost_or_added_whatever_is_typed(text):
    """What is read has the typed digits in their order; only noughts at the ends may go."""
    typed = re.sub(r"[^0-9]", "", text)
    for kind in (Kind.INTEGER, Kind.DECIMAL):
        value = read(kind, text)
        if value is not None:
            found = f"{Decimal(value):f}".replace(".", "")
            assert found.strip("0") == typed.strip("0")
            assert Decimal(value) in {Decimal(typed).scaleb(-places) for places in range(len(typed) + 1)}


@settings(deadline=None)
@for_all(
    value=st.decimals(0, cells.MAX_NUMBER, places=3) | st.decimals(0, 99, places=9) | st.integers(0, 10**9),
    language=st.sampled_from(["en", "de", "fr", "el", "ar", "de-ch"]),
)
def test_what_the_portal_writes_it_reads_again(value, language):
    """In its own fields, and in the cells of its workbook, in whatever language they are written."""
    kind = Kind.INTEGER if isinstance(value, int) else Kind.DECIMAL
    value = value if kind == Kind.INTEGER else f"{value.normalize():f}"
    column = DataFormColumn(code="cell", kind=kind)
    with translation.override(language):
        assert read(kind, cells.cell_as_typed(column, value)) == value
        assert read(kind, cells.cell_to_copy(column, value)) == value


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (Kind.INTEGER, "10 12", "Give one whole number in digits, such as 1250. Or leave the cell empty."),
        (Kind.DECIMAL, "10 12", "Give one number in digits, such as 12.5. Or leave the cell empty."),
        (
            Kind.DECIMAL,
            "1,234",
            "“1,234” can mean two numbers. Write 1234 or 1.2340, whichever is meant. Or leave the cell empty.",
        ),
        (Kind.INTEGER, "-1", "Give a number that is not less than 0. Or leave the cell empty."),
        (Kind.INTEGER, "2000000000", "Give a number that is not more than 1,000,000,000. Or leave the cell empty."),
        (Kind.YES_NO, "perhaps", "Answer yes or no. Or leave the cell empty."),
    ],
)
def test_a_refusal_says_what_may_stand_there(kind, text, sentence):
    with pytest.raises(Invalid) as refusal:
        cells.parse_cell(DataFormColumn(code="cell", kind=kind), text)
    assert refusal.value.sentence == sentence
    with pytest.raises(Invalid) as refusal:
        cells.parse_cell(DataFormColumn(code="cell", kind=kind, required=True), text)
    assert refusal.value.sentence == sentence.removesuffix(" Or leave the cell empty.")


@pytest.mark.parametrize(
    "yes", ["WAHR", "VRAI", "VERDADERO", "VERO", "TRUE", "ИСТИНА", "ΑΛΗΘΗΣ", "DOĞRU", "Ναι", "نعم"]
)
def test_yes_in_the_words_of_other_programs(yes):
    assert read(Kind.YES_NO, f"\ufeff{yes}\u200e") is True


@pytest.mark.parametrize("no", ["FALSCH", "FAUX", "FALSO", "FALSE", "ЛОЖЬ", "ΨΕΥΔΗΣ", "YANLIŞ", "όχι", "لا", "Nein"])
def test_no_in_the_words_of_other_programs(no):
    assert read(Kind.YES_NO, no) is False


def test_no_word_means_both():
    assert set() == yes_no.YES & yes_no.NO
