"""The steps that accepted answers intend become commitments; they stay private until their country says otherwise."""

from django.db import migrations


def enter(apps, schema_editor):
    Commitment = apps.get_model("scoreboard", "Commitment")
    Indicator = apps.get_model("scoreboard", "Indicator")
    Submission = apps.get_model("scoreboard", "Submission")
    accepted = Submission.objects.filter(accepted_version__isnull=False)
    for one in accepted.select_related("accepted_version", "cycle").order_by("pk").iterator(50):
        steps = {row["code"]: row["next_step"] for row in one.accepted_version.answers if row.get("next_step")}
        indicators = Indicator.objects.filter(edition=one.cycle.edition_id, code__in=steps)
        Commitment.objects.bulk_create(
            Commitment(
                submission=one,
                indicator=indicator,
                step=steps[indicator.code],
                made_at=one.accepted_at or one.accepted_version.at,
            )
            for indicator in indicators
        )


class Migration(migrations.Migration):

    dependencies = [
        ("scoreboard", "0041_commitments"),
    ]

    operations = [
        migrations.RunPython(enter, migrations.RunPython.noop),
    ]
