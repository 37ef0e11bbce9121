"""The API read: who reads what, the figures against a plain computation, and a schema that says just that."""

import hashlib
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from reporting.assessments import chapters, lifecycle
from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from scoreboard.errors import NotNow
from scoreboard.evidence import attaching
from scoreboard.models import Cycle, Edition, Role, State, Submission
from scoreboard.questionnaire import file as edition_file
from scoreboard.questionnaire import importing
from scoreboard.submissions import workflow
from scoreboard.threads import discussion
from tests import factories, plans, small_pdfs
from tests.api_schema import require_described

pytestmark = pytest.mark.django_db

PARTS = ["detail", "results", "products"]
LISTS = ["edition-list", "country-list", "cycle-list", "submission-list", "assessment-list", "plan-list"]


def get(client, name, *args, status=200, **query):
    """Ask for a named address; return the data of the answer, which has this status and is as the schema says."""
    response = client.get(reverse(name, args=args), query)
    require_described(response)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == ("application/json" if status < 400 else "application/problem+json")
    return response.json()


def codes(client, name, member="code", **query):
    return [one[member] for one in get(client, name, **query)["results"]]


@pytest.fixture
def anyone():
    return Client()


@pytest.fixture
def publish(monkeypatch, officer):
    """Return a function that publishes the accepted answers of a cycle."""
    monkeypatch.setattr(pdf, "assessment_pdf", small_pdfs.assessment_pdf)
    monkeypatch.setattr(pdf, "unavailable", lambda: None)

    def published(cycle, audience="everyone") -> Assessment:
        assessment = lifecycle.consolidate(cycle, by=officer)
        lifecycle.perform(lifecycle.request_build(assessment, by=officer))
        return lifecycle.publish(
            assessment, audience=audience, by=officer, snapshot=assessment.snapshot_sha256, early="The meeting is near."
        )

    return published


@pytest.fixture
def accepted(malta):
    return factories.submission_at(State.ACCEPTED, malta)


class TestWhoReadsWhat:
    @pytest.fixture
    def portal_in_use(self, malta, greece, publish):
        """Return the cast of a portal with a published, a withheld, an open and a prepared cycle."""
        tunisia = factories.a_country("TN")
        past = {code: factories.a_cycle([malta, tunisia], code=code) for code in ("2020", "2023")}
        for cycle in past.values():
            factories.submission_at(State.ACCEPTED, malta, cycle)
        publish(past["2020"])
        publish(past["2023"], audience="observers")
        open_one = factories.a_cycle([malta, greece], code="2026")
        factories.submission_at(State.SUBMITTED, malta, open_one)
        other = factories.an_edition(factories.HARBOUR)
        factories.a_cycle([greece], code="later", edition=other, opened=False)
        people = {role: factories.a_person(role, malta if Role(role).is_national else None) for role in Role.values}
        return (
            people
            | {"foreign": factories.a_focal(greece), "nobody": factories.a_person(), "anyone": None}
            | {"administrator": factories.a_person(is_staff=True)}
        )

    # editions, cycles, states of submissions (None: refused), assessments, by who asks
    SEEN = {
        "anyone": (1, {"2020"}, None, 1),
        "nobody": (1, {"2020"}, [], 1),
        "administrator": (2, {"2020"}, [], 1),
        "guest": (1, {"2020"}, [], 1),
        "contributor": (1, {"2020", "2023"}, [], 2),
        "observer": (1, {"2020", "2023"}, [], 2),
        "focal": (1, {"2020", "2023", "2026"}, ["accepted", "accepted", "submitted"], 2),
        "foreign": (1, {"2020", "2023", "2026"}, ["draft"], 2),
        "analyst": (2, {"2020", "2023", "2026"}, ["accepted", "accepted", "draft", "draft", "draft", "submitted"], 2),
        "secretariat": (
            2,
            {"2020", "2023", "2026", "later"},
            ["accepted", "accepted", "draft", "draft", "draft", "draft", "submitted"],
            2,
        ),
    }

    def test_each_sees_what_pages_show(self, portal_in_use, sign_in):
        seen = {}
        for who, person in portal_in_use.items():
            client = sign_in(person) if person else Client()
            states = None
            if person:
                states = sorted(codes(client, "submission-list", "state"))
            seen[who] = (
                len(codes(client, "edition-list")),
                set(codes(client, "cycle-list")),
                states,
                len(codes(client, "assessment-list", "id")),
            )
        assert seen == self.SEEN

    def test_what_is_not_in_the_list_is_not_there(self, portal_in_use, sign_in):
        details = {
            "edition-detail": [edition.code for edition in Edition.objects.all()],
            "cycle-detail": [cycle.code for cycle in Cycle.objects.all()],
            "submission-detail": list(Submission.objects.values_list("pk", flat=True)),
            "assessment-detail": list(Assessment.objects.values_list("pk", flat=True)),
        }
        for person in portal_in_use.values():
            client = sign_in(person) if person else Client()
            for name, keys in details.items():
                if name == "submission-detail" and not person:
                    continue
                member = "code" if name in ("edition-detail", "cycle-detail") else "id"
                listed = codes(client, name.replace("detail", "list"), member)
                for key in keys:
                    get(client, name, key, status=200 if key in listed else 404)

    def test_parts_of_an_assessment_are_hidden_with_it(self, portal_in_use, anyone):
        hidden = Assessment.objects.get(audience="observers")
        for part in ("assessment-results", "assessment-products"):
            get(anyone, part, hidden.pk, status=404)

    def test_submissions_need_an_account(self, anyone, accepted):
        answer = get(anyone, "submission-list", status=401)
        assert set(answer) == {"type", "title", "status", "detail"}
        get(anyone, "submission-detail", accepted.pk, status=401)

    def test_assessments_at_work_and_withdrawn_are_for_officers_and_analysts(
        self, accepted, publish, officer, analyst, observer, sign_in
    ):
        assessment = publish(accepted.cycle)
        lifecycle.withdraw(assessment, reason="A figure was wrong.", by=officer)
        lifecycle.consolidate(accepted.cycle, by=officer)
        statuses = {person: codes(sign_in(person), "assessment-list", "status") for person in (officer, analyst)}
        assert set(map(tuple, statuses.values())) == {("draft", "withdrawn")}
        assert codes(sign_in(observer), "assessment-list", "status") == []

    def test_nobody_is_named(self, malta, publish, anyone, sign_in):
        focal = factories.a_person(Role.FOCAL, malta, name="Zebedee Quillfeather")
        submission = factories.submission_at(State.ACCEPTED, malta)
        publish(submission.cycle)
        addresses = [reverse(name) for name in ["api-root", "api-schema", *LISTS]]
        addresses += [
            reverse("edition-detail", args=[submission.cycle.edition.code]),
            reverse("country-detail", args=["MT"]),
            reverse("cycle-detail", args=[submission.cycle.code]),
            reverse("submission-detail", args=[submission.pk]),
            *(reverse(f"assessment-{part}", args=[Assessment.objects.get().pk]) for part in PARTS),
        ]
        secrets = ["@", "Quillfeather", "Zebedee", *factories.DECLARATION.values()]
        for client in (anyone, sign_in(focal)):
            for address in addresses:
                text = client.get(address).content.decode()
                assert not [secret for secret in secrets if secret in text], address


class TestContent:
    def test_an_edition_is_its_file(self, cycle, anyone):
        document = get(anyone, "edition-detail", cycle.edition.code)
        assert edition_file.check(document) == []
        assert importing.import_edition(document) == (cycle.edition, [])
        [listed] = get(anyone, "edition-list")["results"]
        assert listed == {
            "url": f"http://testserver/api/v1/editions/{cycle.edition.code}/",
            "code": "scoreboard-2017",
            "year": 2017,
            "title": document["title"],
            "short_title": {"en": "Scoreboard"},
            "languages": ["en"],
            "previous": None,
            "provisional": True,
        }

    def test_countries_have_their_groups_with_dates(self, anyone):
        call_command("load_countries", verbosity=0)
        factories.a_country("MT").group_memberships.filter(group__code="bern").update(since="1994-03-01")
        malta = get(anyone, "country-detail", "MT")
        assert malta | {"groups": None} == {
            "iso2": "MT",
            "iso3": "MLT",
            "name": {"en": "Malta"},
            "subregion": "Southern Europe",
            "groups": None,
        }
        assert {group["code"]: group["since"] for group in malta["groups"]} == {"bern": "1994-03-01", "mikt": None}
        assert len(codes(anyone, "country-list", "iso2", group="mikt")) == 22
        assert codes(anyone, "country-list", "iso2", group="mikt", subregion="Western Asia") == ["CY", "IL", "LB", "SY"]

    def test_a_submission_has_its_answers(self, malta, focal, sign_in):
        submission = factories.submission_at(State.DRAFT, malta)
        factories.offer_not_applicable(submission.cycle)
        factories.fill(submission, i1=factories.given("not_applicable", reason="No birds."), i2=factories.given(""))
        answers = get(sign_in(focal), "submission-detail", submission.pk)["answers"]
        first = answers[0] | {"changed_at": ""}
        assert first == {
            "area": "A",
            "indicator": "1",
            "label": "A1",
            "kind": "not_applicable",
            "level": None,
            "reason": "No birds.",
            "comment": "",
            "comment_withheld": False,
            "figures": [],
            "figures_withheld": False,
            "next_step": "",
            "next_step_by": "",
            "next_step_lead": "",
            "next_step_public": False,
            "change_reason": "",
            "confirmed": False,
            "revision": 1,
            "changed_at": "",
            "evidence": [],
            "threads": [],
        }
        assert [answer["indicator"] for answer in answers] == ["1", *(str(n) for n in range(3, 29))]
        [listed] = get(sign_in(focal), "submission-list")["results"]
        assert (listed["answered"], listed["state"], listed["due"]) == (27, "draft", submission.due.isoformat())

    def test_what_lies_beside_an_answer_is_for_who_reads_it_on_pages(self, malta, focal, officer, analyst, sign_in):
        rows = [{"year": 2025, "cases_recorded": 12}]
        full = factories.given(figures=rows, figures_withheld=True, next_step="A register.", change_reason="Recounted.")
        submission = factories.submission_at(State.DRAFT, malta)
        factories.fill(submission, i4=full)
        link = attaching.add_link(submission, "4", "https://example.org/act", "The act", by=focal)
        file = attaching.add_file(submission, "4", SimpleUploadedFile("act.txt", b"Article 1"), by=focal)
        attaching.remove(attaching.add_link(submission, "4", "https://example.org/wrong", by=focal), by=focal)
        workflow.submit(submission, by=focal, **factories.DECLARATION)
        shared = discussion.open_thread(submission, "4", "Which court?", shared=True, by=officer)
        discussion.reply(shared, "The highest.", by=focal)
        discussion.open_thread(submission, "4", "Ask Ana.", shared=False, by=officer)

        def fourth(person):
            found = get(sign_in(person), "submission-detail", submission.pk)["answers"]
            return next(answer for answer in found if answer["indicator"] == "4")

        told = fourth(focal)
        assert (told["figures"], told["figures_withheld"], told["confirmed"]) == (rows, True, False)
        assert (told["next_step"], told["change_reason"]) == ("A register.", "Recounted.")
        pieces = {piece["id"]: piece for piece in told["evidence"]}
        assert pieces.keys() == {link.pk, file.pk}
        assert (pieces[link.pk]["url"], pieces[link.pk]["name"]) == ("https://example.org/act", "The act")
        assert (pieces[file.pk]["size"], pieces[file.pk]["sha256"]) == (9, hashlib.sha256(b"Article 1").hexdigest())
        assert b"".join(sign_in(focal).get(pieces[file.pk]["url"]).streaming_content) == b"Article 1"
        foreign = factories.a_focal(factories.a_country("GR"))
        for stranger in (foreign, factories.a_person(Role.CONTRIBUTOR, malta), factories.a_person(Role.OBSERVER)):
            get(sign_in(stranger), "submission-detail", submission.pk, status=404)
            assert sign_in(stranger).get(pieces[file.pk]["url"]).status_code == 404
        [thread] = told["threads"]
        assert (thread["shared"], thread["holder"], thread["due"]) == (True, "secretariat", None)
        said = [(remark["side"], remark["text"]) for remark in thread["remarks"]]
        assert said == [("secretariat", "Which court?"), ("country", "The highest.")]
        assert [thread["shared"] for thread in fourth(officer)["threads"]] == [True, False]
        assert (fourth(analyst)["threads"], fourth(analyst)["evidence"]) == ([], told["evidence"])

    def test_a_submission_costs_the_same_however_much_lies_beside_its_answers(self, malta, focal, officer, sign_in):
        submission, client, costs = factories.submission_at(State.RETURNED, malta), sign_in(focal), []
        for codes in (["1"], ["2", "3"]):
            for code in codes:
                attaching.add_link(submission, code, "https://example.org/act", by=focal)
                discussion.open_thread(submission, code, "Which court?", shared=True, by=officer)
            with CaptureQueriesContext(connection) as queries:
                get(client, "submission-detail", submission.pk)
            costs.append(len(queries))
        assert costs[0] == costs[1]

    def test_submissions_are_filtered(self, malta, greece, officer, sign_in):
        cycle = factories.a_cycle([malta, greece])
        factories.submission_at(State.SUBMITTED, malta, cycle)
        client = sign_in(officer)
        assert codes(client, "submission-list", "country", country="GR") == ["GR"]
        assert codes(client, "submission-list", "country", state="submitted") == ["MT"]
        assert codes(client, "submission-list", "country", cycle="1999") == []
        assert codes(client, "submission-list", "country", late=True) == []
        assert list(get(client, "submission-list", state="lost", status=400)["errors"]) == ["state"]

    def test_files_are_those_that_were_stored(self, accepted, publish, anyone):
        assessment = publish(accepted.cycle)
        files = {one["kind"]: one for one in get(anyone, "assessment-products", assessment.pk)}
        assert set(files) == {"pdf", "xlsx", "csv_wide", "csv_long", "json", "charts", "package", "country_pdf"}
        product = files["pdf"]
        assert product | {"built_at": ""} == {
            "kind": "pdf",
            "subject": "",
            "size": len(small_pdfs.PDF),
            "sha256": hashlib.sha256(small_pdfs.PDF).hexdigest(),
            "built_at": "",
            "url": "http://testserver" + reverse("report_pdf", args=[assessment.pk]),
        }
        for one in files.values():
            downloaded = b"".join(anyone.get(one["url"]).streaming_content)
            assert (len(downloaded), hashlib.sha256(downloaded).hexdigest()) == (one["size"], one["sha256"])


class TestResults:
    @pytest.fixture
    def answer(self, malta, greece, publish, anyone):
        """Two countries' results as the API gives them: Malta answers unevenly, Greece chose level 1 everywhere."""
        cycle = factories.a_cycle([malta, greece, factories.a_country("TN")])
        factories.offer_not_applicable(cycle)
        uneven = {
            "i1": factories.given(level=0),
            "i2": factories.given("unknown"),
            "i3": factories.given("not_applicable", reason="No records."),
            "i4": factories.given(
                level=3,
                comment="Withheld words.",
                comment_withheld=True,
                figures=[{"year": 2025, "cases_recorded": 12}],
                figures_withheld=True,
            ),
        }
        even = {f"i{n}": factories.given(level=1) for n in range(1, 29)}
        for country, answers in ((malta, uneven), (greece, even)):
            submission = cycle.submissions.get(country=country)
            factories.fill(submission, **answers)
            workflow.submit(submission, by=factories.a_focal(country), **factories.DECLARATION)
            workflow.accept(submission, by=factories.an_officer(), version=submission.versions.count())
        self.assessment = publish(cycle)
        return get(anyone, "assessment-results", self.assessment.pk)

    def test_scores_are_exact_and_rounded(self, answer):
        countries = {country["iso2"]: country for country in answer["countries"]}
        area = countries["MT"]["areas"][0]
        percent = Fraction(100 * (0 + 3), 3 + 3)  # indicators 1 and 4; 2 is unknown, 3 does not apply
        strict = Fraction(100 * (0 + 3), 3 + 3 + 3)
        assert (area["code"], area["scored"], area["of"]) == ("A", 2, 4)
        assert area["answered"] == {"points": 3, "possible": 6, "percent": {"exact": str(percent), "rounded": 50.0}}
        assert area["strict"] == {"points": 3, "possible": 9, "percent": {"exact": str(strict), "rounded": 33.3}}
        mean = (percent + Fraction(100, 3)) / 2
        assert answer["areas"][0]["answered"]["mean"] == {"exact": str(mean), "rounded": 41.7}
        assert answer["areas"][0]["answered"]["n"] == 2
        assert answer["basis"] == "answered"

    def test_distribution_counts_every_kind(self, answer):
        by_code = {indicator["code"]: indicator for indicator in answer["indicators"]}
        assert [indicator["code"] for indicator in answer["indicators"]] == [str(n) for n in range(1, 29)]
        assert by_code["1"]["distribution"] == {"0": 1, "1": 1, "2": 0, "3": 0}
        assert (by_code["2"]["unknown"], by_code["3"]["not_applicable"], by_code["4"]["unanswered"]) == (1, 1, 0)
        assert (by_code["4"]["area"], by_code["4"]["percent"]["highest"]["exact"]) == ("A", "100")

    def test_countries_with_their_public_answers(self, answer):
        malta = next(country for country in answer["countries"] if country["iso2"] == "MT")
        fourth = next(one for one in malta["answers"] if one["indicator"] == "4")
        assert fourth == {
            "indicator": "4",
            "kind": "level",
            "level": 3,
            "reason": "",
            "comment": "",
            "withheld": True,
            "confirmed": False,
            "figures": [],
            "figures_withheld": True,
        }
        assert [country["iso2"] for country in answer["not_reported"]] == ["TN"]

    def test_the_assessment_has_the_same_results(self, answer, anyone):
        whole = get(anyone, "assessment-detail", self.assessment.pk)
        assert whole["results"] == answer
        assert whole["snapshot_sha256"] == self.assessment.snapshot_sha256
        [listed] = get(anyone, "assessment-list", cycle="2026")["results"]
        assert listed == {key: value for key, value in whole.items() if key != "results"}


class TestTexts:
    """What is written, as the readers of the pages get it: approved and published, and nothing before."""

    WRITTEN = {"summary": "The mean is [[mean A]].\n\n[[table A]]", "area-A": "<b>As typed.</b>"}

    @pytest.fixture
    def at_work(self, accepted, officer, analyst, monkeypatch):
        """An issue at work with two texts, built; the first is approved."""
        monkeypatch.setattr(pdf, "assessment_pdf", small_pdfs.assessment_pdf)
        monkeypatch.setattr(pdf, "unavailable", lambda: None)
        issue = lifecycle.consolidate(accepted.cycle, by=officer)
        for key, text in self.WRITTEN.items():
            chapters.save(issue.chapters.get(key=key), text, by=analyst, seen=0)
        chapters.approve(issue.chapters.get(key="summary"), by=officer, seen=1)
        lifecycle.perform(lifecycle.request_build(issue, by=officer))
        return Assessment.objects.get(pk=issue.pk)

    def texts(self, client, issue, status=200):
        found = [get(client, f"assessment-{part}", issue.pk, status=status) for part in ("results", "detail")]
        if status == 200:
            assert found[0] == found[1]["results"]
            return found[0]["texts"]
        return None

    def test_nobody_gets_them_before_they_are_published(self, at_work, officer, analyst, observer, anyone, sign_in):
        for person in (officer, analyst):
            assert self.texts(sign_in(person), at_work) == []
        for client in (sign_in(observer), anyone):
            self.texts(client, at_work, status=404)

    def test_readers_get_them_with_their_values(self, at_work, officer, observer, anyone, sign_in):
        chapters.approve(at_work.chapters.get(key="area-A"), by=officer, seen=1)
        lifecycle.publish(
            at_work, audience="observers", by=officer, snapshot=at_work.snapshot_sha256, early="The meeting is near."
        )

        first, second = self.texts(sign_in(observer), at_work)
        self.texts(anyone, at_work, status=404)

        mean = at_work.snapshot["results"]["areas"]["A"]["answered"]["mean"]
        assert (first["chapter"], first["text"]) == ("summary", self.WRITTEN["summary"])
        assert Decimal(first["values"].pop("mean A")) == Decimal(f"{float(Fraction(mean)):.1f}")
        assert first["values"].keys() == {"table A"}
        assert second == {"chapter": "area-A", "text": "<b>As typed.</b>", "values": {}}

        lifecycle.withdraw(at_work, reason="A figure was wrong.", by=officer)
        self.texts(sign_in(observer), at_work, status=410)
        assert [one["chapter"] for one in self.texts(sign_in(officer), at_work)] == ["summary", "area-A"]

    def test_they_cost_no_query(self, at_work, officer, anyone):
        chapters.approve(at_work.chapters.get(key="area-A"), by=officer, seen=1)
        lifecycle.publish(
            at_work, audience="everyone", by=officer, snapshot=at_work.snapshot_sha256, early="The meeting is near."
        )
        costs = []
        for texts in (at_work.texts, {}):
            Assessment.objects.filter(pk=at_work.pk).update(texts=texts)
            with CaptureQueriesContext(connection) as queries:
                assert len(self.texts(anyone, at_work)) == len(texts)
            costs.append(len(queries))
        assert costs[0] == costs[1]


class TestCost:
    def test_lists_cost_the_same_for_one_row_and_for_three(self, publish, officer, sign_in):
        client = sign_in(officer)
        costs = []
        for n in (1, 3):
            for iso2 in ("MT", "GR", "TN")[len(costs) : n]:
                cycle = factories.a_cycle([factories.a_country(iso2)], code=f"c{iso2.lower()}")
                factories.submission_at(State.ACCEPTED, factories.a_country(iso2), cycle)
                publish(cycle)
                plans.a_plan(factories.a_country(iso2), shown="everybody")
            if n == 3:
                for path in (factories.HARBOUR, factories.HARBOUR_NEXT):
                    factories.an_edition(path)
            costs.append({})
            for name in LISTS:
                with CaptureQueriesContext(
                    connection,
                ) as queries:
                    assert get(client, name)["count"] == n
                costs[-1][name] = len(queries)
        assert costs[0] == costs[1]


class TestManners:
    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_nothing_is_written(self, method, officer, accepted, sign_in):
        client = sign_in(officer)
        for address in (reverse("submission-list"), reverse("submission-detail", args=[accepted.pk])):
            response = getattr(client, method)(address, {"state": "draft"}, content_type="application/json")
            assert response.status_code == 405
        assert Submission.objects.get().state == State.ACCEPTED

    def test_a_refusal_is_a_sentence(self):
        class Refusing(APIView):
            def post(self, request):
                raise NotNow("The cycle is closed.")

        response = Refusing.as_view()(APIRequestFactory().post("/"))
        assert (response.status_code, response.content_type) == (409, "application/problem+json")
        assert response.data == {
            "type": "about:blank",
            "title": "Conflict",
            "status": 409,
            "detail": "The cycle is closed.",
        }

    @pytest.mark.parametrize("name", LISTS)
    def test_a_filter_that_is_none_is_refused(self, name, officer, accepted, sign_in):
        answer = get(sign_in(officer), name, status=400, contry="MT", edition_="x")
        assert list(answer["errors"]) == ["contry", "edition_"]
        assert answer["detail"] == "There is no filter of this name here. There is no filter of this name here."
        assert get(sign_in(officer), name, page=1, page_size=5)

    def test_a_filter_that_cannot_be_is_named(self, officer, accepted, sign_in):
        answer = get(sign_in(officer), "submission-list", status=400, state="gone")
        assert list(answer["errors"]) == ["state"]
        assert answer["title"] == "Bad Request"

    def test_the_reader_chooses_how_long_a_page_is(self, anyone):
        for iso2 in ("AA", "AB", "AC"):
            factories.a_country(iso2)
        answer = get(anyone, "country-list", page_size=2)
        assert (answer["count"], len(answer["results"]), "page_size=2" in answer["next"]) == (3, 2, True)
        assert len(get(anyone, "country-list", page_size=5000)["results"]) == 3

    @pytest.mark.parametrize("iso2", ["mt", "MT", "Mt"])
    def test_a_country_is_found_in_any_case(self, anyone, malta, iso2):
        assert get(anyone, "country-detail", iso2)["iso2"] == "MT"

    @pytest.mark.parametrize("path", ["nothing/", "countries/MT/nothing/", "submissions/x/", "a%0Ab/", "a%00b/"])
    def test_an_unknown_address_is_answered_as_data(self, anyone, path):
        for method in ("get", "post", "put", "patch", "delete"):
            answer = getattr(anyone, method)(f"/api/v1/{path}")
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["status"] == answer.status_code == 404

    def test_a_parameter_that_no_database_stores_is_refused_as_data(self, anyone):
        for name in (*LISTS, "published-levels-csv"):
            answer = anyone.get(reverse(name), {"a": "\0"})
            assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")

    def test_every_address_says_what_it_is(self, officer, draft, sign_in):
        """OPTIONS is answered at answers and suggestions too, which are no objects that the framework could look up."""
        client = sign_in(officer)
        for name, place in (("answer-detail", (draft.pk, "P1")), ("suggestion-detail", (1, "P1")), ("cycle-list", ())):
            answer = client.options(reverse(name, args=place))
            assert (answer.status_code, "actions" in answer.json()) == (200, False)

    def test_a_page_that_a_list_does_not_have_is_in_the_schema(self, officer, sign_in):
        client = sign_in(officer)
        paths = SchemaGenerator().get_schema(public=True)["paths"]
        for name in LISTS:
            get(client, name, status=404, page=0)
            assert "404" in paths[reverse(name)]["get"]["responses"]

    def test_the_schema_is_made_without_a_warning(self, tmp_path):
        path = tmp_path / "schema.yaml"
        call_command("spectacular", "--validate", "--fail-on-warn", file=str(path))
        assert "/api/v1/editions/" in path.read_text()

    def test_schema_and_documentation_are_public(self, anyone):
        schema = anyone.get(reverse("api-schema"), {"format": "json"}).json()
        assert schema["openapi"].startswith("3.1")
        response = anyone.get(reverse("api-docs"))
        assert response.status_code == 200
        page = response.content.decode()
        assert "<h1>API</h1>" in page
        for path, item in schema["paths"].items():
            assert [method for method in item if f"{method.upper()} {path}" not in page] == []
        assert 'href="#object-' in page
        for link in set(page.split('href="#')[1:]):
            assert f'id="{link.split(chr(34))[0]}"' in page

    def test_answers_are_as_the_schema_says(self, accepted, publish, officer, sign_in):
        """Every object has just the members that the schema gives it."""
        publish(accepted.cycle)
        schema = SchemaGenerator().get_schema(public=True)
        schemas = schema["components"]["schemas"]
        client = sign_in(officer)

        def compare(value, part, place):
            if "$ref" in part:
                return compare(value, schemas[part["$ref"].rsplit("/", 1)[-1]], place)
            if isinstance(value, list):
                for one in value:
                    compare(one, part["items"], f"{place}[]")
            elif isinstance(value, dict) and "properties" in part:
                required = set(part["required"])
                assert required <= set(value) <= set(part["properties"]), place
                for key, one in value.items():
                    compare(one, part["properties"][key], f"{place}.{key}")
            return None

        keys = {"{submission}": str(accepted.pk), "answers/{code}": "answers/1"}
        keys |= {"{code}": "", "{id}": "", "{iso2}": "MT"}
        found = {"editions": accepted.cycle.edition.code, "cycles": accepted.cycle.code}
        found |= {"submissions": str(accepted.pk), "assessments": str(Assessment.objects.get().pk)}
        found |= {"plans": str(plans.a_plan(accepted.country, shown="everybody").pk)}
        for path, item in schema["paths"].items():
            if "get" not in item or "/evidence/" in path or "contributions/{" in path:
                continue
            subject = path.split("/")[3]
            address = path
            for key, value in keys.items():
                address = address.replace(key, value or found.get(subject, ""))
            response = client.get(address)
            assert response.status_code == 200, address
            [(media_type, content)] = item["get"]["responses"]["200"]["content"].items()
            assert response["Content-Type"].split(";")[0] == media_type
            if media_type == "text/csv":
                assert response.getvalue().startswith(b"row,rows,cycle,")
                continue
            compare(response.json(), content["schema"], path)
