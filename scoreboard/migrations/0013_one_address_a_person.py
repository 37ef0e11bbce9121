"""Each person keeps one address, a proven one if there is any; what people hold already counts as accepted."""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery


def keep_one_address(apps, schema_editor):
    """Keep one address of each person, a proven one if there is any, and drop allauth's own list of them.

    Anybody could add an address and make it the main one without proving it. Where one of several was proven, that one
    counts; else the one that the list began with, which is the invited one. What changes is written to the log.
    """
    User = apps.get_model("scoreboard", "User")
    AddressChange = apps.get_model("scoreboard", "AddressChange")
    EmailAddress = apps.get_model("account", "EmailAddress")
    listed = {}
    for address in EmailAddress.objects.order_by("pk"):
        listed.setdefault(address.user_id, []).append(address)
    for person in User.objects.filter(pk__in=listed):
        addresses = listed[person.pk]
        proven = [address for address in addresses if address.verified]
        proven.sort(key=lambda address: (address.email.lower() != person.email.lower(), not address.primary))
        kept = (proven or addresses)[0].email.lower()
        if kept == person.email.lower() or User.objects.filter(email__iexact=kept).exists():
            continue
        AddressChange.objects.create(person=person, old=person.email, new=kept)
        person.email = kept
        person.save(update_fields=["email"])
    EmailAddress.objects.all().delete()


def date_what_was_accepted(apps, schema_editor):
    """What people hold already was accepted when they got it, as far as anybody knows."""
    User = apps.get_model("scoreboard", "User")
    Membership = apps.get_model("scoreboard", "Membership")
    joined = Subquery(User.objects.filter(pk=OuterRef("person")).values("date_joined")[:1])
    Membership.objects.update(accepted_at=joined, offered_at=joined)
    apps.get_model("scoreboard", "Assignment").objects.update(accepted_at=F("invited_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("scoreboard", "0012_proven_addresses"),
    ]

    operations = [
        migrations.RunPython(keep_one_address, migrations.RunPython.noop),
        migrations.RunPython(date_what_was_accepted, migrations.RunPython.noop),
    ]
