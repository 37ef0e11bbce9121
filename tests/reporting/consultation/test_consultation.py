"""The right of reply from end to end: passages, opening, comments, answers, another build, publishing with a reason."""

from datetime import datetime, time, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from pypdf import PdfReader

from reporting.assessments import chapters, lifecycle
from reporting.consultation import changes, commenting, opening, pages, preparing
from reporting.models import Assessment, Build, Consultation, CountryComment, Passage
from reporting.pdf import assessment as pdf
from scoreboard import clock
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.models import ActivityEntry, Mail, Role, State
from scoreboard.submissions import workflow
from tests import factories
from tests.factories import given
from tests.pages import Page

TEXT = """# Results of Malta

Malta reached [[percent MT P]] percent; the level is [[level MT P1]].

Greece and **MÁLTA** share a border at sea^[As Cyprus does.]

- Cyprus wrote a law.
- One island state did not.

[[figure P]]

The mean is [[mean P]]."""


@pytest.fixture(scope="module")
def module_cycle(module_db):
    factories.an_edition(factories.HARBOUR)
    countries = [factories.a_country(code) for code in ("MT", "GR", "CY")]
    cycle = factories.a_cycle(countries)
    for country in countries[:2]:
        factories.submission_at(State.ACCEPTED, country, cycle)
    factories.a_focal(countries[2])
    factories.an_officer()
    return cycle


@pytest.fixture
def cycle(module_cycle, db):
    return factories.afresh(module_cycle)


@pytest.fixture
def analyst(db):
    return factories.a_person(Role.ANALYST)


@pytest.fixture
def officer(cycle):
    return factories.an_officer()


@pytest.fixture
def issue(cycle, officer, small_pdf):
    assessment = lifecycle.consolidate(cycle, by=officer)
    return written(assessment, TEXT, officer)


def written(assessment, text, officer, key="area-P") -> Assessment:
    """Save and approve a chapter, and build the issue."""
    chapter = assessment.chapters.get(key=key)
    chapters.save(chapter, text, by=officer, seen=chapter.revision)
    chapters.approve(chapter, by=officer, seen=chapter.revision + 1)
    return built(assessment, officer)


def built(assessment, officer) -> Assessment:
    lifecycle.perform(lifecycle.request_build(assessment, by=officer))
    assert assessment.builds.first().state == Build.State.DONE
    return Assessment.objects.get(pk=assessment.pk)


def submission(cycle, iso2):
    return cycle.submissions.get(country__iso2=iso2)


def focal(iso2):
    return factories.a_focal(factories.a_country(iso2))


def until(cycle, days=10):
    return cycle.day() + timedelta(days=days)


@pytest.fixture
def opened(issue, cycle, officer) -> Consultation:
    build = preparing.prepare(issue, by=officer)
    return opening.open_consultation(build.consultation, until=until(cycle), build=1, by=officer)


def mails(event) -> list[str]:
    """The countries that got a mail of this event."""
    return list(Mail.objects.filter(event=event).order_by("pk").values_list("submission__country__iso2", flat=True))


# --- passages ------------------------------------------------------------------------------------------------


def test_passages_are_found_by_references_and_by_names_as_whole_words(issue, analyst):
    build = preparing.prepare(issue, by=analyst)
    found = [(one.line, one.referred, one.named, one.shown_to) for one in build.passages.all()]
    assert found == [
        (1, [], ["MT"], ["MT"]),
        (3, ["MT"], ["MT"], ["MT"]),
        (5, [], ["CY", "GR", "MT"], []),
        (7, [], ["CY"], ["CY"]),
        (8, [], [], []),
        (12, [], [], []),
    ]
    assert preparing.prepare(issue, by=analyst) == build, "repeating it is harmless"
    assert list(ActivityEntry.objects.filter(verb="find_passages").values_list("detail", flat=True)) == ["1, 1"]


def test_countries_are_added_and_removed_by_hand_but_not_those_whose_figures_are_shown(issue, analyst, officer):
    build = preparing.prepare(issue, by=analyst)
    paraphrase, figures = build.passages.get(line=8), build.passages.get(line=3)
    assert preparing.assign(paraphrase, ["MT"], by=analyst).shown_to == ["MT"]
    with pytest.raises(Invalid, match="shows figures or words of Malta"):
        preparing.assign(figures, [], by=analyst)
    with pytest.raises(Invalid, match="No country with the code FR"):
        preparing.assign(paraphrase, ["FR"], by=analyst)
    several = build.passages.get(line=5)
    preparing.decide(several, "all", by=officer)
    several = preparing.assign(several, ["GR", "MT"], by=analyst)
    assert (several.removed, several.decision, several.shown_to) == (["CY"], "", [])
    several = preparing.assign(several, ["MT"], by=analyst)
    assert (several.waits, several.shown_to) == (True, []), "it may speak of those that were removed"
    assert preparing.decide(several, "all", by=officer).shown_to == ["MT"]


def test_a_passage_about_several_countries_is_shown_to_none_until_an_officer_decides(issue, analyst, officer):
    passage = preparing.prepare(issue, by=analyst).passages.get(line=5)
    assert passage.waits
    with pytest.raises(PermissionDenied):
        preparing.decide(passage, "all", by=analyst)
    with pytest.raises(Invalid):
        preparing.decide(passage, "some", by=officer)
    assert preparing.decide(passage, "all", by=officer).shown_to == ["CY", "GR", "MT"]
    assert preparing.decide(passage, "none", by=officer).shown_to == []
    assert preparing.decide(passage, "", by=officer).waits
    with pytest.raises(NotNow, match="nothing to decide"):
        preparing.decide(Passage.objects.get(line=3), "all", by=officer)


def test_a_split_passage_is_found_anew_and_what_was_decided_of_the_others_stays(issue, analyst, officer):
    before = preparing.prepare(issue, by=analyst)
    preparing.assign(before.passages.get(line=8), ["CY"], by=analyst)
    split = TEXT.replace("Greece and **MÁLTA** share a border at sea^[As Cyprus does.]", "Greece.\n\nMalta.")
    issue = written(issue, split, officer)
    now = preparing.prepare(issue, by=analyst)
    assert [(one.line, one.shown_to) for one in now.passages.all()] == [
        (1, ["MT"]),
        (3, ["MT"]),
        (5, ["GR"]),
        (7, ["MT"]),
        (9, ["CY"]),
        (10, ["CY"]),
        (14, []),
    ]
    assert now.number == 2
    assert issue.consultation.builds.count() == 1, "nobody was shown the first one"


def test_only_a_built_draft_has_passages(issue, officer, cycle):
    Assessment.objects.update(status="draft")
    with pytest.raises(NotNow, match="Build the PDF"):
        preparing.prepare(Assessment.objects.get(), by=officer)


# --- opening -------------------------------------------------------------------------------------------------


def test_opening_mails_the_countries_that_have_something_to_read(issue, cycle, officer, analyst):
    build = preparing.prepare(issue, by=analyst)
    with pytest.raises(PermissionDenied):
        opening.open_consultation(build.consultation, until=until(cycle), build=1, by=analyst)
    for day in (0, 400):
        with pytest.raises(Invalid, match="last day"):
            opening.open_consultation(build.consultation, until=until(cycle, day), build=1, by=officer)
    assert mails("consultation_opened") == []
    found = opening.open_consultation(build.consultation, until=until(cycle), build=1, by=officer)
    assert found.is_open
    assert mails("consultation_opened") == ["CY", "GR", "MT"]
    mail = Mail.objects.get(event="consultation_opened", submission__country__iso2="MT")
    assert reverse("consultation_country", args=[found.pk, "mt"]) in mail.body
    with pytest.raises(NotNow, match="opened already"):
        opening.open_consultation(found, until=until(cycle), build=1, by=officer)
    with pytest.raises(NotNow, match="shown to the countries already"):
        preparing.assign(build.passages.get(line=8), ["MT"], by=analyst)


def test_what_is_opened_is_the_build_that_was_looked_through(issue, cycle, officer):
    build = preparing.prepare(issue, by=officer)
    issue = written(issue, "Malta.", officer)
    with pytest.raises(Stale):
        opening.open_consultation(build.consultation, until=until(cycle), build=1, by=officer)
    assert preparing.prepare(issue, by=officer).number == 2
    assert opening.open_consultation(issue.consultation, until=until(cycle), build=2, by=officer).is_open


def test_it_ends_with_its_last_day_or_by_an_officer_and_can_be_moved(opened, cycle, officer):
    assert opened.is_open
    with clock.at(datetime.combine(opened.until + timedelta(days=1), time(0, 1), cycle.zone)):
        assert not opened.is_open
        with pytest.raises(NotNow):
            opening.end(opened, by=officer)
        assert opening.move(opened, until=until(cycle, 5), by=officer).is_open
    assert mails("consultation_moved") == ["CY", "GR", "MT"]
    ended = opening.end(opened, by=officer)
    assert (ended.is_open, ended.ended_by) == (False, officer)
    with pytest.raises(NotNow, match="is over"):
        say(ended, cycle, "MT")


@pytest.mark.parametrize(("days", "sent"), [(-3, []), (-2, ["CY", "GR", "MT"]), (0, ["CY", "GR", "MT"]), (1, [])])
def test_countries_are_reminded_once_two_days_before_the_end(opened, cycle, days, sent):
    with clock.at(datetime.combine(opened.until + timedelta(days=days), time(12), cycle.zone)):
        assert opening.remind() == len(sent)
        assert opening.remind() == 0
    assert mails(f"consultation {opened.pk} {opened.until}") == sent


# --- comments ------------------------------------------------------------------------------------------------


def say(consultation, cycle, iso2, text="It was 2024.", **more) -> CountryComment:
    return commenting.comment(consultation.shown, submission(cycle, iso2), text, by=focal(iso2), **more)


def test_a_comment_is_about_a_part_that_the_country_is_shown(opened, cycle):
    shown = {one.line: one.position for one in opened.shown.passages.all()}
    assert say(opened, cycle, "MT", about=f"passage-{shown[3]}").passage.line == 3
    assert say(opened, cycle, "MT", about="area-Q").area == "Q"
    assert say(opened, cycle, "CY", about=f"passage-{shown[7]}", asks_correction=True).asks_correction
    assert say(opened, cycle, "CY").passage is None
    for iso2, about in (
        ("GR", f"passage-{shown[3]}"),
        ("MT", f"passage-{shown[5]}"),
        ("MT", "area-Z"),
        ("CY", "area-P"),
    ):
        with pytest.raises(Invalid):
            say(opened, cycle, iso2, about=about)
    with pytest.raises(Invalid, match="Write the comment"):
        say(opened, cycle, "MT", " ")
    with pytest.raises(PermissionDenied):
        commenting.comment(opened.shown, submission(cycle, "MT"), "No.", by=focal("GR"))
    assert CountryComment.objects.count() == 4


def test_an_answer_says_what_was_done_and_the_country_gets_it(opened, cycle, analyst):
    comment = say(opened, cycle, "MT")
    with pytest.raises(PermissionDenied):
        commenting.answer(comment, "Yes.", outcome="corrected", by=focal("MT"))
    for text, outcome in ((" ", "corrected"), ("Yes.", "perhaps")):
        with pytest.raises(Invalid):
            commenting.answer(comment, text, outcome=outcome, by=analyst)
    answered = commenting.answer(comment, "The year is right now.", outcome="corrected", by=analyst)
    assert (answered.answer, answered.answered_by, answered.waits) == ("The year is right now.", analyst, False)
    [mail] = Mail.objects.filter(event="comment_answered")
    assert mail.to == focal("MT")
    assert "The year is right now." in mail.body
    with pytest.raises(NotNow, match="answered this comment already"):
        commenting.answer(comment, "Again.", outcome="corrected", by=analyst)
    with pytest.raises(NotNow, match="cannot be withdrawn"):
        commenting.withdraw(comment, by=focal("MT"))


def test_a_comment_can_be_withdrawn_until_it_is_answered(opened, cycle, analyst, malta):
    comment, colleague = say(opened, cycle, "MT"), factories.a_person(Role.FOCAL, malta, name="Colleague")
    with pytest.raises(PermissionDenied):
        commenting.withdraw(comment, by=focal("GR"))
    assert commenting.withdraw(comment, by=colleague).withdrawn_by == colleague
    with pytest.raises(NotNow, match="needs no answer"):
        commenting.answer(comment, "Yes.", outcome="corrected", by=analyst)
    assert commenting.unanswered(opened.assessment).count() == 0


# --- another build -------------------------------------------------------------------------------------------


def change_malta(cycle, officer) -> Assessment:
    """Let Malta's first level change, and consolidate again."""
    malta = submission(cycle, "MT")
    workflow.reopen(malta, by=officer, comment="Please check.")
    malta.refresh_from_db()
    first, *_others = malta.cycle.edition.all_indicators
    factories.fill(malta, **{f"i{first.code}": given(level=first.ladder[0].value, why="A slip.", comment="Nobody.")})
    workflow.submit(malta, by=focal("MT"), **factories.DECLARATION)
    workflow.accept(malta, by=officer, version=malta.versions.count())
    return lifecycle.consolidate(cycle, by=officer)


def test_after_a_new_build_each_country_sees_what_changed_and_comments_stay(opened, cycle, officer, sign_in):
    comment = say(opened, cycle, "MT", about="area-P")
    issue = change_malta(cycle, officer)
    chapter = issue.chapters.get(key="area-P")
    chapters.confirm(chapter, by=officer, snapshot_sha256=issue.snapshot_sha256)
    issue = written(issue, TEXT.replace("Cyprus wrote a law.", "Cyprus wrote two laws."), officer)
    preparing.prepare(issue, by=officer)
    consultation = Consultation.objects.get()
    assert opening.show_build(consultation, build=2, by=officer) == ["CY", "MT"]
    assert mails("consultation_changed") == ["CY", "MT"]
    first, second = consultation.builds.order_by("number")
    malta = changes.between(pages.read(first, "MT"), pages.read(second, "MT"))
    assert [(one.title, one.before, one.now) for one in malta.values] == [
        ("Percent in area P", "44.4", "22.2"),
        ("Level of P1", "3", "1"),
        ("Comment on P1", "–", "Nobody."),
    ]
    assert [(one.before.words, one.now.words) for one in malta.passages] == [
        ("Malta reached 44.4 percent; the level is 3.", "Malta reached 22.2 percent; the level is 1.")
    ]
    cyprus = changes.between(pages.read(first, "CY"), pages.read(second, "CY"))
    assert (cyprus.values, [one.now.words for one in cyprus.passages]) == ([], ["Cyprus wrote two laws."])
    assert not changes.between(pages.read(first, "GR"), pages.read(second, "GR"))
    comment.refresh_from_db()
    assert comment.build == first
    page = Page(sign_in(focal("MT")).get(reverse("consultation_country", args=[consultation.pk, "mt"])))
    assert "Since build 1, which the last comment of the country read." in page.text
    assert "A passage changed" in page.text
    with pytest.raises(NotNow, match="shown to the countries already"):
        opening.show_build(consultation, build=2, by=officer)


def test_a_new_build_is_not_seen_before_it_is_shown(opened, cycle, officer, sign_in):
    issue = written(opened.assessment, "Malta did all.", officer)
    preparing.prepare(issue, by=officer)
    address = reverse("consultation_country", args=[opened.pk, "mt"])
    assert "Malta did all." not in Page(sign_in(focal("MT")).get(address)).text
    assert sign_in(focal("MT")).get(address + "?build=2").status_code == 404
    assert "Malta did all." in Page(sign_in(officer).get(address + "?build=2")).text


# --- publishing ----------------------------------------------------------------------------------------------


def publish(issue, officer, **more) -> Assessment:
    read = {"snapshot": issue.snapshot_sha256, "early": "The meeting is near."}
    return lifecycle.publish(issue, audience="everyone", by=officer, **read | more)


def test_publishing_without_a_consultation_needs_no_reason(issue, officer):
    assert publish(issue, officer).unheard_reason == ""


def test_publishing_with_an_open_consultation_or_unanswered_comments_needs_a_reason(
    opened, cycle, officer, analyst, sign_in
):
    comment, issue = say(opened, cycle, "MT"), Assessment.objects.get()
    with pytest.raises(Invalid, match=r"The consultation is open until .* 1 comment of a country waits"):
        publish(issue, officer)
    opening.end(opened, by=officer)
    with pytest.raises(Invalid, match=r"^1 comment of a country waits for an answer. Give the reason"):
        publish(issue, officer, unheard=" ")
    desk, url = sign_in(officer), reverse("workbench_publish", args=[issue.pk])
    fields = Page(desk.get(url)).fields | {"audience": "everyone", "before_closing": "on", "early": "Near."}
    assert "Give the reason, or end the consultation" in Page(desk.post(url, fields)).text
    assert desk.post(url, fields | {"unheard": "The year is right."}).status_code == 302
    assert Assessment.objects.get().unheard_reason == "The year is right."
    assert ActivityEntry.objects.get(verb="publish").detail == "1, everyone, consultation not settled"
    bench = Page(desk.get(reverse("workbench", args=[cycle.code]))).text
    assert "Before the consultation was settled: The year is right." in bench
    with pytest.raises(NotNow):
        commenting.withdraw(comment, by=focal("MT"))


def test_a_settled_consultation_needs_no_reason(opened, cycle, officer, analyst):
    commenting.answer(say(opened, cycle, "MT"), "Yes.", outcome="unchanged", by=analyst)
    opening.end(opened, by=officer)
    assert publish(Assessment.objects.get(), officer, unheard="Not needed.").unheard_reason == ""


# --- the pages -----------------------------------------------------------------------------------------------


def test_an_officer_looks_through_the_passages_decides_and_opens(issue, cycle, officer, sign_in):
    desk = sign_in(officer)
    assert "Prepare a consultation" in Page(desk.get(reverse("workbench", args=[cycle.code]))).text
    passages = desk.post(reverse("consultation_prepare", args=[issue.pk])).url
    pk = Consultation.objects.get().pk
    page = Page(desk.get(passages))
    assert "Concerns: Cyprus, Greece, Malta Shown to none until an officer decides" in page.text
    assert "2 passages that are shown to nobody" in page.text
    assert "What no rule can find" in page.text
    assert "3 countries have something to read. Cyprus, Greece, Malta" in page.text
    several, paraphrase = (Passage.objects.get(line=line).position for line in (5, 8))
    desk.post(reverse("consultation_decide", args=[pk, several]), {"decision": "all"})
    address = reverse("consultation_passage", args=[pk, paraphrase])
    assert desk.post(address, {"countries": ["CY"]}).url == f"{passages}#passage-{paraphrase}"
    page = Page(desk.get(passages))
    assert "Concerns: Cyprus · added by hand: Cyprus Officer," in page.text
    assert "Show it to all of them Officer," in page.text
    fields = {"build": page.fields["build"]}
    assert "Choose the last day" in Page(desk.post(reverse("consultation_open", args=[pk]), fields)).text
    early = fields | {"until": cycle.day().isoformat()}
    assert "Choose a last day after today" in Page(desk.post(reverse("consultation_open", args=[pk]), early)).text
    assert not Mail.objects.filter(event="consultation_opened").exists()
    right = fields | {"until": until(cycle).isoformat()}
    assert desk.post(reverse("consultation_open", args=[pk]), right).url == reverse("consultation", args=[pk])
    page = Page(desk.get(reverse("consultation", args=[pk])))
    assert "Cyprus 3 0 0 Greece 1 0 0 Malta 3 0 0" in page.text
    assert "This build is shown to the countries." in Page(desk.get(passages)).text


def test_a_country_reads_comments_and_is_answered(opened, cycle, analyst, sign_in):
    malta, address = sign_in(focal("MT")), reverse("consultation_country", args=[opened.pk, "mt"])
    assert "Read what it says about Malta." in Page(malta.get(reverse("home"))).text
    page = Page(malta.get(address))
    assert page.h1 == "Draft assessment: Malta"
    assert "Malta reached 44.4 percent; the level is 3." in page.text
    assert "1 other country is left out here." in page.text
    assert "shown from 5 countries on" in page.text
    assert [name for name in ("Cyprus", "Greece") if name in page.text] == []
    chosen = Page(malta.get(page.links["Comment on this passage"].replace("?", f"{address}?").split("#")[0])).fields
    assert chosen["about"].startswith("passage-")
    assert "Write the comment before you send it." in Page(malta.post(address, chosen | {"text": ""})).text
    assert "Choose one of the parts in the list." in Page(malta.post(address, chosen | {"about": "area-Z"})).text
    where = malta.post(address, chosen | {"text": "It is more.", "asks_correction": "on"}).url
    comment = CountryComment.objects.get()
    assert where == f"{address}#comment-{comment.pk}"
    assert (comment.text, comment.asks_correction) == ("It is more.", True)
    desk = sign_in(analyst)
    assert "1 comment of a country waits for an answer." in Page(desk.get(reverse("home"))).text
    answering = reverse("consultation_comment", args=[comment.pk])
    assert "Choose what was done." in Page(desk.post(answering, {"text": "Yes."})).text
    desk.post(answering, {"text": "So it says now.", "outcome": "corrected"})
    assert "waits for an answer" not in Page(desk.get(reverse("home"))).text
    assert "Corrected asks for a correction" in Page(malta.get(address)).text
    assert "So it says now." in Page(malta.get(address)).text
    other = say(opened, cycle, "MT", "Something else.")
    malta.post(reverse("consultation_withdraw", args=[other.pk]))
    assert "withdrew it" in Page(malta.get(address)).text


def test_afterwards_a_country_reads_on_and_comments_no_more(opened, cycle, officer, sign_in):
    desk, malta = sign_in(officer), sign_in(focal("MT"))
    desk.post(reverse("consultation_end", args=[opened.pk]))
    address = reverse("consultation_country", args=[opened.pk, "mt"])
    page = Page(malta.get(address))
    assert "Malta reached 44.4 percent" in page.text
    assert "Write a comment" not in page.text
    assert "Read what it says about Malta." not in Page(malta.get(reverse("home"))).text
    assert malta.post(address, {"build": "1", "text": "Late."}).status_code == 409
    publish(Assessment.objects.get(), officer)
    assert "Malta reached 44.4 percent" in Page(malta.get(address)).text
    assert Page(malta.get(reverse("consultation_list"))).links["Malta, Scoreboard 2026"] == address


def test_another_build_is_shown_from_the_page(opened, cycle, officer, sign_in):
    desk, issue = sign_in(officer), written(opened.assessment, TEXT.replace("a law", "two laws"), officer)
    overview = reverse("consultation", args=[opened.pk])
    assert "The PDF was built anew." in Page(desk.get(overview)).text
    passages = desk.post(reverse("consultation_prepare", args=[issue.pk])).url
    fields = {"build": Page(desk.get(passages)).fields["build"]}
    desk.post(reverse("consultation_show", args=[opened.pk]), fields)
    assert "It changes what 1 country reads, which gets an e-mail." in Page(desk.get(overview)).text
    cyprus = Page(sign_in(focal("CY")).get(reverse("consultation_country", args=[opened.pk, "cy"])))
    assert "Since the consultation was opened." in cyprus.text
    assert "A passage changed Cyprus wrote a law. Cyprus wrote two laws." in cyprus.text


def test_a_forgotten_country_is_added_by_the_road_that_the_page_names(opened, cycle, officer, sign_in):
    """A new build of the same texts, in which the passage is given to one more country, who alone gets an e-mail."""
    desk, passages = sign_in(officer), reverse("consultation_passages", args=[opened.pk])
    passage = next(one for one in opened.latest.passages.all() if "CY" in one.shown_to)
    alone = reverse("consultation_passage", args=[opened.pk, passage.position])
    for page in (desk.get(passages), desk.get(alone)):
        assert "A country was forgotten? Countries have read this build" in Page(page).text
        assert Page(page).links["To the workbench"] == reverse("workbench", args=[cycle.code])
    decided = {one.position: one.shown_to for one in opened.latest.passages.all()}
    desk.post(reverse("consultation_prepare", args=[built(opened.assessment, officer).pk]))
    assert "A country was forgotten?" not in Page(desk.get(passages)).text
    assert {one.position: one.shown_to for one in Consultation.objects.get().latest.passages.all()} == decided
    desk.post(alone, {"countries": ["CY", "GR"]})
    desk.post(reverse("consultation_decide", args=[opened.pk, passage.position]), {"decision": "all"})
    Mail.objects.all().delete()
    desk.post(reverse("consultation_show", args=[opened.pk]), {"build": "2"})
    assert mails("consultation_changed") == ["GR"]


# --- the annex of replies ------------------------------------------------------------------------------------


def test_what_countries_let_print_is_an_annex_if_an_officer_chooses_so(opened, cycle, officer, analyst, sign_in):
    malta, address = sign_in(focal("MT")), reverse("consultation_country", args=[opened.pk, "mt"])
    fields = {"build": "1", "about": "area-P", "text": "We counted <b>twice</b>.", "may_be_printed": "on"}
    assert malta.post(address, fields).status_code == 302
    assert "may be printed" in Page(malta.get(address)).text
    say(opened, cycle, "MT", "Not for print.")
    commenting.answer(CountryComment.objects.first(), "So it says now.", outcome="corrected", by=analyst)
    late = say(opened, cycle, "GR", "On the whole.", may_be_printed=True)
    bench = reverse("workbench", args=[cycle.code])
    assert "Print the replies of countries as an annex" in Page(sign_in(officer).get(bench)).text
    assert "Print the replies" not in Page(sign_in(analyst).get(bench)).text
    with pytest.raises(PermissionDenied):
        lifecycle.request_build(opened.assessment, by=analyst, replies=True)
    sign_in(officer).post(reverse("workbench_build", args=[opened.assessment_id]), {"replies": "on"})
    lifecycle.perform(Build.objects.latest("pk"))
    issue = Assessment.objects.get()
    printed = PdfReader(BytesIO(pdf.section_pdf(issue, "replies")))
    text = " ".join(" ".join(page.extract_text() for page in printed.pages).split())
    assert "Greece On the draft On the whole. Malta On area P We counted <b>twice</b>." in text
    assert "Answer (corrected): So it says now." in text
    assert [words for words in ("Not for print", focal("MT").name, analyst.name) if words in text] == []
    commenting.withdraw(late, by=focal("GR"))
    with pytest.raises(NotNow, match="Replies of countries changed"):
        publish(issue, officer, unheard="It is right.")
    issue = built(issue, officer)
    assert issue.replies == []
    with pytest.raises(KeyError):
        pdf.section_html(issue, "replies")
    assert publish(issue, officer, unheard="It is right.").status == "published"
