import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoreboard", "0004_language_of_mails"),
    ]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="stamp",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="stamp"),
        ),
    ]
