"""Action plans of invented countries: a public and checked one, one begun from answers, and a country without any."""

from datetime import timedelta

from reporting.demo.cast import Cast
from reporting.demo.material import Material, moment
from scoreboard import clock
from scoreboard.models import ActionPlan, Country, Submission
from scoreboard.plans import actions, delegating, pieces, register, skeleton
from scoreboard.plans.actions import ActionFacts
from scoreboard.plans.register import PlanFacts

FROM_ANSWERS = 4  # actions of the plan that begins with a country's gaps


def write_plans(cast: Cast, material: Material) -> None:
    """Let three countries of the running cycle, which have answers, maintain their registers."""
    answered = Submission.objects.filter(
        cycle__is_example=True, cycle__closes__gte=clock.today(), answers__isnull=False
    )
    countries = Country.objects.filter(pk__in=answered.values("country")).order_by("iso2")
    first, second, third = countries[:3]
    _public(first, cast, material)
    found = skeleton.of(second)
    assert found is not None  # noqa: S101 - it has answers
    codes = [gap.indicator.code for gap in found.gaps[:FROM_ANSWERS]]
    skeleton.begin(second, codes, title=material["plans"]["begun"], kind="list", by=cast.focal(second))
    none = register.enter(third, PlanFacts(title="", status="none"), by=cast.focal(third), is_example=True)
    register.publish(none, by=cast.focal(third))


def _public(country: Country, cast: Cast, material: Material) -> None:
    """A published plan, checked and changed since; one of its actions is overdue, and one with a colleague."""
    focal, texts, today = cast.focal(country), material["plans"], clock.today()
    with clock.at(moment(today - timedelta(days=50))):
        plan_facts = PlanFacts(
            title=texts["title"],
            scope=texts["scope"],
            status=ActionPlan.Status.IMPLEMENTATION,
            begins=today.year - 1,
            ends=today.year + 4,
            adopted_on=today.replace(year=today.year - 1, day=1),
            body=texts["body"],
            objectives=tuple(one["code"] for one in _objectives(country)[:2]),
        )
        plan = register.enter(country, plan_facts, by=focal, is_example=True)
        for text, days in zip(texts["actions"], (-30, 200, 600), strict=True):
            ends = today + timedelta(days=days)
            actions.add(
                plan, ActionFacts(text=text, lead=texts["lead"], partners=texts["partners"], ends=ends), by=focal
            )
        pieces.add_link(plan, "https://example.org/plan", texts["link"], by=focal)
        register.publish(plan, by=focal)
    with clock.at(moment(today - timedelta(days=40))):
        register.check(plan, note=texts["check"], seen=register.latest_change(plan), by=cast.officer)
    first, second = plan.actions.order_by("number")[:2]
    contributor, until = cast.contributor(country), today + timedelta(days=90)
    with clock.at(moment(today - timedelta(days=20))):
        delegating.delegate(plan, [second], email=contributor.email, name="", until=until, by=focal)
        actions.note(first, status="under_way", text=texts["note"], seen=first.revision, by=focal)


def _objectives(country: Country) -> list[dict[str, str]]:
    edition = register.edition_for(country)
    return edition.objectives if edition else []
