"""The search takes letters with strokes as those without: what is stored for it is written so too."""

from django.db import migrations

from scoreboard.text import alphabetical


def fold(apps, schema_editor):
    for name in ("GoodPractice", "Resource"):
        rows = apps.get_model("scoreboard", name).objects
        for pk, words in rows.values_list("pk", "folded").iterator():
            rows.filter(pk=pk).update(folded=alphabetical(words))


class Migration(migrations.Migration):
    dependencies = [
        ("scoreboard", "0049_webhooks"),
    ]

    operations = [
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
