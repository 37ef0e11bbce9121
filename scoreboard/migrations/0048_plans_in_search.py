"""The search finds action plans: their words, and those of their actions, are stored as it compares them."""

from django.db import migrations, models

from scoreboard.text import folded


def fold(apps, schema_editor):
    for model, names in (("ActionPlan", ("title", "body", "scope")), ("PlanAction", ("text", "lead", "partners"))):
        rows = apps.get_model("scoreboard", model).objects
        for pk, *texts in rows.values_list("pk", *names).iterator():
            rows.filter(pk=pk).update(folded=folded(*texts))


class Migration(migrations.Migration):

    dependencies = [
        ('scoreboard', '0047_tokens'),
    ]

    operations = [
        migrations.AddField(
            model_name='actionplan',
            name='folded',
            field=models.TextField(default='', editable=False, verbose_name='words for the search'),
        ),
        migrations.AddField(
            model_name='planaction',
            name='folded',
            field=models.TextField(default='', editable=False, verbose_name='words for the search'),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
