"""Filters and tabs of the review queue."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

import django_filters
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoreboard import rules
from scoreboard.forms.typed_text import Form
from scoreboard.models import Cycle, State, Transition, User
from scoreboard.models.submissions import SubmissionQuerySet


class QueueFilter(django_filters.FilterSet):
    """Filters the review queue by cycle."""

    class Meta:
        form = Form

    cycle = django_filters.ModelChoiceFilter(
        label=_("Cycle"),
        empty_label=_("Every cycle"),
        queryset=lambda request: Cycle.objects.visible_to(request.user),
    )


@dataclass
class Tab:
    """A tab of a list: its label, its count, its address, and whether it is the current one."""

    label: str | Promise
    count: int
    url: str
    current: bool
    name: str = ""
    promise: str | Promise = ""  # what will appear there, shown while it is empty
    condition: Q = field(default_factory=Q)


def queue_tabs(filtered: QueueFilter, user: User) -> list[Tab]:
    """Return the queue's tabs, the current one marked; only those to read for a person who cannot claim."""
    here = Q(state=State.SUBMITTED, left_at=None)
    parts = {
        "review": (_("To review"), _("A submission appears here as soon as a country submits it."), here),
        "mine": (
            _("Claimed by me"),
            _("A submission to review that you claim appears here."),
            here & Q(claimed_by=user),
        ),
        "second": (
            _("Waits for a second officer"),
            _("A submission that another officer approved appears here, in a cycle where two officers accept."),
            here & Q(approved_by__isnull=False) & ~Q(approved_by=user),
        ),
        "returned": (
            _("Waits for the country"),
            _("What you return stays here until it comes back."),
            Q(state=State.RETURNED, left_at=None),
        ),
        "late": (
            _("Late"),
            _("A submission to review that came after its deadline appears here."),
            here & Q(late=True),
        ),
        "reopen": (
            _("Asks to reopen"),
            _("When a country asks to reopen accepted answers, it appears here."),
            Q(reopen_asked_at__isnull=False, left_at=None),
        ),
    }
    if not rules.may(user, "claim"):
        del parts["mine"], parts["second"], parts["returned"], parts["reopen"]
    elif not Cycle.objects.filter(two_officers=True).exists():
        del parts["second"]
    counts = filtered.qs.aggregate(
        **{name: Count("pk", filter=condition) for name, (_l, _p, condition) in parts.items()}
    )
    asked = filtered.data.get("show")
    current = asked if asked in parts else "review"
    return [
        Tab(label, counts[name], _address(filtered, show=name), name == current, name, promise, condition)
        for name, (label, promise, condition) in parts.items()
    ]


def _address(filtered: django_filters.FilterSet, **changes: str) -> str:
    """Return the query string of the first page with some parameters changed; empty ones are left out."""
    parts = {**filtered.data.dict(), "page": "", **changes}
    return "?" + urlencode({name: value for name, value in parts.items() if value})


def longest_waiting_first(submissions: SubmissionQuerySet) -> SubmissionQuerySet:
    """Order by `since`, the moment from which the side that can write has had the submission."""
    returned = Transition.objects.filter(submission=OuterRef("pk")).giving_back().values("at")[:1]
    return submissions.annotate(since=Coalesce(F("submitted_at"), Subquery(returned))).order_by("since", "pk")
