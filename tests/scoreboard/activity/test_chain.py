"""The chain of the activity log: it is whole as written, and shows each way of changing it outside the portal."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from scoreboard import activity, clock, rehearsal
from scoreboard.activity import Verb, checks, sealing, verification
from scoreboard.activity.verification import Fault, Problem
from scoreboard.models import ActivityBlock, ActivityCheck, ActivityEntry, Answer, AnswerVersion, Mail
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(focal, officer):
    """Three blocks with three entries each."""
    for _n in range(3):
        for verb in (Verb.SIGN_IN, Verb.CLAIM, Verb.RELEASE):
            activity.record(verb, by=officer, person=focal, detail="P1")
        sealing.run()
    return list(ActivityBlock.objects.order_by("number"))


def found() -> list[Problem]:
    return verification.check().problems


def one(block: int, fault: Fault) -> list[Problem]:
    return [Problem(False, block, fault)]


def entries(block: ActivityBlock):
    return ActivityEntry.objects.filter(block=block).order_by("pk")


def test_it_is_whole_as_it_was_sealed(sealed):
    result = verification.check()
    assert (result.blocks, result.entries, result.problems) == (3, 9, [])
    assert result.heads == {False: sealed[2]}
    assert [block.previous for block in sealed] == ["", sealed[0].seal, sealed[1].seal]
    assert sealing.run() == 0  # nothing new, no block


CHANGES = {
    "verb": "accept",
    "by_id": 1_000_000,
    "person_id": None,
    "country_id": 5,
    "cycle_id": 5,
    "submission_id": 5,
    "detail": "P2",
    "origin": "api",
    "network": "192.0.2.0/24",
    "count": 2,
    "contents": "0" * 64,
    "rehearsal": True,
}


@pytest.mark.parametrize("field", [*CHANGES, "at"])
def test_an_altered_entry_shows(sealed, field):
    changed = entries(sealed[1])[1]
    changes = {"at": changed.at + timedelta(microseconds=1)} | CHANGES
    ActivityEntry.objects.filter(pk=changed.pk).update(**{field: changes[field]})
    faults = {problem.fault for problem in found() if problem.block == 2}
    assert Fault.ENTRIES_ALTERED in faults
    assert {problem.block for problem in found()} == {2}


def test_a_removed_entry_shows(sealed):
    entries(sealed[1])[1].delete()
    assert found() == one(2, Fault.ENTRIES_REMOVED)


def test_an_entry_taken_out_of_its_block_shows_also_once_it_is_sealed_anew(sealed):
    ActivityEntry.objects.filter(pk=entries(sealed[1])[1].pk).update(block=None, detail="P9")
    sealing.run()
    assert found() == one(2, Fault.ENTRIES_REMOVED)


def test_reordered_entries_show(sealed):
    """Two entries change places: each gets what the other one said."""
    first, second, _third = entries(sealed[1])
    ActivityEntry.objects.filter(pk=first.pk).update(verb=second.verb)
    ActivityEntry.objects.filter(pk=second.pk).update(verb=first.verb)
    assert found() == one(2, Fault.ENTRIES_ALTERED)


def test_an_entry_with_another_number_shows(sealed):
    entry = entries(sealed[1])[0]
    ActivityEntry.objects.filter(pk=entry.pk).update(id=1_000_000)
    assert found() == one(2, Fault.ENTRIES_ALTERED)


def test_an_entry_moved_to_another_block_shows(sealed):
    ActivityEntry.objects.filter(pk=entries(sealed[1])[0].pk).update(block=sealed[2])
    assert found() == [*one(2, Fault.ENTRIES_REMOVED), *one(3, Fault.ENTRIES_ADDED)]


def test_an_added_entry_shows(sealed, officer):
    ActivityEntry.objects.create(verb=Verb.ACCEPT, by=officer, block=sealed[1])
    assert found() == one(2, Fault.ENTRIES_ADDED)


def test_a_removed_block_shows(sealed):
    entries(sealed[1]).delete()
    sealed[1].delete()
    assert found() == one(3, Fault.BLOCKS_MISSING)


def test_a_removed_block_shows_if_the_others_are_numbered_anew(sealed):
    entries(sealed[1]).delete()
    sealed[1].delete()
    ActivityBlock.objects.filter(number=3).update(number=2)
    assert found() == [*one(2, Fault.NOT_LINKED), *one(2, Fault.BLOCK_ALTERED)]


def test_blocks_that_change_places_show(sealed):
    for number, block in ((9, sealed[0]), (1, sealed[1]), (2, sealed[0])):
        ActivityBlock.objects.filter(pk=block.pk).update(number=number)
    assert {(problem.block, problem.fault) for problem in found()} == {
        (1, Fault.NOT_LINKED),
        (1, Fault.BLOCK_ALTERED),
        (2, Fault.NOT_LINKED),
        (2, Fault.BLOCK_ALTERED),
        (3, Fault.NOT_LINKED),
    }


def test_a_forged_block_shows_without_the_key(sealed, settings, officer):
    key, settings.ACTIVITY_KEY = settings.ACTIVITY_KEY, ["another"]
    activity.record(Verb.ACCEPT, by=officer)
    sealing.run()
    settings.ACTIVITY_KEY = key
    assert found() == one(4, Fault.OTHER_KEY)


def test_a_new_key_seals_and_the_older_one_verifies(sealed, settings, officer):
    settings.ACTIVITY_KEY = ["newer", *settings.ACTIVITY_KEY]
    activity.record(Verb.ACCEPT, by=officer)
    sealing.run()
    assert len({block.key for block in ActivityBlock.objects.all()}) == 2
    assert found() == []


def test_the_last_blocks_removed_show_against_a_noted_head(sealed):
    noted = [(sealed[2].number, sealed[2].seal)]
    assert verification.check(noted).problems == []
    entries(sealed[2]).delete()
    sealed[2].delete()
    assert found() == []
    assert verification.check(noted).problems == one(3, Fault.HEAD_LOST)


def test_anonymising_a_person_changes_no_sealed_entry(sealed, officer):
    officer.name, officer.email = "Former officer", "former@example.org"
    officer.save()
    assert found() == []


def test_rehearsals_have_a_chain_of_their_own(sealed, officer):
    with rehearsal.within():
        activity.record(Verb.ACCEPT, by=officer)
    sealing.run()
    assert [(b.rehearsal, b.number, b.previous) for b in ActivityBlock.objects.filter(rehearsal=True)] == [
        (True, 1, "")
    ]
    assert set(verification.check().heads) == {False, True}
    ActivityEntry.objects.filter(rehearsal=True).update(detail="forged")
    assert found() == [Problem(True, 1, Fault.ENTRIES_ALTERED)]


# --- saved answers


@pytest.fixture
def saves(draft, focal):
    factories.fill(draft, by=focal)
    sealing.run()
    return ActivityEntry.objects.filter(verb=Verb.SAVE)


def test_saved_answers_are_entered_from_their_versions(saves, draft, focal):
    entry = saves.get()
    assert (entry.by, entry.submission, entry.country) == (focal, draft, draft.country)
    assert entry.count == AnswerVersion.objects.count() > 1
    assert entry.detail == ", ".join(answer.indicator.label for answer in Answer.objects.all())
    assert not AnswerVersion.objects.exclude(entry=entry).exists()
    assert found() == []


def test_saving_itself_writes_no_entry(draft, focal):
    factories.fill(draft, by=focal)
    assert not ActivityEntry.objects.filter(verb=Verb.SAVE).exists()


@pytest.mark.parametrize("change", [{"comment": "forged"}, {"by": None}, {"kind": "unknown", "level": None}])
def test_an_altered_answer_shows(saves, change, officer):
    change = {"by": officer} if "by" in change else change
    AnswerVersion.objects.filter(pk=AnswerVersion.objects.first().pk).update(**change)
    assert [problem.fault for problem in found()] == [Fault.ANSWERS_ALTERED]


@pytest.mark.parametrize("how", ["removed", "entered anew"])
def test_a_removed_answer_shows(saves, how):
    version = AnswerVersion.objects.filter(pk=AnswerVersion.objects.first().pk)
    version.delete() if how == "removed" else version.update(entry=None, comment="forged")
    sealing.run()
    assert [problem.fault for problem in found()] == [Fault.ANSWERS_ALTERED]


def test_answers_of_a_deleted_submission_are_gone_with_it(saves, draft):
    Mail.objects.all().delete()
    draft.delete()
    assert found() == []


# --- retention


def test_old_blocks_lose_their_entries_and_stay_as_links(sealed, settings, officer):
    with clock.at(clock.now() + timedelta(days=settings.ACTIVITY_DAYS + 1)):
        activity.record(Verb.SIGN_IN, by=officer)
        sealing.run()
        assert sealing.remove_old() == 3
        sealing.run()
    assert [block.number for block in ActivityBlock.objects.filter(removed_at=None)] == [4, 5]
    said = ActivityEntry.objects.order_by("pk").values_list("verb", "detail", "count")
    assert list(said) == [("sign_in", "", 1), *(("remove_activity", str(n), 3) for n in (1, 2, 3))]
    assert found() == []


def test_an_answer_whose_entry_was_removed_is_not_entered_again(saves, settings):
    with clock.at(clock.now() + timedelta(days=settings.ACTIVITY_DAYS + 1)):
        sealing.remove_old()
        sealing.run()
    assert not ActivityEntry.objects.filter(verb=Verb.SAVE).exists()
    assert found() == []


def test_a_removal_that_was_not_the_portals_shows(sealed):
    entries(sealed[1]).delete()
    ActivityBlock.objects.filter(pk=sealed[1].pk).update(removed_at=clock.now(), removal="0" * 64)
    assert found() == one(2, Fault.FALSE_REMOVAL)


# --- the command and the daily check


def test_the_command_prints_the_heads_and_takes_them_back(sealed, capsys):
    call_command("verify_activity")
    said = capsys.readouterr().out.splitlines()
    assert said == ["9 entries in 3 blocks are as they were sealed.", f"Head: 3:{sealed[2].seal}"]
    call_command("verify_activity", head=[said[1].removeprefix("Head: ")])


def test_the_command_fails_with_each_finding(sealed, capsys):
    entries(sealed[1]).delete()
    with pytest.raises(CommandError, match="2 problems"):
        call_command("verify_activity", head=["2:abc"])
    assert capsys.readouterr().out.splitlines() == [
        "block 2: Entries were removed.",
        "block 2: The chain no longer holds this block as you noted it.",
    ]
    with pytest.raises(CommandError, match="NUMBER:SEAL"):
        call_command("verify_activity", head=["seven"])


def test_the_daily_check_mails_the_officers_once_about_each_finding(sealed, officer):
    checks.run()
    assert not Mail.objects.filter(event="activity_broken").exists()
    entries(sealed[1])[0].delete()
    checks.run()
    checks.run()
    mail = Mail.objects.get(event="activity_broken")
    assert (mail.to, mail.subject) == (officer, "The activity log of Scoreboard portal is not as it was sealed")
    assert "– block 2: Entries were removed.\n" in mail.body
    assert "\nhttp://localhost:8000/review/activity/check/\n" in mail.body
    assert mail.body.count("Dear ") == 1
    assert [len(check.problems) for check in ActivityCheck.objects.order_by("pk")] == [0, 1, 1]
    assert checks.problems(checks.last()) == one(2, Fault.ENTRIES_REMOVED)
