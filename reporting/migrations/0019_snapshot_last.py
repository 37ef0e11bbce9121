"""Move the snapshot behind the other columns: SQLite reads through what is before a column, a megabyte a row."""

from django.db import migrations, models
from django.db.models import F


def copy(apps, schema_editor):
    apps.get_model("reporting", "Assessment").objects.update(snapshot_last=F("snapshot"))


def copy_back(apps, schema_editor):
    apps.get_model("reporting", "Assessment").objects.update(snapshot=F("snapshot_last"))


class Migration(migrations.Migration):
    dependencies = [("reporting", "0018_counts_of_steps")]

    operations = [
        migrations.AddField("assessment", "snapshot_last", models.JSONField("data snapshot", null=True)),
        migrations.AlterField("assessment", "snapshot", models.JSONField("data snapshot", null=True)),
        migrations.RunPython(copy, copy_back),
        migrations.RemoveField("assessment", "snapshot"),
        migrations.RenameField("assessment", "snapshot_last", "snapshot"),
        migrations.AlterField("assessment", "snapshot", models.JSONField("data snapshot")),
    ]
