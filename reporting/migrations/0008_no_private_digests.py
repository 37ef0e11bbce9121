"""Take the digests of whole versions out of what is not published yet: withheld answers could be found by trying."""

import hashlib
import json

from django.db import migrations


def leave_out(apps, schema_editor):
    """Change the snapshots at work, which then have to be built again; published ones stay as they are."""
    for assessment in apps.get_model("reporting", "Assessment").objects.filter(published_at=None):
        countries = assessment.snapshot.get("countries", [])
        if not any("digest" in country for country in countries):
            continue
        for country in countries:
            country.pop("digest", None)
        canonical = json.dumps(assessment.snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assessment.snapshot_sha256 = hashlib.sha256(canonical.encode()).hexdigest()
        assessment.status = "draft"
        assessment.save(update_fields=["snapshot", "snapshot_sha256", "status"])
        for product in assessment.products.all():
            product.file.storage.delete(str(product.file))
            product.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0007_published_early"),
    ]

    operations = [migrations.RunPython(leave_out, migrations.RunPython.noop)]
