"""Name in the log the version that each recall took back: it is the country's alone."""

from django.db import migrations


def name_recalled(apps, schema_editor):
    """Give each recall the version of the last submission before it."""
    Transition = apps.get_model("scoreboard", "Transition")
    for recall in Transition.objects.filter(step="recall", version=None):
        before = Transition.objects.filter(submission=recall.submission_id, step="submit", pk__lt=recall.pk)
        submitted = before.order_by("pk").last()
        if submitted:
            Transition.objects.filter(pk=recall.pk).update(version=submitted.version_id)


class Migration(migrations.Migration):
    dependencies = [
        ("scoreboard", "0013_one_address_a_person"),
    ]

    operations = [migrations.RunPython(name_recalled, migrations.RunPython.noop)]
