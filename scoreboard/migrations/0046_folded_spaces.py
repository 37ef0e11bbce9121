"""Texts of spaces and of questions between countries get the words by which the search finds them."""

from django.db import migrations, models

from scoreboard.text import folded


def fold(apps, schema_editor):
    def each(name, words, field="folded"):
        model = apps.get_model("scoreboard", name)
        rows = list(model.objects.all())
        for row in rows:
            setattr(row, field, folded(*words(row)))
        model.objects.bulk_update(rows, [field], batch_size=200)

    files, of_papers = {}, {}
    for version in apps.get_model("scoreboard", "PaperVersion").objects.order_by("number"):
        files[version.pk] = version.name
        of_papers.setdefault(version.paper_id, []).append(version.name)
    each("Discussion", lambda row: [row.title])
    each("Post", lambda row: [row.text])
    each("Paper", lambda row: [row.title, *of_papers.get(row.pk, [])])
    each("Meeting", lambda row: [row.title, row.place])
    each("Meeting", lambda row: [row.minutes], "folded_minutes")
    each("AgendaItem", lambda row: [row.title, row.notes, row.decision])
    each("PublishedText", lambda row: [row.title, files.get(row.version_id, row.text)])
    each("PeerMessage", lambda row: [row.text])


class Migration(migrations.Migration):

    dependencies = [
        ('scoreboard', '0045_rehearsal_mails'),
    ]

    operations = [
        migrations.AddField(
            model_name='agendaitem',
            name='folded',
            field=models.TextField(default='', editable=False, verbose_name='words for the search'),
        ),
        migrations.AddField(
            model_name='discussion',
            name='folded',
            field=models.TextField(default='', editable=False, verbose_name='words for the search'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='folded',
            field=models.TextField(default='', editable=False, verbose_name='words for the search'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='folded_minutes',
            field=models.TextField(default='', editable=False, verbose_name='words of the minutes for the search'),
        ),
        migrations.AddField(
            model_name='paper',
            name='folded',
            field=models.TextField(default='', editable=False, verbose_name='words for the search'),
        ),
        migrations.AddField(
            model_name='peermessage',
            name='folded',
            field=models.TextField(default='', editable=False, verbose_name='words for the search'),
        ),
        migrations.AddField(
            model_name='post',
            name='folded',
            field=models.TextField(default='', editable=False, verbose_name='words for the search'),
        ),
        migrations.AddField(
            model_name='publishedtext',
            name='folded',
            field=models.TextField(default='', editable=False, verbose_name='words for the search'),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
