"""Search over what is published: of assessments, action plans, good practice, resources, and texts of spaces."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting.document import numbers
from reporting.models import PublishedAnswer, PublishedCountry, PublishedIndicator, PublishedIssue, PublishedText
from reporting.published.rounds import questionnaires
from scoreboard.models import ActionPlan, GoodPractice, PlanAction, Resource
from scoreboard.models import PublishedText as TextOfSpace
from scoreboard.models.people import Person
from scoreboard.text import alphabetical, excerpt, folded

LONGEST = 100  # letters that are searched for
KINDS: dict[str, Promise] = {
    "countries": _("Countries"),
    "indicators": _("Indicators"),
    "chapters": _("Chapters of assessments"),
    "comments": _("Comments of countries"),
    "plans": _("Action plans"),
    "practices": _("Good practice"),
    "resources": _("Resources"),
    "texts": _("Published of spaces"),
}


@dataclass(frozen=True)
class Hit:
    """Something found: its kind, the row, the issue it is from (if any), and its text around the first word."""

    kind: str
    row: Any
    issue: PublishedIssue | None
    title: str
    excerpt: str = ""
    label: str = ""  # of the indicator that a comment is about
    questionnaire: str = ""  # what addresses say of it: nothing for that of the latest cycle


@dataclass(frozen=True)
class Search:
    """The words looked for, and the rows of each kind that have all of them; read when first used."""

    words: list[str]
    issues: dict[int, PublishedIssue]
    questionnaires: dict[int, str]  # by issue, what addresses say of it
    names: dict[str, str]  # of countries, by ISO code
    labels: dict[tuple[int, str], str]  # of indicators, by issue and code
    found: dict[str, Sequence[Any] | QuerySet[Any]]

    def hit(self, kind: str, row: Any) -> Hit:
        """Return a row as it is shown."""
        if kind == "plans":
            of_action = row.matching[0].text if row.matching and self.words[0] not in row.folded else ""
            return Hit(kind, row, None, f"{row} · {row.country}", excerpt(of_action or row.scope, self.words))
        if kind == "practices":
            return Hit(kind, row, None, f"{row.title} · {row.signed}", excerpt(row.text, self.words))
        if kind == "resources":
            return Hit(kind, row, None, f"{row.title} · {row.get_kind_display()}", excerpt(row.summary, self.words))
        if kind == "texts":
            return Hit(kind, row, None, f"{row.title} · {row.space.name}", excerpt(row.text, self.words))
        issue = self.issues[row.issue_id]
        if kind == "countries":
            return Hit(kind, row, issue, str(numbers.text(row.name)))
        if kind == "indicators":
            title = f"{row.label} {numbers.text(row.title)}"
            return Hit(kind, row, issue, title, questionnaire=self.questionnaires[row.issue_id])
        if kind == "chapters":
            return Hit(kind, row, issue, str(numbers.text(issue.cycle_title)), excerpt(row.source, self.words))
        label = self.labels.get((row.issue_id, row.indicator), row.indicator)
        title = f"{self.names.get(row.iso2, row.iso2)} · {label} · {issue.cycle_code}"
        return Hit(kind, row, issue, title, excerpt(row.comment, self.words), label)


def search(reader: Person, asked: str) -> Search | None:
    """Return what a reader finds for words, all of which a text must have; None without a word.

    A country and an indicator are found once, as they were in the latest cycle that has them.
    """
    words = folded(asked[:LONGEST]).split()
    every = questionnaires(reader)
    if not words:
        return None
    issues = {issue.pk: issue for rounds in every for issue in rounds.issues}

    def rows(model: type[Any]) -> QuerySet[Any]:
        found: QuerySet[Any] = model.objects.visible_to(reader).filter(issue__in=issues)
        return found

    def having(found: QuerySet[Any], *order: str | Case) -> QuerySet[Any]:
        for word in words:
            found = found.filter(folded__contains=word)
        return found.order_by(*order)

    def matching(model: type[Any], *order: str | Case) -> QuerySet[Any]:
        return having(rows(model), *order)

    names = {iso2: str(numbers.text(name)) for iso2, name in rows(PublishedCountry).values_list("iso2", "name")}
    # The database sorts texts in each language as it likes, and not at all as the page does.
    places = enumerate(sorted(names, key=lambda iso2: alphabetical(names[iso2])))
    by_name = Case(*(When(iso2=iso2, then=place) for place, iso2 in places), output_field=IntegerField())
    countries = _latest(matching(PublishedCountry, "issue__opens"), lambda one: one.iso2)
    indicators = _latest(
        matching(PublishedIndicator, "issue__opens", "position"),
        lambda one: (issues[one.issue_id].instrument, one.code),
    )
    indicators = [one for one in indicators if one.issue_id in {rounds.latest.pk for rounds in every}]
    return Search(
        words,
        issues,
        {issue.pk: rounds.address for rounds in every for issue in rounds.issues},
        names,
        {(issue, code): label for issue, code, label in rows(PublishedIndicator).values_list("issue", "code", "label")},
        {
            "countries": sorted(countries, key=lambda one: alphabetical(numbers.text(one.name))),
            "indicators": sorted(indicators, key=lambda one: (issues[one.issue_id].instrument, one.position)),
            "chapters": matching(PublishedText, "-issue__opens", "issue", "position"),
            "comments": matching(PublishedAnswer, "-issue__opens", "issue", by_name, "pk"),
            "plans": _plans(words),
            "practices": having(GoodPractice.objects.published().with_subject(), "-published_at", "-pk"),
            "resources": having(Resource.objects.published(), "title", "pk"),
            "texts": having(TextOfSpace.objects.public().select_related("space"), "-published_at", "-pk"),
        },
    )


def _plans(words: Sequence[str]) -> QuerySet[ActionPlan]:
    """The published plans that have all words in their own texts and those of their actions, the latest first.

    `matching` are the actions that have the first word.
    """
    found = ActionPlan.objects.published().select_related("country")
    for word in words:
        in_action = PlanAction.objects.filter(plan=OuterRef("pk"), folded__contains=word)
        found = found.filter(Q(folded__contains=word) | Q(Exists(in_action)))
    actions = PlanAction.objects.filter(folded__contains=words[0]).order_by("number")
    return found.prefetch_related(Prefetch("actions", actions, to_attr="matching")).order_by("-published_at", "-pk")


def _latest(rows: QuerySet[Any], key: Callable[[Any], Any]) -> list[Any]:
    """The last of the rows that are about the same."""
    return list({key(one): one for one in rows}.values())
