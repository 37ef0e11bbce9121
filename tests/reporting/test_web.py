"""What programs read: citations, data for search engines, the sitemap, robots, and the head of pages."""

import html
import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from reporting.assessments import lifecycle
from reporting.document.citation import as_script, bibtex
from reporting.models import Assessment
from scoreboard.models import Country, Cycle, State
from tests import factories, spaces
from tests.pages import Page

SITE = "http://localhost:8000"
PUBLISHED = Assessment.Status.PUBLISHED


@pytest.fixture
def issue(assessment_at, malta):
    """A published issue that counts Malta, which is in the south."""
    Country.objects.filter(pk=malta.pk).update(subregion="South")
    return assessment_at(PUBLISHED)


def given(kind: str, issue) -> str:
    return Client().get(reverse("report_citation", args=[issue.pk, kind])).content.decode()


def test_an_issue_is_cited_with_its_lasting_address(issue):
    published = issue.cycle.day(issue.published_at)
    title, address = "Scoreboard 2026: assessment, issue 1", f"{SITE}/reports/{issue.pk}/"
    assert given("bib", issue) == (
        "@techreport{assessment-2026-1,\n"
        "  author = {{Scoreboard portal}},\n"
        f"  title = {{{{{title}}}}},\n"
        "  institution = {Scoreboard portal},\n"
        f"  year = {{{published.year}}},\n"
        f"  month = {{{published.month}}},\n"
        "  number = {Doc.7},\n"
        f"  url = {{{address}}}\n"
        "}\n"
    )
    [record] = json.loads(given("json", issue))
    assert record == {
        "id": "assessment-2026-1",
        "type": "report",
        "title": title,
        "author": [{"literal": "Scoreboard portal"}],
        "publisher": "Scoreboard portal",
        "number": "Doc.7",
        "issued": {"date-parts": [[published.year, published.month, published.day]]},
        "URL": address,
    }


def test_signs_that_bibtex_reads_are_escaped(issue, settings):
    settings.PORTAL_NAME = "50 % & {more}_#1\\"
    assert r"{{50 \% \& \{more\}\_\#1\textbackslash{}}}" in bibtex(issue)


def data_of(page: str) -> dict:
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return json.loads(found)


def test_the_results_page_names_its_data_for_search_engines(issue, settings):
    settings.DATA_LICENCE, settings.DATA_LICENCE_URL = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
    page = Client().get(reverse("report", args=[issue.pk])).content.decode()
    data = data_of(page)
    assert (data["@type"], data["name"]) == ("Dataset", "Scoreboard 2026: assessment, issue 1")
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert data["spatialCoverage"] == ["Malta"]
    for one in data["distribution"]:
        assert Client().get(one["contentUrl"].removeprefix(SITE)).status_code == 200
    assert f'<link rel="canonical" href="{SITE}/reports/{issue.pk}/">' in page
    assert '<meta name="description" content="Scoreboard 2026: what 1 country reported about itself' in page
    assert "CC BY 4.0</a>" in page


def test_no_licence_is_claimed_that_nobody_chose(issue):
    page = Client().get(reverse("report", args=[issue.pk])).content.decode()
    assert "license" not in data_of(page)
    assert "None is stated: ask the Secretariat" in page


def test_data_within_a_page_cannot_end_its_element():
    hostile = {"name": "</script><script>alert(1)</script>&\u2028"}
    written = as_script(hostile)
    assert not set("<>&\u2028") & set(written)
    assert json.loads(written) == hostile


def test_the_sitemap_has_what_everybody_reads_and_no_examples(harbour, malta, greece, assessment_at):
    cycles = {
        "2023": factories.a_cycle([malta], code="2023"),
        "2024": factories.a_cycle([malta], code="2024", is_example=True),
        "2026": factories.a_cycle([greece], code="2026"),
    }
    for code, cycle in cycles.items():
        factories.submission_at(State.ACCEPTED, greece if code == "2026" else malta, cycle)
    real = assessment_at(PUBLISHED, cycles["2023"])
    assessment_at(PUBLISHED, cycles["2024"])
    assessment_at(PUBLISHED, cycles["2026"], audience="observers")
    text = spaces.a_public_text(spaces.a_space())
    spaces.a_public_text(spaces.a_space("Invented", is_example=True))
    root = ET.fromstring(Client().get("/sitemap.xml").content)  # noqa: S314 - made by the portal
    found = {one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    paths = {one.removeprefix(SITE) for one in found}
    assert {path for path in paths if re.match(r"/reports/\d", path)} == {
        f"/reports/{real.pk}/",
        f"/reports/{real.pk}/countries/MT/",
    }
    assert {path for path in paths if re.match(r"/(countries|cycles|areas)/\w", path)} == {
        "/countries/mt/",
        "/cycles/2023/",
        *(f"/areas/{code}/" for code in ("P", "Q", "R")),
    }
    assert {path for path in paths if path.startswith("/spaces/")} == {
        "/spaces/published/",
        f"/spaces/published/{text.pk}/",
    }
    assert {Client().get(path).status_code for path in paths} == {200}
    Cycle.objects.filter(pk=real.cycle_id).update(is_example=True)
    assert f"/reports/{real.pk}/" not in Client().get("/sitemap.xml").content.decode()


def test_search_engines_leave_out_a_demo_and_what_is_private(settings, db):
    said = Client().get("/robots.txt").content.decode().splitlines()
    assert said[0] == "User-agent: *"
    assert "Disallow: /accounts/" in said
    assert said[-1] == f"Sitemap: {SITE}/sitemap.xml"
    settings.DEMO = True
    assert "Disallow: /" in Client().get("/robots.txt").content.decode().splitlines()


def first(issue: Assessment) -> str:
    """Return the code of the first indicator."""
    return issue.cycle.edition.all_indicators[0].code


def snippets(*pages: str) -> list[ET.Element]:
    """Return the frames that pages offer to copy."""
    found = []
    for path in pages:
        page = Client().get(path).content.decode()
        texts = re.findall(r'<code class="snippet"[^>]*>(.*?)</code>', page, re.DOTALL)
        frames = [html.unescape(one).replace("></iframe>", "/>") for one in texts]
        found += [ET.fromstring(one) for one in frames]  # noqa: S314 - made by the portal
    return found


def test_a_chart_is_shown_on_other_sites_without_cookie_or_script(issue):
    areas = list(issue.cycle.edition.areas.all())
    pages = {  # and to which of them the charts lead back
        reverse("report", args=[issue.pk]): 0,
        reverse("report_part", args=[issue.pk, f"area-{areas[0].code}".lower()]): 2,
        reverse("report_country", args=[issue.pk, "MT"]): 1,
        "/countries/mt/": 1,
        f"/indicators/{first(issue)}/": 1,
        f"/areas/{areas[0].code}/": 1,
        "/groups/south/": 1,
        "/explore/": 1,
        f"/explore/?indicator={first(issue)}&compare=MT": 1,
        "/explore/?area=all": 0,  # no single chart
    }
    for page, offered in pages.items():
        frames = snippets(page)
        assert len(frames) == offered, page
        for frame in frames:
            response = Client().get(frame.get("src").removeprefix(SITE))
            assert response.status_code == 200, frame.get("src")
            assert frame.get("title")
            assert "frame-ancestors *" in response["Content-Security-Policy"]
            assert "X-Frame-Options" not in response
            assert not response.cookies
            said = response.content.decode()
            assert "<svg" in said or 'class="tile-map' in said
            assert "<script" not in said
            lasting = page if "/reports/" not in page else f"/reports/{issue.pk}/"
            assert f'href="{SITE}{html.escape(lasting)}"' in said


def test_no_other_page_can_be_shown_in_a_frame(issue):
    for name, args in (("home", []), ("report", [issue.pk]), ("feed", []), ("subscribe", [])):
        response = Client().get(reverse(name, args=args))
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"


def test_a_withdrawn_chart_says_so_in_its_frame(issue, officer):
    frames = snippets("/countries/mt/", f"/indicators/{first(issue)}/", "/explore/", "/explore/?compare=MT")
    frames = [frame.get("src").removeprefix(SITE) for frame in frames]
    frames += ["/embed/en/explore/?cycles=2026"]
    lifecycle.withdraw(issue, reason="A figure was wrong.", by=officer)
    of_issue = reverse("embed_country", args=["en", issue.pk, "mt"])
    for path in (of_issue, *frames):
        response = Client().get(path)
        assert response.status_code == 410, path
        assert "withdrawn" in Page(response).text
        assert "frame-ancestors *" in response["Content-Security-Policy"]
        assert "X-Frame-Options" not in response
    said = Client().get(of_issue).content.decode()
    assert "Issue 1 of the assessment of Scoreboard 2026 was withdrawn on" in said


def test_a_chart_of_an_issue_for_observers_is_in_no_frame(assessment_at, observer, sign_in):
    issue = assessment_at(PUBLISHED, audience="observers")
    member, frames = sign_in(observer), [reverse("embed_country", args=["en", issue.pk, "mt"])]
    frames += ["/embed/en/countries/mt/", f"/embed/en/indicators/{first(issue)}/", "/embed/en/explore/"]
    assert {member.get(path).status_code for path in frames} == {404}
    area = reverse("report_part", args=[issue.pk, "area-a"])
    for path in (area, "/countries/mt/", f"/indicators/{first(issue)}/", "/explore/"):
        page = member.get(path)
        assert page.status_code == 200
        assert 'class="snippet"' not in page.content.decode()
