"""What runs in the background: the one module that knows the task queue."""

from django.db import transaction
from django_tasks import task

from reporting import assessments
from reporting.models import Assessment, Build
from scoreboard.models import User


@task()
def perform_build(build: int) -> None:
    """Carry out the build with this primary key."""
    assessments.perform(Build.objects.select_related("assessment__cycle__edition").get(pk=build))


@transaction.atomic
def request_build(assessment: Assessment, *, by: User, **particulars) -> Build:
    """Ask for a build (see `assessments.request_build`) and put it into the queue once that is committed."""
    build = assessments.request_build(assessment, by=by, **particulars)
    transaction.on_commit(lambda: perform_build.enqueue(build.pk))
    return build
