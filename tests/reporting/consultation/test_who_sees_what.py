"""Random snapshots with planted references and names: each country sees exactly its passages and no other's figures."""

import random
from copy import deepcopy
from itertools import count

import pytest
from django.urls import reverse

from reporting.consultation import finding, pages
from reporting.consultation.finding import CountryNames
from reporting.document.document import Document
from reporting.models import Assessment, Consultation, ConsultedBuild, Passage
from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.models import Country, Role
from tests import factories
from tests.reporting import snapshots
from tests.reporting.snapshots import a_snapshot, an_answer

NAMES = {
    "MT": ["Malta", "Malte"],
    "GR": ["Greece", "Grèce"],
    "CY": ["Cyprus", "Chypre"],
    "TN": ["Tunisia", "Tunisie"],
    "EG": ["مصر", "Egypt"],
    "GN": ["Guinea"],
    "GW": ["Guinea-Bissau"],
    "CI": ["Côte d’Ivoire"],
    "BA": ["Bosnia and Herzegovina"],
}
LADDERS = {"P1": (1, 5), "P2": (1, 5), "P3": (0, 1), "Q1": (1, 5), "Q2": (1, 5), "R1": (1, 4), "R2": (1, 5)}
LEFT_OUT = "[left out until it is published]"
# How a passage can show a figure or words of a country, name it, or show a figure of the whole.
REFERENCES = ["[[percent {iso2} P]]", "[[level {iso2} Q1]]", "[[ Level {iso2} r1 ]]", "[[comment {iso2} P1: words]]"]
WHOLE = ["[[mean P]]", "[[median Q]]", "[[lowest P]]", "[[highest R]]", "[[countries Q1 5]]", "[[mean P1]]", "[[n P]]"]
NEVER = ("[[lowest P]]", "[[highest R]]")  # the figure of a single country, whoever it is
ALWAYS = ("[[n P]]",)  # it says nothing of answers


def answers(chance, iso2) -> dict:
    given = {code: chance.choice([*range(low, high + 1), "unknown"]) for code, (low, high) in LADDERS.items()}
    return given | {"P1": an_answer(chance.randint(1, 5), comment=f"Some words of qz{iso2}zq.")}


def spelled(chance, name) -> str:
    """Return a name as somebody may write it."""
    forms = [name, name.upper(), name.lower(), f"**{name}**", f"*{name}*’s", f"({name})", name.replace(" ", "\n")]
    return chance.choice([*forms, name.replace("ô", "o").replace("è", "e"), name.replace("’", "'")])


def a_text(chance, iso2s, number) -> tuple[str, list[tuple[str, set, set, list[str]]]]:
    """Return a text, and of each passage its mark, the countries referred to, those named, and figures of the whole."""
    blocks, planted = [], []
    for _ in range(chance.randint(3, 8)):
        mark, referred, named = f"mark{next(number)}x", set(), set()
        parts, whole = [mark], chance.sample(WHOLE, chance.randint(0, 2))
        for iso2 in chance.sample(iso2s, chance.choice([0, 0, 1, 1, 1, 2])):
            if chance.random() < 0.5:
                referred.add(iso2)
                parts.append(chance.choice(REFERENCES).format(iso2=iso2))
            else:
                named.add(iso2)
                parts.append(spelled(chance, chance.choice(NAMES[iso2])))
        if chance.random() < 0.3:
            other = chance.choice([one for one in NAMES if one not in iso2s])
            named.add(other)
            parts.append(f"^[As in {spelled(chance, NAMES[other][0])}.]")
        text = " and ".join([*parts, *(f"{name} end" for name in whole)])
        blocks.append(chance.choice(["", "", "# ", "> "]) + text.replace("\n", " " if "#" in text[:1] else "\n"))
        planted.append((mark, referred, named, whole))
    return "\n\n".join(block.replace("\n", " ") if block[0] in "#>" else block for block in blocks), planted


@pytest.fixture
def consultation(db, monkeypatch):
    """An opened consultation without a build, of a cycle of nobody."""
    for iso2, names in NAMES.items():
        name = dict(zip(("en", "fr"), names, strict=False))
        monkeypatch.setitem(snapshots.COUNTRIES, iso2, {"iso2": iso2, "iso3": f"{iso2}X", "name": name})
        Country.objects.create(iso2=iso2, iso3=f"{iso2}X", name=name)
    officer = factories.an_officer()
    cycle = factories.a_cycle(edition=factories.an_edition(factories.HARBOUR))
    issue = Assessment.objects.create(
        cycle=cycle, issue=1, snapshot={}, consolidated_at=clock.now(), consolidated_by=officer, status="built"
    )
    opened = {"opened_at": clock.now(), "opened_by": officer, "until": cycle.closes}
    return Consultation.objects.create(assessment=issue, **opened)


def a_build(consultation, number, snapshot, text) -> ConsultedBuild:
    officer = factories.an_officer()
    shown = {"shown_at": clock.now(), "shown_by": officer, "found_by": officer, "built_at": clock.now()}
    build = ConsultedBuild.objects.create(consultation=consultation, number=number, snapshot=snapshot, **shown)
    found = finding.passages(snapshot, {"area-P": text}, finding.registered_names(snapshot))
    fields = [(n, vars(one)) for n, one in enumerate(found)]
    Passage.objects.bulk_create(Passage(build=build, position=n, **one) for n, one in fields)
    return build


@pytest.mark.parametrize("seed", range(30))
def test_each_country_sees_exactly_its_passages_and_no_other_figure(seed, consultation):
    chance, number = random.Random(seed), count()  # noqa: S311 - a draw, no secret
    iso2s = chance.sample(["MT", "GR", "CY", "TN", "EG", "GN", "BA"], chance.randint(2, 7))
    given = {iso2: answers(chance, iso2) for iso2 in iso2s}
    missing = tuple(one for one in ("GW", "CI") if chance.random() < 0.5)
    text, planted = a_text(chance, iso2s, number)
    build = a_build(consultation, 1, a_snapshot(given, missing=missing), text)

    passages = list(build.passages.all())
    assert [(p.referred, p.named) for p in passages] == [
        (sorted(referred), sorted(named)) for _mark, referred, named, _whole in planted
    ], text
    together = {n for n, one in enumerate(passages) if len(one.concerns) > 1 and chance.random() < 0.5}
    Passage.objects.filter(position__in=together).update(
        decision="all", decided_by=factories.an_officer(), decided_at=clock.now()
    )
    for iso2 in [*iso2s, *missing]:
        read = pages.read(build, iso2)
        expected = [
            (mark, n in together, whole)
            for n, (mark, referred, named, whole) in enumerate(planted)
            if iso2 in referred | named and (len(referred | named) == 1 or n in together)
        ]
        assert [one.words.split()[0].strip("*") for one in read.passages] == [mark for mark, _on, _whole in expected]
        assert read.others == len(iso2s) - (iso2 in iso2s)
        for one, (_mark, on_purpose, whole) in zip(read.passages, expected, strict=True):
            for shown in (one.words, str(one.html)):
                hidden = [name for name in whole if name in NEVER or (len(iso2s) < 5 and name not in ALWAYS)]
                assert shown.count(LEFT_OUT) >= len(hidden)
                if not on_purpose:
                    others = [f"qz{other}zq" for other in iso2s if other != iso2]
                    assert not [word for word in others if word in shown]


@pytest.mark.parametrize("seed", range(30))
def test_what_a_country_reads_does_not_depend_on_which_other_country_gave_which_answer(seed, consultation):
    """The answers of the others change places, and with fewer than five countries change: a page stays as it is."""
    chance, number = random.Random(f"other {seed}"), count()  # noqa: S311 - a draw, no secret
    iso2s = chance.sample(["MT", "GR", "CY", "TN", "EG", "GN", "BA"], chance.randint(2, 7))
    given = {iso2: answers(chance, iso2) for iso2 in iso2s}
    text, _planted = a_text(chance, iso2s, number)
    own, *others = iso2s
    build = a_build(consultation, 1, a_snapshot(given, missing=()), text)
    moved = dict(zip(others, chance.sample([given[one] for one in others], len(others)), strict=True))
    if len(iso2s) < pages.FEWEST:
        moved = {other: answers(chance, "another") | kinds(given[other]) for other in others}
    changed = {own: given[own]} | {other: deepcopy(moved[other]) for other in others}
    again = a_build(consultation, 2, a_snapshot(changed, missing=()), text)
    one, two = pages.read(build, own), pages.read(again, own)
    assert said(one) == said(two)
    assert one.areas[0].group.n == two.areas[0].group.n


def kinds(given) -> dict:
    """Return what is no level: how many countries have a level in an area is shown for any number of them."""
    return {code: "unknown" for code, one in given.items() if one == "unknown"}


def said(read: pages.CountryPages) -> list[object]:
    """Return everything that a page says, without the counts."""
    areas = [
        (area.result, area.group.statistics, [(a.reply, a.group.statistics) for a in area.answers])
        for area in read.areas
    ]
    passages = [(one.passage.position, one.passage.text, one.words, str(one.html)) for one in read.passages]
    return [read.country, read.others, areas, str(read.profile), passages]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MALTA did.", ["MT"]),
        ("Maltas and Maltese did, and so did formalta.", []),
        ("In Grece and Gre\u0300ce.", ["GR"]),
        ("Mal\u00adta did.", ["MT"]),
        ("Guinea-Bissau did.", ["GW"]),
        ("Guinea did, like Guinea‑Bissau.", ["GN", "GW"]),
        ("Bosnia and\u00a0Herzegovina did.", ["BA"]),
        ("Cote d'Ivoire did.", ["CI"]),
        ("شاركت مصر أيضا", ["EG"]),
        ("One Mediterranean island state did.", []),
    ],
)
def test_names_are_found_as_whole_words_whatever_case_accents_and_invisible_characters(text, found):
    assert CountryNames(NAMES).within(text) == found


def test_the_page_itself_shows_no_mark_of_another_country(consultation, client, sign_in):
    """The rendered page of each country, with seven countries and passages of every kind."""
    chance = random.Random(7)  # noqa: S311 - a draw, no secret
    iso2s = ["MT", "GR", "CY", "TN", "EG", "GN", "BA"]
    text = "\n\n".join(f"About {NAMES[iso2][0]}: [[comment {iso2} P1: qz{iso2}zq]]" for iso2 in iso2s)
    cycle = consultation.cycle
    calendar.change_participants(cycle, add=[Country.objects.get(iso2=one) for one in iso2s], by=factories.an_officer())
    a_build(consultation, 1, a_snapshot({one: answers(chance, one) for one in iso2s}, missing=()), text)
    for iso2 in iso2s:
        person = factories.a_person(Role.FOCAL, Country.objects.get(iso2=iso2))
        for other in iso2s:
            address = reverse("consultation_country", args=[consultation.pk, other.lower()])
            response = sign_in(person).get(address)
            assert response.status_code == (200 if other == iso2 else 404)
            if other == iso2:
                shown = response.content.decode()
                assert [one for one in iso2s if f"qz{one}zq" in shown] == [iso2]
                assert "6 other countries are left out here." in shown


@pytest.mark.parametrize(("n", "compares"), [(4, False), (5, True)])
def test_the_page_names_the_overall_median_only_where_it_shows_one(n, compares, consultation, sign_in):
    """In the chart's legend and description, and below it."""
    iso2s = ["MT", "GR", "CY", "TN", "EG"][:n]
    country = Country.objects.get(iso2="MT")
    calendar.change_participants(consultation.cycle, add=[country], by=factories.an_officer())
    given = {one: {"P1": 3, "Q1": 1, "R1": 2} for one in iso2s}
    a_build(consultation, 1, a_snapshot(given, missing=()), "")
    person = factories.a_person(Role.FOCAL, country)
    shown = sign_in(person).get(reverse("consultation_country", args=[consultation.pk, "mt"])).content.decode()
    assert "The dot is the country" in shown
    assert shown.count("overall median") == (3 if compares else 0)
    assert ("Fewer than five countries are counted" in shown) == (not compares)


def test_a_figure_of_another_country_is_left_out_even_if_its_passage_is_shown():
    names = pages.ReadersNames(Document(a_snapshot()), {"MT"})
    shown = {name: names.find(name).value for name in ("level MT P1", "level GR P1", "mean P", "lowest P", "n P")}
    assert shown == {"level MT P1": "3", "level GR P1": LEFT_OUT, "mean P": LEFT_OUT, "lowest P": LEFT_OUT, "n P": "2"}
