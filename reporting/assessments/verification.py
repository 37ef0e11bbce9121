"""Which file of which issue a SHA-256 belongs to: for the verify page."""

from dataclasses import dataclass

from django.db.models import Q

from reporting.models import Assessment, Product
from scoreboard.models import Country
from scoreboard.models.people import Person


@dataclass(frozen=True)
class Match:
    """An issue that a sum belongs to: by a file of it, or (`product` is None) by its data snapshot.

    `country` is that which the file is about, if it is about one.

    `newer` is the latest issue of the same cycle that the person may read, if that is another one.
    """

    assessment: Assessment
    product: Product | None
    newer: Assessment | None
    readable: bool
    country: Country | None = None


def matches(sha256: str, user: Person) -> list[Match]:
    """Return the issues that a sum belongs to, the latest first, of those ever published or visible to the person."""
    visible = Assessment.objects.visible_to(user)
    known = Assessment.objects.filter(
        Q(published_at__isnull=False) | Q(pk__in=visible.order_by().values("pk"))
    ).without_snapshot()
    products = Product.objects.filter(sha256=sha256, assessment__in=known.order_by().values("pk"))
    by_issue = {product.assessment_id: product for product in products}
    found = known.filter(Q(pk__in=by_issue) | Q(snapshot_sha256=sha256)).order_by("-published_at", "-pk")
    readable = {one.pk: one for one in visible.without_snapshot().filter(cycle__in={one.cycle_id for one in found})}
    published = [one for one in readable.values() if one.status == Assessment.Status.PUBLISHED]
    about = {one.iso2: one for one in Country.objects.filter(iso2__in={one.subject for one in products if one.subject})}
    newest = {one.cycle_id: one for one in sorted(published, key=lambda one: one.issue)}
    return [
        Match(
            one,
            by_issue.get(one.pk),
            newer if (newer := newest.get(one.cycle_id)) and newer.issue > one.issue else None,
            one.pk in readable,
            about.get(by_issue[one.pk].subject) if one.pk in by_issue else None,
        )
        for one in found
    ]
