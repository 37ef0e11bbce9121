"""Invented example data for trying the portal out: three past cycles, published, and one that is open now.

Everything is done by the verbs that people use, at the moments at which they would have done it.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.core.management import call_command
from django.utils.http import urlencode

from reporting import news, tasks
from reporting.assessments import lifecycle
from reporting.demo import earlier
from reporting.demo.cast import PASSWORD, Cast
from reporting.demo.consulting import consult
from reporting.demo.learning import learn
from reporting.demo.material import EDITION, Material, moment, read_material
from reporting.demo.plans import write_plans
from reporting.demo.rounds import Round, cycle_plans
from reporting.demo.spaces import open_spaces
from reporting.demo.writing import write
from reporting.models import Assessment, News
from reporting.side_by_side import selections
from reporting.subscriptions import subscribing
from scoreboard import clock
from scoreboard.mail import keys, outbox
from scoreboard.models import ActionPlan, Cycle, Edition, Mail, Resource, Space, Subscriber

__all__ = ["PASSWORD", "load", "products"]

Say = Callable[[str], None]


def load(say: Say) -> None:
    """Load countries, edition, people and the three cycles, as far as they are not there yet; `say` reports it."""
    call_command("load_countries", verbosity=0)
    call_command("import_edition", str(EDITION), verbosity=0)
    call_command("load_strategic_plan", verbosity=0)
    material = read_material()
    cast = Cast(material["organisations"])
    edition = Edition.objects.get(code=EDITION.stem)
    earlier_round = material["earlier_round"]
    if not Cycle.objects.filter(code=earlier_round["code"]).exists():
        say(f"Cycle {earlier_round['code']}: an earlier round comes in from a file …")
        earlier.bring_in(earlier_round, edition, cast, material)
    for plan in cycle_plans(material):
        if Cycle.objects.filter(code=plan.code).exists():
            continue
        say(f"Cycle {plan.code}: {len(plan.fates)} countries report …")
        Round(plan, edition, cast, material).run()
    if not ActionPlan.objects.exists():
        write_plans(cast, material)
    for cycle in Cycle.objects.filter(is_example=True).order_by("opens"):
        if cycle.day() <= cycle.closes and not Resource.objects.exists():
            learn(cycle, cast, material)
        _assess(cycle, cast, material, say)
    chosen = material["selection"]
    query = urlencode([("country", iso2) for iso2 in chosen["countries"]])
    selections.save(cast.officer, name=chosen["name"], query=query)
    if not News.objects.exists():
        _notices(cast)
    if not Space.objects.exists():
        _send_mails()  # so that the invitation of a guest is the next to go out
        open_spaces(cast, material)
    _send_mails()


def _send_mails() -> None:
    """Send each mail at the moment at which the worker would have: else those of past cycles would wait for years."""
    waiting = Mail.objects.filter(state=Mail.State.WAITING)
    for due in list(waiting.order_by("due_at").values_list("due_at", flat=True).distinct()):
        with clock.at(due):
            outbox.send_due()
        if waiting.exclude(error="").exists():  # the mail server does not work; the worker tries again
            return


def _assess(cycle: Cycle, cast: Cast, material: Material, say: Say) -> None:
    """Consolidate the cycle, write, and build the PDF by the worker; publish it if the cycle is over, else consult."""
    if cycle.assessments.filter(products__isnull=False).exists():
        return
    past = cycle.day() > cycle.closes
    published_on = earlier.published_on() if cycle.is_earlier_round else cycle.closes + timedelta(days=60)
    say(f"Cycle {cycle.code}: consolidating, then building the PDF …")
    with clock.at(moment(published_on) if past else clock.now()):
        assessment = lifecycle.consolidate(cycle, by=cast.officer)
        write(assessment, material, analyst=cast.analyst, officer=cast.officer if past else None)
        build = tasks.request_build(
            assessment,
            by=cast.officer,
            document_number=f"EXAMPLE/{cycle.code}/Doc.1",
            meeting="Example meeting",
        )
        call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", verbosity=0)
        build.refresh_from_db()
        if build.error:
            say(f"The PDF could not be built: {build.error}")
        elif past:
            everyone, read = Assessment.Audience.EVERYONE, assessment.snapshot_sha256
            lifecycle.publish(assessment, audience=everyone, by=cast.officer, snapshot=read)
        else:
            consult(assessment, material, cast)


def _notices(cast: Cast) -> None:
    """Write a line of news, and let a reader subscribe to everything that is published."""
    news.write("Example: the figures on these pages are invented, so that you can look around.", by=cast.officer)
    subscribing.ask("reader@example.org")
    link = keys.subscriptions(Subscriber.objects.get(email="reader@example.org"))
    subscribing.confirm(link.rstrip("/").rsplit("/", 1)[1])


def products() -> Iterator[tuple[Assessment, str]]:
    """Yield the assessments of the demo with the names of their files."""
    found = Assessment.objects.filter(cycle__is_example=True).order_by("cycle__opens").prefetch_related("products")
    for assessment in found:
        for product in assessment.products.all():
            yield assessment, str(product.file)
