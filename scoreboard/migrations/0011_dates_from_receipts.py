"""Give the log what it did not keep before: the day of an extension, and a deadline that only receipts remember."""

from zoneinfo import ZoneInfo

from django.db import migrations


def forwards(apps, schema_editor):
    """Write the last extension's day into its log entry, and infer a deadline that was shortened unlogged.

    An extension could only grow, so the one in force is the most generous. A first submission whose receipt says in
    time although neither deadline nor extension reaches its day shows that the deadline was later then.
    """
    Cycle = apps.get_model("scoreboard", "Cycle")
    DateChange = apps.get_model("scoreboard", "DateChange")
    Submission = apps.get_model("scoreboard", "Submission")
    Transition = apps.get_model("scoreboard", "Transition")
    for submission in Submission.objects.filter(extended_to__isnull=False):
        last = Transition.objects.filter(submission=submission, step="extend").order_by("at", "pk").last()
        if last is not None:
            last.new_date = submission.extended_to
            last.save(update_fields=["new_date"])
    for cycle in Cycle.objects.all():
        zone, moved = ZoneInfo(cycle.time_zone), []
        for submission in Submission.objects.filter(cycle=cycle):
            first = _first(Transition.objects.filter(submission=submission).order_by("at", "pk"))
            if first is None or first.version.late:
                continue
            day = first.at.astimezone(zone).date()
            if day > max(cycle.deadline, submission.extended_to or cycle.deadline):
                moved.append((first.at, day))
        if moved:
            at, day = max(moved)
            DateChange.objects.create(cycle=cycle, name="deadline", old=day, new=cycle.deadline, by=None, at=at)


def _first(log):
    standing = []
    for entry in log:
        if entry.step == "submit":
            standing.append(entry)
        elif entry.step == "recall" and entry.target == "draft" and standing:
            standing.pop()
    return standing[0] if standing else None


class Migration(migrations.Migration):
    dependencies = [("scoreboard", "0010_moved_dates_and_leaving")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
