"""The words for the search are written without strokes too: Đ as D, ħ as h."""

from django.db import migrations


def write_again(apps, schema_editor):
    """Let the worker write all rows anew, with the words as searches now compare them."""
    apps.get_model("reporting", "PublishedIssue").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0020_csv_of_steps"),
    ]

    operations = [
        migrations.RunPython(write_again, migrations.RunPython.noop),
    ]
