"""Statements of organisations: who writes and reads them, the country's days and reply, mails, and what is stored."""

from datetime import datetime, time, timedelta

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from scoreboard import clock, rehearsal
from scoreboard.cycles import calendar, rehearsing
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.models import (
    ActivityEntry,
    Mail,
    Membership,
    Role,
    Statement,
    StatementPiece,
    StatementStep,
    Submission,
)
from scoreboard.stakeholders import deciding, reading, writing
from tests.factories import SCOREBOARD, a_person, afresh, an_edition
from tests.small_pdfs import PDF
from tests.statements import a_draft, a_statement, an_observer, filed, published, ripened

OTHER_PDF = PDF + b"\n"


@pytest.fixture
def observer(db):
    return an_observer()


def mails() -> list[tuple[str, str]]:
    """The events of the mails about statements, with the name of who gets each, in order."""
    found = Mail.objects.filter(event__startswith="statement").select_related("to").order_by("pk")
    return [(mail.event, str(mail.to)) for mail in found]


class TestDrafts:
    def test_the_observers_of_an_organisation_share_them_and_nobody_else_sees_them(
        self, draft, observer, focal, officer, analyst
    ):
        statement = a_draft(draft, observer)
        colleague = an_observer("Colleague")
        assert list(Statement.objects.visible_to(colleague)) == [statement]
        saved = writing.save(statement, text="Together.", level=2, seen=1, by=colleague)
        assert (saved.text, saved.level, saved.changed_by, saved.author) == ("Together.", 2, colleague, observer)
        stranger = an_observer("Stranger", "Another Society")
        for person in (stranger, focal, officer, analyst, a_person(Role.CONTRIBUTOR, draft.country)):
            assert not Statement.objects.visible_to(person).exists(), person

    def test_the_activity_log_does_not_say_on_which_country_one_is_written(self, draft, observer):
        statement = a_draft(draft, observer)
        writing.add_link(statement, "https://example.org/report", by=observer)
        entries = ActivityEntry.objects.filter(verb__contains="statement")
        assert list(entries.values_list("verb", "submission", "country", "cycle").order_by("pk")) == [
            ("start_statement", None, None, draft.cycle_id),
            ("save_statement", None, None, draft.cycle_id),
            ("save_statement", None, None, draft.cycle_id),
        ]
        writing.file(afresh(statement), seen=1, by=observer)
        assert ActivityEntry.objects.get(verb="file_statement").submission_id == draft.pk

    def test_a_stale_save_is_refused_with_the_text_of_the_colleague(self, draft, observer):
        statement = a_draft(draft, observer)
        writing.save(statement, text="First.", level=1, seen=1, by=an_observer("Colleague"))
        with pytest.raises(Stale, match="Colleague changed this draft") as refusal:
            writing.save(statement, text="Second.", level=1, seen=1, by=observer)
        assert refusal.value.current.text == "First."
        assert afresh(statement).text == "First."

    def test_a_level_is_one_of_the_indicators(self, draft, observer):
        statement = a_draft(draft, observer)
        with pytest.raises(Invalid, match="one of the levels"):
            writing.save(statement, text="x", level=9, seen=1, by=observer)
        on_country = a_draft(draft, observer, on_country=True)
        with pytest.raises(Invalid, match="one of the levels"):
            writing.save(on_country, text="x", level=1, seen=1, by=observer)

    def test_a_part_of_another_questionnaire_is_refused(self, draft, observer):
        other = an_edition(SCOREBOARD)
        with pytest.raises(Invalid, match="another questionnaire"):
            a_draft(draft, observer, indicator=other.all_indicators[0])
        with pytest.raises(Invalid, match="another questionnaire"):
            a_draft(draft, observer, area=other.whole[0])

    def test_none_is_begun_or_filed_once_the_country_has_left(self, draft, observer, officer):
        statement = a_draft(draft, observer)
        calendar.leave(draft, reason="An emergency.", by=officer)
        with pytest.raises(NotNow, match="left the cycle"):
            writing.file(statement, seen=1, by=observer)
        with pytest.raises(NotNow, match="left the cycle"):
            a_draft(afresh(draft), observer)

    def test_filing_needs_a_text_as_it_was_read(self, draft, observer):
        empty = a_draft(draft, observer, text="")
        with pytest.raises(Invalid, match="Write the text"):
            writing.file(empty, seen=0, by=observer)
        statement = a_draft(draft, observer)
        with pytest.raises(Stale, match="Read it again"):
            writing.file(statement, seen=0, by=observer)

    def test_the_other_role_of_who_files_is_recorded(self, draft, observer, malta, greece):
        Membership.objects.create(person=observer, role=Role.CONTRIBUTOR, country=greece)
        assert filed(draft, afresh(observer)).filer_is_also == ""
        Membership.objects.create(person=observer, role=Role.CONTRIBUTOR, country=malta)
        assert filed(draft, afresh(observer)).filer_is_also == Role.CONTRIBUTOR

    def test_a_draft_that_is_not_filed_is_deleted_a_month_after_the_cycle(self, draft, observer):
        statement = a_draft(draft, observer)
        piece = writing.add_file(statement, ContentFile(PDF, name="Map.pdf"), by=observer)
        remains = filed(draft, observer)
        last = draft.cycle.closes + timedelta(days=writing.DRAFT_DAYS)
        with clock.at(clock.start_of(last)):
            assert writing.delete_old_drafts() == 0
        with clock.at(clock.start_of(last + timedelta(days=1))):
            assert writing.delete_old_drafts() == 1
        assert list(Statement.objects.all()) == [remains]
        assert not StatementPiece.objects.filter(pk=piece.pk).exists()


class TestPieces:
    def test_a_file_is_known_by_its_content_and_stored_with_its_hash(self, draft, observer):
        statement = a_draft(draft, observer)
        piece = writing.add_file(statement, ContentFile(PDF, name="C:\\maps\\Map.exe"), by=observer)
        assert (piece.name, piece.content_type, piece.size) == ("Map.exe.pdf", "application/pdf", len(PDF))
        assert piece.file.name.startswith("statements/")
        assert "Map" not in piece.file.name
        with pytest.raises(Invalid, match="web page"):
            writing.add_file(statement, ContentFile(b"<html><script>1</script>", name="Map.pdf"), by=observer)
        with pytest.raises(Invalid, match="is here already"):
            writing.add_file(statement, ContentFile(PDF, name="Again.pdf"), by=observer)
        with pytest.raises(Invalid, match="whole address"):
            writing.add_link(statement, "javascript:alert(1)", by=observer)
        assert list(statement.pieces.all()) == [piece]

    def test_the_files_of_an_organisation_in_a_cycle_have_a_limit(self, draft, observer, settings):
        settings.EVIDENCE_QUOTA = len(PDF) + 10
        statement, other = a_draft(draft, observer), a_draft(draft, observer)
        writing.add_file(statement, ContentFile(PDF, name="Map.pdf"), by=observer)
        with pytest.raises(Invalid, match="all files of your organisation"):
            writing.add_file(other, ContentFile(OTHER_PDF, name="Other.pdf"), by=observer)
        stranger = an_observer("Stranger", "Another Society")
        writing.add_file(a_draft(draft, stranger), ContentFile(PDF, name="Map.pdf"), by=stranger)

    def test_a_statement_holds_so_many(self, draft, observer, monkeypatch):
        monkeypatch.setattr(writing, "MAX_PIECES", 1)
        statement = a_draft(draft, observer)
        writing.add_link(statement, "https://example.org/1", by=observer)
        with pytest.raises(Invalid, match="at most 1"):
            writing.add_link(statement, "https://example.org/2", by=observer)

    def test_removing_or_deleting_takes_the_file_too(self, draft, observer, django_capture_on_commit_callbacks):
        statement = a_draft(draft, observer)
        first = writing.add_file(statement, ContentFile(PDF, name="Map.pdf"), by=observer)
        second = writing.add_file(statement, ContentFile(OTHER_PDF, name="Other.pdf"), by=observer)
        storage = first.file.storage
        with django_capture_on_commit_callbacks(execute=True):
            writing.remove(first, by=observer)
        assert (storage.exists(first.file.name), storage.exists(second.file.name)) == (False, True)
        with django_capture_on_commit_callbacks(execute=True):
            writing.delete(statement, by=observer)
        assert not storage.exists(second.file.name)
        assert not Statement.objects.exists()


class TestTheCountry:
    def test_it_has_the_statement_for_the_days_of_the_cycle(self, draft, observer, officer, focal):
        statement = filed(draft, observer)
        assert not Statement.objects.visible_to(focal).exists()
        draft.cycle.statement_days = 5
        draft.cycle.save()
        shared = deciding.share(statement, by=officer)
        assert list(Statement.objects.visible_to(focal)) == [statement]
        assert shared.reply_until == draft.cycle.day() + timedelta(days=5)
        draft.cycle.statement_days = 1
        draft.cycle.save()  # what was promised holds
        noon = datetime.combine(shared.reply_until, time(12), draft.cycle.zone)
        with clock.at(noon), pytest.raises(NotNow, match="The country has it until the end of"):
            deciding.publish(shared, seen=1, names_nobody=True, by=officer)
        with clock.at(noon + timedelta(days=1)):
            assert deciding.publish(shared, seen=1, names_nobody=True, by=officer).is_published

    def test_the_reply_can_change_until_it_is_published_and_the_officer_has_read_it(
        self, draft, observer, officer, focal
    ):
        shared = deciding.share(filed(draft, observer), by=officer)
        replied = deciding.reply(shared, "First.", seen=1, by=focal)
        with pytest.raises(Stale, match="replied after you opened"):
            deciding.reply(shared, "Other.", seen=1, by=focal)
        with clock.at(ripened(shared)):
            with pytest.raises(Stale, match="Read the reply first"):
                deciding.publish(shared, seen=1, names_nobody=True, by=officer)
            with pytest.raises(Invalid, match="no private person"):
                deciding.publish(shared, seen=replied.revision, names_nobody=False, by=officer)
            deciding.publish(shared, seen=replied.revision, names_nobody=True, by=officer)
            with pytest.raises(NotNow, match="published with the reply"):
                deciding.reply(shared, "Second.", seen=replied.revision, by=focal)
        texts = list(afresh(shared).steps.values_list("act", "text"))
        assert texts == [("file", ""), ("share", ""), ("reply", "First."), ("publish", "")]

    def test_it_never_reads_who_writes_for_the_organisation(self, draft, officer, focal, sign_in):
        observer = an_observer("Olga Writer")
        statement = deciding.share(filed(draft, observer), by=officer)
        address = reverse("statement", args=[statement.pk])
        assert "Olga Writer" not in sign_in(focal).get(address).content.decode()
        assert "Olga Writer" in sign_in(officer).get(address).content.decode()
        writing.withdraw(statement, reason="We were wrong.", by=observer)
        page = sign_in(focal).get(address).content.decode()
        assert "Olga Writer" not in page
        assert "We were wrong." in page
        to_country = Mail.objects.filter(event__startswith="statement", to=focal)
        assert to_country.count() == 2
        assert not [mail for mail in to_country if "Olga" in mail.subject + mail.body]

    def test_the_organisation_reads_the_reply_once_it_is_published(self, draft, observer, officer, focal, sign_in):
        shared = deciding.share(filed(draft, observer), by=officer)
        deciding.reply(shared, "It is not so.", seen=1, by=focal)
        client, address = sign_in(observer), reverse("statement", args=[shared.pk])
        pages = [client.get(address), client.get(reverse("statement_list"))]
        assert all("It is not so." not in page.content.decode() for page in pages)
        assert all("The country has replied" not in page.content.decode() for page in pages)
        with clock.at(ripened(shared)):
            deciding.publish(shared, seen=2, names_nobody=True, by=officer)
        assert "It is not so." in client.get(address).content.decode()


class TestDecisions:
    def test_ending_a_publication_needs_a_reason_and_can_be_undone(self, draft, observer, officer):
        shown = published(filed(draft, observer))
        assert list(Statement.objects.published()) == [shown]
        with pytest.raises(Invalid, match="Give the reason"):
            deciding.refuse(shown, reason=" ", by=officer)
        with clock.at(ripened(shown)):
            deciding.refuse(shown, reason="It names a person.", by=officer)
            assert not Statement.objects.published().exists()
            deciding.publish(shown, seen=1, names_nobody=True, by=officer)
        assert list(Statement.objects.published()) == [shown]
        acts = list(shown.steps.values_list("act", "text"))
        assert acts[-2:] == [("refuse", "It names a person."), ("publish", "")]

    def test_a_withdrawn_one_is_published_no_more(self, draft, observer):
        shown = published(filed(draft, observer))
        with pytest.raises(Invalid, match="Give the reason"):
            writing.withdraw(shown, reason="", by=observer)
        with clock.at(ripened(shown)):
            writing.withdraw(shown, reason="We were wrong.", by=observer)
        assert not Statement.objects.published().exists()
        assert shown.steps.last().text == "We were wrong."

    def test_mails(self, draft, observer, officer, focal):
        colleague = an_observer("Colleague")
        statement = a_draft(draft, observer)
        statement = writing.save(statement, text="Together.", level=1, seen=1, by=colleague)
        statement = writing.file(statement, seen=2, by=observer)
        assert mails() == []  # officers find it on their home
        published(statement, reply="It is not so.")
        deciding.refuse(statement, reason="It names a person.", by=officer)
        writing.withdraw(statement, reason="We were wrong.", by=observer)
        assert mails() == [
            ("statement_shared", "focal MT"),
            ("statement_replied", "Officer"),
            ("statement_published", "Colleague"),
            ("statement_published", "Observer"),
            ("statement_published_of_country", "focal MT"),
            ("statement_unpublished", "Colleague"),
            ("statement_unpublished", "Observer"),
            ("statement_unpublished_of_country", "focal MT"),
            ("statement_withdrawn", "focal MT"),
        ]
        link = django_settings.SITE_URL + reverse("statement", args=[statement.pk])
        found = Mail.objects.filter(event__startswith="statement")
        assert all(link in mail.body for mail in found)
        assert not [mail for mail in found if "Together." in mail.body or "It is not so." in mail.body]
        reasons = {mail.event: mail.body for mail in found}
        assert "It names a person." in reasons["statement_unpublished"]
        assert "We were wrong." in reasons["statement_withdrawn"]

    def test_who_no_longer_observes_gets_none(self, draft, observer, officer):
        statement = filed(draft, observer)
        Membership.objects.filter(person=observer).update(ended_at=clock.now())
        deciding.refuse(statement, reason="It names a person.", by=officer)
        assert mails() == []

    def test_what_waits_for_whom(self, draft, observer, officer, focal):
        statement = filed(draft, observer)
        assert reading.waiting_for_officers() == [statement]
        shared = deciding.share(statement, by=officer)
        assert reading.waiting_for_officers() == []
        assert list(reading.waiting_for_country(focal)) == [statement]
        deciding.reply(shared, "It is not so.", seen=1, by=focal)
        assert list(reading.waiting_for_country(focal)) == []
        with clock.at(ripened(shared)):
            assert reading.waiting_for_officers() == [statement]
            deciding.publish(shared, seen=2, names_nobody=True, by=officer)
            assert reading.waiting_for_officers() == []


class TestTheDatabase:
    """What must never break, whatever writes."""

    def refused(self, rows, **fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**fields)

    def test_it_refuses_what_the_verbs_never_write(self, draft, observer):
        rows = Statement.objects.filter(pk=a_statement(draft, observer, "filed")[0].pk)
        self.refused(rows, decision="published", decided_at=clock.now(), decided_by=observer)
        self.refused(rows, decision="refused")
        self.refused(rows, reply="A reply.", replied_at=clock.now())
        self.refused(rows, shared_at=clock.now())
        self.refused(rows, text="")
        self.refused(rows, state="draft")
        self.refused(rows, area=draft.cycle.edition.whole[0])
        self.refused(rows, indicator=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            StatementStep.objects.create(statement=rows[0], act="refuse", by=observer)
        with pytest.raises(IntegrityError), transaction.atomic():
            StatementPiece.objects.create(statement=rows[0], name="Neither", added_by=observer)


def test_those_of_the_rehearsal_are_apart(draft, observer):
    filed(draft, observer)
    draft.cycle.is_rehearsal = True
    draft.cycle.save()
    assert not Statement.objects.visible_to(observer).exists()
    assert Submission.objects.count() == 0


def test_a_new_rehearsal_deletes_those_of_the_last_one_with_their_files(
    harbour, observer, officer, django_capture_on_commit_callbacks
):
    rehearsing.start(harbour, by=officer)
    with rehearsal.within():
        draft = a_draft(Submission.objects.get(), observer)
        piece = writing.add_file(draft, ContentFile(PDF, name="Map.pdf"), by=observer)
        writing.file(draft, seen=1, by=observer)
    with django_capture_on_commit_callbacks(execute=True):
        rehearsing.start(harbour, by=officer)
    assert not StatementPiece.objects.exists()
    assert not piece.file.storage.exists(piece.file.name)
