"""One submission for who asks, in one prepared query: what must be quick begins here."""

from functools import cache
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet

from scoreboard.models import Evidence, Submission, Suggestion, Thread, User
from scoreboard.models.people import countries_of, roles_of
from scoreboard.models.questionnaire import kept_edition
from scoreboard.prepared import Prepared


def find(user: User, pk: int) -> Submission:
    """Return a submission that `user` may see, with its cycle, edition and country, and with what `lacks` tells.

    Raises Submission.DoesNotExist.
    """
    return _one(_to_read, user, pk)


def find_locked(user: User, pk: int) -> Submission:
    """Return it locked until the transaction ends. Raises Submission.DoesNotExist."""
    return _one(_to_write, user, pk)


def lacks(submission: Submission, what: str) -> bool:
    """Tell whether the submission was found to have no `what`, so that nobody need ask; False if nobody looked."""
    return not getattr(submission, f"has_{what}", True)


def _one(query: Any, user: User, pk: int) -> Submission:
    roles, countries = roles_of(user), [country.pk for country in countries_of(user)]
    for found in query(roles, len(countries))(pk, *countries):
        found.cycle.edition = kept_edition(found.cycle.edition_id, found.stamp)
        return found
    raise Submission.DoesNotExist


@cache
def _to_read(roles: frozenset[str], countries: int) -> Prepared[Submission]:
    """Return the query for anybody with these roles, and so many countries."""
    return _prepared(lambda pk, *codes: _visible(pk, roles, codes).annotate(**_beside()), countries)


@cache
def _to_write(roles: frozenset[str], countries: int) -> Prepared[Submission]:
    return _prepared(lambda pk, *codes: _visible(pk, roles, codes).select_for_update(of=("self",)), countries)


def _prepared(shape: Any, countries: int) -> Prepared[Submission]:
    return Prepared(shape, *[IntegerField()] * (1 + countries))


def _visible(pk: Any, roles: frozenset[str], countries: Any) -> QuerySet[Submission]:
    found = Submission.objects.visible_with(roles, countries).filter(pk=pk).order_by()
    return found.select_related("cycle", "country").annotate(stamp=F("cycle__edition__stamp"))


def _beside() -> dict[str, Exists]:
    this = OuterRef("pk")
    before = Submission.objects.filter(country=OuterRef("country"), cycle__opens__lt=OuterRef("cycle__opens"))
    return {
        "has_before": Exists(before.filter(accepted_version__isnull=False)),
        "has_evidence": Exists(Evidence.objects.present().filter(answer__submission=this)),
        "has_suggestions": Exists(Suggestion.objects.filter(submission=this, decision="")),
        "has_threads": Exists(Thread.objects.filter(answer__submission=this)),
    }
