"""Invisible characters: dropped from every field of one line, and no text by themselves, whichever form it is."""

import importlib
import pkgutil
import unicodedata
from copy import deepcopy
from datetime import timedelta

import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.test import RequestFactory
from django.utils.module_loading import import_string
from django_filters import FilterSet
from hypothesis import given as for_all
from hypothesis import strategies

from scoreboard.cycles import calendar
from scoreboard.errors import DomainError, Invalid
from scoreboard.forms.typed_text import TypedText, tidy
from scoreboard.models import Organisation, State, User
from scoreboard.submissions import answering, reopening, returns, workflow
from scoreboard.text import is_blank, one_line, stripped
from scoreboard.threads import discussion
from tests.factories import PASSWORD, a_person, an_officer, fill, given
from tests.pages import Page

pytestmark = pytest.mark.django_db

OURS = ("mikt", "scoreboard", "reporting")
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2066\u2069\ufeff\u00ad\u061c\u034f\u3164\ufe0f\U000e0020"
NOTHING = " \u200b\ufeff\n\u2060\t"


def seeded(text: str) -> str:
    """The text with invisible characters before, behind and between all its characters."""
    return UNSEEN + UNSEEN.join(text) + UNSEEN


def modules():
    for name in OURS:
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if ".migrations" not in found.name and not found.name.endswith("wsgi"):
                yield importlib.import_module(found.name)


def subclasses(kind):
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def is_ours(one: object) -> bool:
    return one.__module__.split(".")[0] in OURS


def every_form() -> dict[str, type]:
    """All forms that the portal's modules define, its filters and its administration make, and its settings name."""
    list(modules())
    request = RequestFactory().get("/")
    request.user = User(is_staff=True)
    found = [form for form in subclasses(forms.BaseForm) if is_ours(form)]
    filters = [one for one in subclasses(FilterSet) if is_ours(one)]
    found += [one(queryset=User.objects.none(), request=request).get_form_class() for one in filters]
    found += [import_string(path) for path in settings.ACCOUNT_FORMS.values()]
    for desk in filter(is_ours, admin.site._registry.values()):
        found.append(desk.get_form(request))
        found += [inline.get_formset(request).form for inline in desk.get_inline_instances(request)]
    return {f"{form.__module__}.{form.__qualname__}": form for form in found}


def test_every_form_takes_its_text_through_one_door():
    forms_ = every_form()
    assert {"scoreboard.forms.declaration.DeclarationForm", "mikt.accounts.forms.SignIn"} <= forms_.keys()
    assert len(forms_) > 30
    without = [name for name, form in forms_.items() if not issubclass(form, TypedText)]
    assert without == []
    assert [name for name, form in forms_.items() if form.full_clean is not TypedText.full_clean] == []


SAMPLES = [
    (forms.EmailField, "a.person@example.org"),
    (forms.URLField, "https://example.org/"),
    (forms.GenericIPAddressField, "192.0.2.1"),
]


def test_every_field_of_one_line_reads_the_same_with_invisible_characters_as_without():
    met = 0
    for name, form in every_form().items():
        for label, field in form.base_fields.items():
            if not isinstance(field, forms.CharField) or isinstance(field, forms.JSONField) or not field.strip:
                continue
            field = deepcopy(field)
            field.required = True
            tidy(field)
            if not isinstance(field.widget, forms.Textarea):
                sample = next((text for kind, text in SAMPLES if isinstance(field, kind)), "MT")
                assert field.clean(seeded(sample)) == sample, (name, label)
                met += 1
            with pytest.raises(forms.ValidationError):
                field.clean(NOTHING)
    assert met > 15


def test_titles_in_several_languages_and_dates_too():
    class Titled(TypedText, forms.Form):
        title = a_cycle_form().base_fields["title"]
        day = forms.DateField()
        secret = forms.CharField(strip=False)

    form = Titled({"title_0": seeded("Scoreboard"), "day": seeded("2026-09-30"), "secret": "\u200bkept "})
    assert form.is_valid(), form.errors
    assert str(form.cleaned_data["day"]) == "2026-09-30"
    assert form.cleaned_data["secret"] == "\u200bkept "
    # Letters of a title stay joined as its language joins them.
    assert form.cleaned_data["title"].data["en"] == one_line(seeded("Scoreboard"), keep_joiners=True)
    persian = Titled({"title_0": "می\u200cخواهیم\u200b", "day": "2026-09-30", "secret": "x"})
    assert persian.is_valid()
    assert persian.cleaned_data["title"].data["en"] == "می\u200cخواهیم"
    assert not Titled({"title_0": "\u200c\u200d", "day": "2026-09-30", "secret": "x"}).is_valid()


def a_cycle_form():
    return importlib.import_module("scoreboard.forms.cycles").CycleForm


@for_all(text=strategies.text(max_size=30))
def test_what_is_left_is_one_line_and_holds_all_that_is_seen(text):
    line = one_line(text)
    assert line == one_line(line) == one_line(seeded(text))
    assert not any(character in line for character in UNSEEN + "\n\r\t\u2028")
    assert (line == "") == is_blank(text) == (stripped(text) == "")
    seen = [c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cn")]
    assert [c for c in seen if c in line] == [c for c in seen if not is_blank(c)]


def test_visible_marks_of_numbers_stay():
    """Some of Unicode's format characters are drawn, such as the Arabic sign of a year."""
    assert one_line("\u0601\u06dd") == "\u0601\u06dd"


class TestVerbs:
    """Where no form stands before a verb, as in the API and in commands, it asks itself."""

    def refused(self, act):
        with pytest.raises(DomainError) as refusal:
            act()
        assert isinstance(refusal.value, Invalid), refusal.value.sentence

    def test_a_reason_that_nobody_sees_is_none(self, submitted, malta, focal):
        officer = an_officer()
        self.refused(lambda: workflow.return_for_changes(submitted, by=officer, comment=NOTHING, version=1))
        self.refused(
            lambda: calendar.extend(
                submitted, to=submitted.cycle.closes + timedelta(days=9), reason=NOTHING, by=officer
            )
        )
        self.refused(lambda: discussion.open_thread(submitted, "P1", NOTHING, shared=True, by=officer))
        assert returns.flag(submitted, "P1", NOTHING, by=officer) is None
        workflow.accept(submitted, by=officer, version=1)
        self.refused(lambda: reopening.ask(submitted, by=focal, reason=NOTHING))
        self.refused(lambda: workflow.reopen(submitted, by=officer, comment=NOTHING))

    def test_a_declaration_has_names_that_are_seen(self, draft, focal):
        fill(draft)
        self.refused(lambda: workflow.submit(draft, by=focal, declared_by=NOTHING, capacity="Head"))
        workflow.submit(draft, by=focal, declared_by=seeded("Dr. A"), capacity=seeded("Head"))
        version = draft.versions.get()
        assert (version.declared_by, version.capacity) == ("Dr. A", "Head")

    def test_an_answer_keeps_its_text_but_not_one_of_nothing(self, draft, focal):
        woman_farmer, persian = "👩\u200d🌾", "می\u200cخواهیم"
        answers = {
            "P1": given(level=1, comment=NOTHING, next_step=NOTHING),
            "P2": given(level=1, comment=f"{woman_farmer} {persian}"),
            "P3": given(kind="not_applicable", reason=NOTHING),
        }
        answering.save_answers(draft, answers, by=focal, seen={})
        texts = dict(draft.answers.values_list("indicator__code", "comment"))
        assert texts == {"P1": "", "P2": f"{woman_farmer} {persian}", "P3": ""}
        assert draft.answers.get(indicator__code="P1").next_step == ""
        assert not draft.answers.complete().filter(indicator__code="P3").exists()

    def test_people_are_known_by_what_is_seen(self, db):
        person = User.objects.create_user(seeded("a.person@example.org"), name=seeded("A Person"))
        assert (person.email, person.name) == ("a.person@example.org", "A Person")


class TestPages:
    """The roads of people, with what a mail or a chat program brings along when an address is copied from it."""

    def test_signing_in(self, client, focal):
        client.post("/accounts/login/", {"login": seeded(focal.email), "password": PASSWORD})
        assert client.session["_auth_user_id"] == str(focal.pk)

    def test_a_person_made_by_an_administrator(self, sign_in, db):
        desk = sign_in(a_person(name="Administrator", is_staff=True))
        desk.post("/admin/scoreboard/user/add/", {"email": seeded("new@example.org"), "name": seeded("New Person")})
        assert User.objects.get(email="new@example.org").name == "New Person"
        assert "new@example.org" in desk.get("/admin/scoreboard/user/", {"q": seeded("new@")}).content.decode()
        desk.post("/admin/scoreboard/organisation/add/", {"name": NOTHING, "kind": "observer"})
        assert not Organisation.objects.filter(kind="observer").exists()

    def test_the_board_finds_a_country(self, sign_in, officer, cycle):
        page = sign_in(officer).get(f"/review/cycles/{cycle.code}/", {"q": seeded("Malta")}).content.decode()
        assert ">Malta<" in page
        assert ">Greece<" not in page

    def test_a_return_needs_a_reason_that_is_seen(self, sign_in, officer, submitted):
        page = Page(sign_in(officer).post(f"/review/{submitted.pk}/return/", {"comment": NOTHING}))
        assert "Give a reason: the country needs to know what to change and why." in page.text
        submitted.refresh_from_db()
        assert submitted.state == State.SUBMITTED
