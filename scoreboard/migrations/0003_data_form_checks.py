from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scoreboard', '0002_issue_three'),
    ]

    operations = [
        migrations.AddField(
            model_name='dataform',
            name='checks',
            field=models.JSONField(blank=True, default=list, verbose_name='checks'),
        ),
    ]
