"""Contributors: asked for a part, they see that part alone, and suggest; the focal point decides."""

from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from scoreboard import clock, contributors
from scoreboard.errors import Invalid, Locked, NotNow, Stale
from scoreboard.mail import keys, outbox
from scoreboard.models import (
    AnswerVersion,
    Assignment,
    Indicator,
    Mail,
    Membership,
    Role,
    State,
    Suggestion,
    User,
)
from scoreboard.submissions import answering, workflow
from scoreboard.threads import discussion
from tests.factories import (
    DECLARATION,
    a_country,
    a_cycle,
    a_part,
    a_person,
    an_officer,
    fill,
    given,
    submission_at,
)
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")

EMAIL = "ana@ministry.example"


def indicators(submission, area="P"):
    return list(Indicator.objects.filter(edition=submission.cycle.edition, area__code=area).select_related("area"))


@pytest.fixture
def part(draft, focal):
    return a_part(draft, by=focal)


@pytest.fixture
def ana(part):
    return User.objects.get(pk=part.person_id)


def again(person):
    """The person as the next request knows them."""
    return User.objects.get(pk=person.pk)


def suggestion_of(part, code="P1", **fields):
    fields = {"level": 1, "comment": "From the ministry."} | fields
    return contributors.suggest(part, code, given(**fields), by=again(part.person))


class TestTwoWindows:
    """A contributor suggests in one window what another one does not know of."""

    def suggested(self, part, seen, **fields):
        return contributors.suggest(part, "P1", given(**fields), by=again(part.person), seen=seen)

    def test_what_the_other_window_wrote_is_not_overwritten(self, part):
        first = self.suggested(part, "", level=1, comment="One.")
        with pytest.raises(Stale) as refused:
            self.suggested(part, "", level=1, comment="Two.")
        assert refused.value.current == first
        assert Suggestion.objects.get().comment == "One."
        self.suggested(part, contributors.stamp(first), level=1, comment="Two.")
        assert Suggestion.objects.get().comment == "Two."

    def test_the_same_again_is_no_conflict(self, part):
        self.suggested(part, "", level=1, comment="One.")
        self.suggested(part, "", level=1, comment="One.")

    def test_a_file_beside_it_is_none(self, part):
        first = self.suggested(part, "", level=1)
        contributors.suggest_link(part, "P1", "https://example.org/", by=again(part.person))
        self.suggested(part, contributors.stamp(first), level=1, comment="Two.")
        assert Suggestion.objects.get().comment == "Two."

    def test_the_page_shows_both(self, sign_in, part):
        self.suggested(part, "", level=1, comment="One.")
        typed = {"iP1-seen": "", "iP1-answer": "level:1", "iP1-comment": "Two."}
        address = f"/contributions/{part.pk}/P1/"
        page = Page(sign_in(part.person).post(address, typed))
        assert "Stored now" in page.text
        assert page.fields["iP1-comment"] == "Two."
        assert Suggestion.objects.get().comment == "One."
        told = sign_in(part.person).post(f"{address}save/", typed | {"person": part.person.pk}).json()["answers"]["P1"]
        assert (told["theirs"]["iP1-comment"], told["revision"]) == (
            "One.",
            contributors.stamp(Suggestion.objects.get()),
        )


class TestAsking:
    """A focal point asks a colleague for a part, until a date."""

    def test_by_the_page_makes_an_account_and_mails_a_link(self, sign_in, focal, draft, mailoutbox):
        until = clock.now().date() + timedelta(days=5)
        form = {"email": EMAIL, "name": "Ana Borg", "until": f"{until}"}
        form["areas"] = [indicators(draft)[0].area.pk]
        response = sign_in(focal).post(f"/submissions/{draft.pk}/contributors/", form, follow=True)
        outbox.send_due()
        person = User.objects.get(email=EMAIL)
        assert Page(response).h1 == "Contributors"
        assert "Ana Borg will be asked by e-mail." in Page(response).text
        assert "3 suggestions still to come" in Page(response).text
        part = Assignment.objects.get()
        assert sorted(part.indicators.values_list("code", flat=True)) == ["P1", "P2", "P3"]
        membership = person.memberships.get()
        assert (membership.role, membership.country, membership.until) == (Role.CONTRIBUTOR, draft.country, until)
        [mail] = [mail for mail in mailoutbox if mail.to == [EMAIL]]
        assert f"/contributions/{part.pk}/" in mail.body
        key = next(line for line in mail.body.splitlines() if "/accounts/invitation/" in line)
        assert Client().get(urlsplit(key.strip()).path, follow=True).status_code == 200
        assert "/password/reset/key/" not in Mail.objects.get(event="involve").body

    def test_keeps_the_account_that_somebody_has(self, focal, draft):
        known = a_person(name="Known")
        part = a_part(draft, by=focal, email=known.email.upper())
        assert part.person == known
        assert "/accounts/invitation/" not in Mail.objects.get(event="involve").body

    def test_refuses_an_empty_part_a_past_day_and_who_writes_already(self, focal, draft):
        today = clock.now().date()
        for change, sentence in [
            ({"indicators": []}, "Choose at least one indicator or area."),
            ({"until": today - timedelta(days=1)}, "Choose today or a later day."),
            ({"email": focal.email}, f"{focal.email} can write the answers already and needs no invitation."),
            ({"name": ""}, "Give the name of your colleague."),
        ]:
            what = {"email": EMAIL, "name": "Ana", "indicators": indicators(draft), "until": today} | change
            with pytest.raises(Invalid, match=sentence):
                contributors.involve(draft, **what, by=focal)
        assert not Assignment.objects.exists()
        assert not User.objects.filter(email=EMAIL).exists()

    @pytest.mark.parametrize("has_password", [True, False])
    @pytest.mark.parametrize("is_active", [True, False])
    @pytest.mark.parametrize("role", [None, *Role])
    def test_tells_nothing_of_accounts_to_who_asks(self, sign_in, focal, draft, role, is_active, has_password):
        country = draft.country if role == Role.CONTRIBUTOR else a_country("GR")
        known = a_person(role, country if role and role.is_national else None, name="Hidden", is_active=is_active)
        if not has_password:
            known.set_unusable_password()
            known.save()
        asked = {"name": "Typed", "until": f"{clock.now().date()}", "areas": [draft.cycle.edition.whole[0].pk]}
        address, texts, moment = f"/submissions/{draft.pk}/contributors/", [], clock.now()
        for email in (a_person(name="Anybody").email, known.email):
            with clock.at(moment):  # both pages say the same minute
                response = sign_in(focal).post(address, {**asked, "email": email}, follow=True)
            shown = Page(response).text
            texts.append((response.status_code, shown.replace(email, "ADDRESS")))
            part = Assignment.objects.get()
            assert (part.person.email, part.accepted_at) == (email, None)
            officers = Page(sign_in(an_officer()).get("/people/changes/")).text
            assert ("Typed (account closed)" in officers) == (email == known.email and not is_active)
            part.delete()
        assert texts[0] == texts[1]
        assert Mail.objects.filter(event="involve", to=known).exists() == is_active

    def test_shows_the_errors_on_the_page(self, sign_in, focal, draft):
        response = sign_in(focal).post(f"/submissions/{draft.pk}/contributors/", {"email": "x"})
        page = Page(response)
        for sentence in ("Type an e-mail address such as", "Choose the last day.", "Their part: Choose at least one"):
            assert sentence in page.text

    def test_is_for_focal_points(self, officer, focal):
        with pytest.raises(PermissionDenied):
            a_part(submission_at(State.DRAFT), by=officer)

    def test_is_over_once_the_pen_is_away(self, focal):
        with pytest.raises(Locked):
            a_part(submission_at(State.SUBMITTED), by=focal)


class TestTheContributor:
    """Sees the part, suggests, and cannot do anything else."""

    def test_finds_the_part_on_the_home_page_and_suggests(self, sign_in, ana, part):
        client = sign_in(ana)
        page = Page(client.get("/"))
        assert "3 indicators wait for your suggestion, until the end of" in page.text
        assert page.links["Open your part: Your part, Malta · Scoreboard 2026"] == f"/contributions/{part.pk}/"
        assert Page(client.get("/contributions/")).h1 == "Your part"
        page = Page(client.get(f"/contributions/{part.pk}/"))
        assert "3 indicators wait for your suggestion." in page.text
        form = Page(client.get(f"/contributions/{part.pk}/P1/")).fields
        form |= {"iP1-answer": "level:1", "iP1-comment": "From the ministry.", "continue": "yes"}
        response = client.post(f"/contributions/{part.pk}/P1/", form)
        assert response.headers["Location"] == f"/contributions/{part.pk}/P2/"
        suggestion = Suggestion.objects.get()
        assert (
            suggestion.kind,
            suggestion.level.value,
            suggestion.comment,
            suggestion.author,
            suggestion.decision,
        ) == (
            "level",
            1,
            "From the ministry.",
            ana,
            "",
        )
        assert not part.submission.answers.exists()
        assert "2 indicators wait for your suggestion" in Page(client.get("/")).text

    def test_changes_and_takes_back_what_is_not_decided(self, part, ana):
        suggestion_of(part)
        assert suggestion_of(part, level=2).level.value == 2
        assert Suggestion.objects.count() == 1
        assert contributors.suggest(part, "P1", given(""), by=again(ana)) is None
        assert not Suggestion.objects.exists()

    def test_is_told_what_cannot_be_kept(self, sign_in, part, ana):
        response = sign_in(ana).post(f"/contributions/{part.pk}/P1/", {"iP1-seen": "0", "iP1-answer": "level:9"})
        assert "P1: choose one of the levels of its ladder." in Page(response).text
        assert not Suggestion.objects.exists()

    def test_tells_the_focal_points_when_everything_is_suggested(self, part, focal):
        for code in ("P1", "P2", "P3"):
            assert not Mail.objects.filter(event="suggested").exists()
            suggestion_of(part, code)
        mail = Mail.objects.get(event="suggested")
        assert mail.to == focal
        assert f"/submissions/{part.submission_id}/suggestions/" in mail.body

    def test_sees_no_threads_and_no_other_answers(self, sign_in, part, ana, focal):
        fill(part.submission, iQ1=given(level=1, comment="Secret of Q1"), iP1=given(level=1, comment="Open P1"))
        client = sign_in(ana)
        pages = [f"/contributions/{part.pk}/", *(f"/contributions/{part.pk}/{code}/" for code in ("P1", "P2"))]
        shown = "".join(client.get(url).content.decode() for url in pages)
        assert "Open P1" in shown
        assert "Secret of Q1" not in shown
        assert client.get(f"/contributions/{part.pk}/Q1/").status_code == 404
        assert (
            client.post(f"/contributions/{part.pk}/Q1/", {"iQ1-seen": "0", "iQ1-answer": "level:1"}).status_code == 404
        )

    def test_reads_only_their_own_words_once_the_pen_is_away(self, sign_in, part, ana, focal):
        suggestion_of(part, comment="Mine")
        fill(part.submission, iP1=given(level=1, comment="Theirs"))
        workflow.submit(part.submission, by=focal, **DECLARATION)
        client = sign_in(ana)
        html = client.get(f"/contributions/{part.pk}/P1/").content.decode()
        assert "Mine" in html
        assert "Theirs" not in html
        assert (
            client.post(f"/contributions/{part.pk}/P1/", {"iP1-seen": "0", "iP1-answer": "level:2"}).status_code == 409
        )
        assert Suggestion.objects.get().level.value == 1


class TestAccessEnds:
    """At once on removal, on the date, and for a part that was taken away."""

    def gone(self, client, part):
        read = client.get(f"/contributions/{part.pk}/").status_code
        written = client.post(f"/contributions/{part.pk}/P1/", {"iP1-seen": "0", "iP1-answer": "level:1"}).status_code
        return read == written == 404

    def test_on_removal_by_the_page(self, sign_in, focal, part, ana):
        client = sign_in(ana)
        assert not self.gone(client, part)
        url = f"/submissions/{part.submission_id}/contributors/{part.pk}/remove/"
        assert Page(sign_in(focal).get(url)).h1 == "Remove Ana?"
        assert not self.gone(client, part)
        sign_in(focal).post(url)
        assert self.gone(client, part)
        assert again(ana).current_memberships == []
        with pytest.raises(PermissionDenied):
            suggestion_of(part)
        assert Membership.objects.get(person=ana).until == clock.now().date() - timedelta(days=1)

    def test_after_the_last_day(self, sign_in, part, ana):
        client = sign_in(ana)
        with clock.at(datetime.combine(part.until, time(12), part.submission.cycle.zone)):
            assert not self.gone(client, part)
        with clock.at(datetime.combine(part.until + timedelta(days=1), time(12), part.submission.cycle.zone)):
            assert self.gone(client, part)

    def test_extending_and_changing_the_part(self, sign_in, focal, part, ana):
        later = part.until + timedelta(days=10)
        url = f"/submissions/{part.submission_id}/contributors/{part.pk}/"
        wanted = {"until": f"{later}", "indicators": [i.pk for i in indicators(part.submission)[:1]]}
        sign_in(focal).post(url, wanted)
        assert Membership.objects.get(person=ana).until == later
        client = sign_in(ana)
        assert client.get(f"/contributions/{part.pk}/P1/").status_code == 200
        assert client.get(f"/contributions/{part.pk}/P2/").status_code == 404

    def test_a_removed_person_can_be_asked_again(self, focal, part):
        contributors.remove(part, by=focal)
        assert a_part(part.submission, by=focal) == part
        assert Assignment.objects.get().is_in_force

    def test_removal_leaves_another_countrys_part(self, focal, part, ana):
        greece = a_country("GR")
        foreign = a_person(Role.FOCAL, greece)
        other = a_part(submission_at(State.DRAFT, greece, a_cycle([greece], code="other")), by=foreign)
        contributors.remove(part, by=focal)
        assert [m.country for m in again(ana).current_memberships] == [greece]
        assert list(contributors.own_part(again(ana))) == [other]

    def test_reminding_mails_what_waits(self, sign_in, focal, part):
        suggestion_of(part, "P2")
        url = f"/submissions/{part.submission_id}/contributors/{part.pk}/remind/"
        assert sign_in(focal).post(url).status_code == 302
        mail = Mail.objects.get(event="remind")
        assert "2 indicators of your part" in mail.body
        assert ("- P1" in mail.body, "- P2" in mail.body, "- P3" in mail.body) == (True, False, True)
        for code in ("P1", "P3"):
            suggestion_of(part, code)
        assert sign_in(focal).post(url).status_code == 409


class TestDeciding:
    """The focal point adopts, edits or declines, and authorship stays in the history."""

    def url(self, suggestion):
        return f"/submissions/{suggestion.submission_id}/suggestions/{suggestion.pk}/"

    def test_shows_it_on_home_in_a_list_and_beside_the_answer(self, sign_in, focal, part):
        suggestion = suggestion_of(part)
        client = sign_in(focal)
        assert "1 suggestion to look at." in Page(client.get("/")).text
        page = Page(client.get(f"/submissions/{part.submission_id}/suggestions/"))
        assert "Suggested by Ana" in page.text
        assert "From the ministry." in page.text
        page = Page(client.get(f"/submissions/{part.submission_id}/areas/P/"))
        assert "Ana suggests" in page.text
        assert (
            f'form="suggestion-{suggestion.pk}"'
            in client.get(f"/submissions/{part.submission_id}/areas/P/").content.decode()
        )

    def test_offers_no_adoption_while_the_secretariat_has_the_pen(self, sign_in, focal, part):
        suggestion = suggestion_of(part)
        fill(part.submission)
        workflow.submit(part.submission, by=focal, **DECLARATION)
        client = sign_in(focal)
        for address in (f"/submissions/{part.submission_id}/suggestions/", self.url(suggestion)):
            page = client.get(address)
            assert "This submission is with the Secretariat." in Page(page).text
            assert b'value="adopt"' not in page.content
            assert b"ecline" in page.content
        assert "to look at." not in Page(client.get("/")).text

    def test_submitting_tells_of_suggestions_that_wait(self, sign_in, focal, part):
        fill(part.submission)
        client, url = sign_in(focal), f"/submissions/{part.submission_id}/submit/"
        assert "of your contributors" not in Page(client.get(url)).text
        suggestion_of(part)
        page = Page(client.get(url))
        assert "1 suggestion of your contributors waits for you" in page.text
        assert page.links["Look at them"] == f"/submissions/{part.submission_id}/suggestions/"

    def test_adopting_writes_the_answer_and_names_the_suggestion(self, sign_in, focal, part, ana):
        suggestion = suggestion_of(part)
        form = {"decision": "adopt", "at": suggestion.at.isoformat(), "iP1-seen": "0"}
        response = sign_in(focal).post(self.url(suggestion), form)
        assert response.headers["Location"] == f"/submissions/{part.submission_id}/suggestions/"
        version = AnswerVersion.objects.get()
        assert (version.by, version.suggestion, version.level.value, version.comment) == (
            focal,
            suggestion,
            1,
            "From the ministry.",
        )
        suggestion.refresh_from_db()
        assert (suggestion.decision, suggestion.decided_by, suggestion.author) == ("adopted", focal, ana)
        assert sign_in(focal).post(self.url(suggestion), form).status_code == 409

    def test_editing_opens_prefilled_and_records_that_it_was_edited(self, sign_in, focal, part):
        suggestion = suggestion_of(part)
        client = sign_in(focal)
        response = client.get(self.url(suggestion))
        form = {"iP1-seen": "0", "iP1-answer": "level:2", "iP1-comment": "Mended.", "decision": "edit"}
        assert "From the ministry." in response.content.decode()
        assert 'value="level:1" checked' in response.content.decode()
        client.post(self.url(suggestion), form)
        version = AnswerVersion.objects.get()
        assert (version.level.value, version.comment, version.suggestion) == (2, "Mended.", suggestion)
        assert Suggestion.objects.get().decision == "edited"

    def test_declining_needs_a_note_that_the_contributor_reads(self, sign_in, focal, part, ana):
        suggestion = suggestion_of(part)
        client, form = sign_in(focal), {"decision": "decline", "at": suggestion.at.isoformat()}
        page = Page(client.post(self.url(suggestion), form))
        assert "Say why, in a word: your colleague reads it." in page.text
        assert Suggestion.objects.get().decision == ""
        client.post(self.url(suggestion), form | {"note": "Too early."})
        assert Suggestion.objects.get().decision == "declined"
        assert not AnswerVersion.objects.exists()
        assert "Too early." in Page(sign_in(ana).get(f"/contributions/{part.pk}/P1/")).text

    def test_a_changed_answer_stands_beside_the_suggestion(self, sign_in, focal, part):
        suggestion = suggestion_of(part)
        fill(part.submission, iP1=given(level=2, comment="A colleague was faster."))
        form = {"decision": "adopt", "at": suggestion.at.isoformat(), "iP1-seen": "0"}
        page = Page(sign_in(focal).post(self.url(suggestion), form))
        for told in ("A colleague was faster.", "From the ministry.", "changed this answer after you opened the page"):
            assert told in page.text
        assert part.submission.answers.get(indicator__code="P1").revision == 1
        assert Suggestion.objects.get().decision == ""
        assert page.fields["iP1-seen"] == "1"
        with pytest.raises(Stale):
            contributors.adopt(suggestion, by=focal, seen=0)
        contributors.adopt(suggestion, by=focal, seen=1)
        assert part.submission.answers.get(indicator__code="P1").comment == "From the ministry."

    def test_a_suggestion_changed_meanwhile_is_looked_at_again(self, sign_in, focal, part):
        seen = suggestion_of(part)
        suggestion_of(part, level=2)
        form = {"decision": "adopt", "at": seen.at.isoformat(), "iP1-seen": "0"}
        assert sign_in(focal).post(self.url(seen), form).status_code == 409
        assert not AnswerVersion.objects.exists()

    def test_after_a_return_an_unasked_answer_needs_a_reason(self, sign_in, focal, officer):
        returned = submission_at(State.RETURNED, a_country("MT"))  # asks about P1
        part = a_part(returned, by=focal)
        suggestion = suggestion_of(part, "P2", level=1)
        revision = returned.answers.get(indicator__code="P2").revision
        form = {"decision": "adopt", "at": suggestion.at.isoformat(), "iP2-seen": str(revision)}
        client = sign_in(focal)
        assert "the Secretariat did not ask to change this answer" in Page(client.post(self.url(suggestion), form)).text
        client.post(self.url(suggestion), form | {"iP2-why": "New law."})
        assert returned.answers.get(indicator__code="P2").versions.first().why == "New law."

    def test_others_cannot_decide(self, sign_in, officer, part, ana):
        suggestion = suggestion_of(part)
        form = {"decision": "adopt", "at": suggestion.at.isoformat(), "iP1-seen": "0"}
        foreign = a_person(Role.FOCAL, a_country("GR"))
        statuses = [sign_in(person).post(self.url(suggestion), form).status_code for person in (officer, ana, foreign)]
        assert statuses == [403, 404, 404]
        assert Suggestion.objects.get().decision == ""


def test_a_reminder_after_removal_is_refused(focal, part):
    contributors.remove(part, by=focal)
    with pytest.raises(NotNow):
        contributors.remind(part, by=focal)


def test_the_hand_over_page_has_state_gaps_questions_people_and_dates(sign_in, focal, officer, part):
    submission = part.submission
    fill(submission)
    workflow.submit(submission, by=focal, **DECLARATION)
    workflow.return_for_changes(submission, by=officer, comment="One thing is missing.", version=1)
    missing = {"Q1": given("", why="Nobody knows.")}
    answering.save_answers(submission, missing, by=focal, seen={"Q1": 1})
    suggestion_of(part)
    discussion.open_thread(submission, "P2", "Which year?", shared=True, by=officer)
    discussion.open_thread(submission, "P2", "INTERNAL", shared=False, by=officer)
    page = Page(sign_in(focal).get(f"/submissions/{submission.pk}/handover/"))
    assert page.h1 == "Hand-over"
    for told in (
        "6 of 7 answered",
        "Q1: Something is entered but no answer yet",
        "Which year?",
        "P1: Ana,",
        focal.email,
        EMAIL,
        "Only an administrator of the portal makes somebody a focal point.",
        "Deadline End of",
    ):
        assert told in page.text
    assert "INTERNAL" not in page.text


class TestFromTheMailToTheFirstSuggestion:
    """Three pages: the password, the part, the indicator."""

    def test_of_somebody_new(self, client, draft, focal):
        first, second = draft.cycle.edition.all_indicators[:2]
        asked = {"name": "Ben", "indicators": [first], "until": clock.now().date() + timedelta(days=3)}
        part = contributors.involve(draft, email="ben@ministry.example", **asked, by=focal)
        other = contributors.involve(
            draft, email="ana@ministry.example", **asked | {"name": "Ana", "indicators": [second]}, by=focal
        )
        link = urlsplit(keys.invitation(part.person))
        page = client.get(link.path, follow=True)  # one: choose the password
        assert Page(page).h1 == "Choose your password"
        password = "a long and unlikely passphrase"
        address = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
        page = client.post(address, {"password1": password, "password2": password}, follow=True)  # two: the part
        assert page.request["PATH_INFO"] == f"/contributions/{part.pk}/"
        assert f"{other.person}: {second.label}" in Page(page).text
        indicator = next(url for label, url in Page(page).links.items() if label == str(first.title))
        assert Page(client.get(indicator)).h1 == f"{first.label} {first.title}"  # three: the indicator
        client.post(indicator, {f"i{first.code}-seen": "", f"i{first.code}-answer": "level:1"})
        suggestion = Suggestion.objects.get()
        assert (suggestion.author, suggestion.indicator, suggestion.level.value) == (part.person, first, 1)

    def test_of_somebody_with_an_account(self, sign_in, draft, focal):
        person, first = a_person(), draft.cycle.edition.all_indicators[0]
        asked = {"name": "", "indicators": [first], "until": clock.now().date() + timedelta(days=3)}
        part = contributors.involve(draft, email=person.email, **asked, by=focal)
        response = sign_in(person).post(f"/accounts/invitations/parts/{part.pk}/", {"answer": "accept"})
        assert response.headers["Location"] == f"/contributions/{part.pk}/"
