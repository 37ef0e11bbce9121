"""What is new for somebody in their spaces, asked when the daily e-mail is sent: titles and links alone."""

from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from scoreboard.models import Discussion, Mail, Meeting, Paper, PaperVersion, Post, Role, Space, User
from scoreboard.models.people import roles_of

MOST = 30  # lines of one mail


def text(mail: Mail) -> str | None:
    """Return the list of a daily mail, as its reader may see it now; None if nothing of it is left."""
    reader = mail.to
    if reader is None:
        return None
    digest = mail.space_digest
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        found = lines(reader, digest.since, digest.until)
        shown = [f"{title}\n{settings.SITE_URL}{path}" for title, path in found[:MOST]]
        if len(found) > MOST:
            shown.append(f"{_('There is more:')}\n{settings.SITE_URL}{reverse('space_list')}")
    return "\n\n".join(shown) or None


def lines(reader: User, since: datetime, until: datetime) -> list[tuple[str, str]]:
    """Return what is new to a person between two moments, as title and path: discussions, papers and meetings.

    Never what they wrote themselves, nor of spaces about which they get no mail. Officers get it for the spaces that
    they moderate.
    """
    spaces = Space.objects.visible_to(reader).open().exclude(mutes__person=reader)
    if Role.SECRETARIAT in roles_of(reader):
        spaces = spaces.filter(moderator=reader)
    names = dict(spaces.values_list("pk", "name"))
    if not names:
        return []
    within = {"at__gt": since, "at__lte": until}
    fresh = Post.objects.filter(discussion=OuterRef("pk"), hidden_at=None, **within).exclude(author=reader)
    discussions = Discussion.objects.visible_to(reader).filter(Exists(fresh), space__in=names).order_by("last_at", "pk")
    added = PaperVersion.objects.filter(paper=OuterRef("pk"), added_at__gt=since, added_at__lte=until)
    papers = Paper.objects.visible_to(reader).filter(Exists(added.exclude(added_by=reader)), space__in=names)
    planned = Q(created_at__gt=since, created_at__lte=until) & ~Q(created_by=reader)
    shared = Q(shared_at__gt=since, shared_at__lte=until) & ~Q(shared_by=reader)
    meetings = Meeting.objects.visible_to(reader).filter(planned | shared, space__in=names)
    return [
        (f"{names[one.space_id]} · {one.title}", reverse(name, args=[one.pk]))
        for name, found in (("meeting", meetings), ("paper", papers), ("discussion", discussions))
        for one in found
    ]
