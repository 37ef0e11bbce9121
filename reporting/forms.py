"""The forms of the workbench, of consultations, and of the page that verifies a file."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reporting.consultation.commenting import printable, unsettled
from reporting.document.numbers import text
from reporting.models import Assessment, CountryComment, News
from reporting.subscriptions import subscribing
from scoreboard import rules
from scoreboard.evidence.attaching import MAX_MEGABYTES
from scoreboard.forms.people_fields import own_email_field
from scoreboard.forms.review import date_field, text_field
from scoreboard.forms.typed_text import Form, ModelForm
from scoreboard.mail.letters import TEXTS
from scoreboard.models import Country, Cycle, Letter, State, Submission, User
from scoreboard.text import MAX_TEXT, alphabetical


class SelectionForm(Form):
    """The name of a selection of countries to save."""

    name = forms.CharField(
        label=_("Name of the selection"),
        max_length=60,
        error_messages={"required": _("Give the selection a name, such as “Eastern coast”.")},
    )


class EarlierReportForm(Form):
    """A report of the time: its title, and the PDF or its address."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("As it was published. Empty: the name of the file, or the address."),
        max_length=200,
        required=False,
    )
    file = forms.FileField(
        label=_("The report as PDF"),
        required=False,
        help_text=_("At most %s MB.") % MAX_MEGABYTES,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )
    url = forms.CharField(label=_("Or its address on the web"), max_length=1000, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(given.get("file")) == bool(given.get("url")):
            self.add_error("file", _("Give either the PDF or its address."))
        return given


class BuildForm(ModelForm):
    """What the title page shows that is not in the snapshot, all of which may be empty; and if replies are printed."""

    replies = forms.BooleanField(
        label=_("Print the replies of countries as an annex"),
        help_text=_("Comments that their countries let print, with the answers, without names of people."),
        required=False,
    )

    class Meta:
        model = Assessment
        fields = ["document_number", "meeting", "meeting_date"]
        help_texts = {
            "document_number": _("As the meeting numbers its documents."),
            "meeting": _("The meeting that the assessment is tabled at."),
        }
        widgets = {"meeting_date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer the annex of replies to officers, where there are some."""
        super().__init__(*args, **kwargs)
        self.initial["replies"] = bool(self.instance.replies)
        if not rules.may(user, "consult") or not printable(self.instance):
            del self.fields["replies"]


class LetterForm(Form):
    """The text of a letter, and the countries of the cycle that it is for."""

    text = forms.CharField(
        label=_("Text"),
        help_text=_("Names in braces, such as {country}, are filled in for each country."),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 16}),
        error_messages={"required": _("Write the letter.")},
    )
    submissions = forms.ModelMultipleChoiceField(
        Submission.objects.none(),
        label=_("Countries"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick the countries that the letter is for.")},
    )

    def __init__(self, *args: Any, cycle: Cycle, kind: str, **kwargs: Any) -> None:
        """Offer the cycle's countries; ticked are those that a letter of this kind is usually for."""
        super().__init__(*args, **kwargs)
        taking_part = cycle.submissions.taking_part().select_related("country")
        field: Any = self.fields["submissions"]
        field.queryset = taking_part
        field.label_from_instance = lambda submission: str(submission.country)
        filed = Q(state__in=[State.SUBMITTED, State.ACCEPTED])
        usual = {Letter.Kind.THANKS: filed, Letter.Kind.REMINDER: ~filed}.get(Letter.Kind(kind), Q())
        self.initial.update({"text": TEXTS[Letter.Kind(kind)], "submissions": taking_part.filter(usual)})


class PublishForm(Form):
    """Who may read the assessment; hidden, what of it was on the page when it was decided."""

    audience = forms.ChoiceField(
        label=_("Readers"),
        choices=Assessment.Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may read the assessment.")},
    )
    before_closing = forms.BooleanField(
        error_messages={"required": _("Tick this, or wait until the cycle has closed.")},
    )
    early = forms.CharField(
        label=_("Why it is published before the cycle closes"),
        help_text=_("Officers and analysts see the reason on the workbench."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give the reason for publishing before the cycle closes.")},
    )
    unheard = forms.CharField(
        label=_("Why it is published before the consultation is settled"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give the reason, or end the consultation and answer the comments first.")},
    )
    snapshot = forms.CharField(widget=forms.HiddenInput)
    file = forms.CharField(widget=forms.HiddenInput)
    counted = forms.CharField(required=False, widget=forms.HiddenInput)
    incomplete = forms.BooleanField(
        label=_("Publish although some texts are not shown in the PDF"),
        error_messages={"required": _("Tick this, or install the fonts and build the PDF again.")},
    )

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not assessment.not_shown:
            del self.fields["incomplete"]
        if sentences := unsettled(assessment):
            self.fields["unheard"].help_text = " ".join([*sentences, gettext("Officers and analysts see the reason.")])
        else:
            del self.fields["unheard"]
        cycle, built = assessment.cycle, assessment.pdf
        if cycle.day() > cycle.closes:
            del self.fields["before_closing"], self.fields["early"]
        else:
            until = date_format(cycle.closes)
            self.fields["before_closing"].label = _("Publish although the cycle is open until the end of %s") % until
        self.initial = {**self.initial} | {
            "snapshot": assessment.snapshot_sha256,
            "file": built.sha256 if built else "",
            "counted": counted(assessment),
        }

    @property
    def decision(self) -> dict[str, Any]:
        """What `assessments.publish` takes."""
        left_out = ("before_closing", "counted")
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


def counted(assessment: Assessment) -> str:
    """Return which countries an assessment counts with which version: "CY:1 MT:2"."""
    return " ".join(f"{one['iso2']}:{one['version']}" for one in assessment.snapshot["countries"])


def counted_otherwise(before: str, assessment: Assessment) -> list[str | Promise]:
    """Return as sentences how the countries and versions differ from those that `counted` gave `before`."""
    then = dict(pair.split(":", 1) for pair in before.split() if ":" in pair)
    by_name = sorted(assessment.snapshot["countries"], key=lambda one: alphabetical(text(one["name"])))
    now = {one["iso2"]: one for one in by_name}
    found: list[str | Promise] = [
        _("%(country)s: added, with version %(now)s") % {"country": text(one["name"]), "now": one["version"]}
        for iso2, one in now.items()
        if iso2 not in then
    ]
    found += [
        _("%(country)s: version %(now)s instead of version %(then)s")
        % {"country": text(one["name"]), "now": one["version"], "then": then[iso2]}
        for iso2, one in now.items()
        if iso2 in then and then[iso2] != str(one["version"])
    ]
    gone = Country.objects.filter(iso2__in=then.keys() - now.keys())
    return found + [_("%s: not counted any more") % country for country in sorted(gone, key=alphabetical)]


class WithdrawForm(Form):
    """Why an assessment is taken from its readers."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("All its readers see the reason in the list of assessments: name nobody in it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give the reason for withdrawing.")},
    )


class LastDayForm(Form):
    """The last day of a consultation."""

    until = date_field(
        _("Choose the last day on which countries can comment."),
        label=_("Open until the end of"),
        help_text=_("A day of the cycle’s calendar. Two days before, the countries get a reminder."),
    )


class PassageForm(Form):
    """The countries that a passage concerns."""

    countries = forms.MultipleChoiceField(
        label=_("Countries that it concerns"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["countries"].choices = choices  # type: ignore[attr-defined]  # a choice


class CommentForm(Form):
    """What a country says about a part of the draft."""

    about = forms.ChoiceField(
        label=_("What is it about?"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the parts in the list.")},
    )
    text = text_field(
        _("Write the comment before you send it."),
        label=_("Comment"),
        help_text=_(
            "The Secretariat and its analysts read it, with your name and your country. Each comment is answered."
        ),
        attrs={"rows": 5, "dir": "auto"},
    )
    asks_correction = forms.BooleanField(label=_("I ask for a correction"), required=False)
    may_be_printed = forms.BooleanField(
        label=_("It may be printed with the published assessment"),
        help_text=_("With the country’s name and the answer, without yours. The Secretariat decides whether it is."),
        required=False,
    )

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [("", _("The draft as a whole")), *parts]  # type: ignore[attr-defined]  # a choice


class CommentAnswerForm(Form):
    """The answer to a country's comment, and what was done."""

    outcome = forms.ChoiceField(
        label=_("What was done"),
        choices=CountryComment.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was done.")},
    )
    text = text_field(
        _("Write the answer before you send it."),
        label=_("Answer"),
        help_text=_("The country’s focal points read it, and get it by e-mail. It can be given once."),
        attrs={"rows": 5, "dir": "auto"},
    )


class VerifyForm(Form):
    """The SHA-256 of a file that somebody has."""

    sha256 = forms.CharField(
        label=_("SHA-256 of the file"),
        help_text=_("64 digits from 0 to 9 and a to f."),
        error_messages={"required": _("Paste the SHA-256 of the file.")},
    )

    def clean_sha256(self) -> str:
        """Return the sum in its usual form, without spaces."""
        digits = re.sub(r"\s", "", self.cleaned_data["sha256"]).lower()
        if not re.fullmatch(r"[0-9a-f]{64}", digits):
            raise forms.ValidationError(
                _("A SHA-256 has 64 digits from 0 to 9 and a to f. Paste it whole, without the name of the file.")
            )
        return digits


class SubscribeForm(Form):
    """An address, and what it wants notices about: everything, a country, or a cycle. No text is typed into it."""

    email = own_email_field()
    about = forms.ChoiceField(
        label=_("Notices about"),
        error_messages={"required": _("Choose from the list."), "invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every country and every cycle that was opened."""
        super().__init__(*args, **kwargs)
        self.found: dict[str, dict[str, Country | Cycle]] = {"everything": {}}
        countries = sorted(Country.objects.all(), key=alphabetical)
        self.found |= {f"country:{one.iso2.lower()}": {"country": one} for one in countries}
        self.found |= {f"cycle:{one.code}": {"cycle": one} for one in subscribing.cycles()}
        named = {value: str(next(iter(subject.values()), "")) for value, subject in self.found.items()}
        self.fields["about"].choices = [  # type: ignore[attr-defined]  # the field is the one above
            ("everything", gettext("Everything that is published")),
            (gettext("A cycle"), [(value, name) for value, name in named.items() if value.startswith("cycle:")]),
            (gettext("A country"), [(value, name) for value, name in named.items() if value.startswith("country:")]),
        ]

    @property
    def subject(self) -> dict[str, Any]:
        """What was chosen, as `subscribing.ask` takes it."""
        return self.found[self.cleaned_data["about"]]


class NewsForm(Form):
    """A line of news, with its link, its language and its last day on the home page."""

    text = forms.CharField(
        label=_("Text"),
        help_text=_("One line. It is public at once, without your name."),
        max_length=News.LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Type the line of news.")},
    )
    link = forms.URLField(
        label=_("Link"),
        help_text=_("Where to read on, such as https://example.org/meeting."),
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Type a whole address that begins with https://.")},
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=settings.LANGUAGES)
    until = date_field(label=_("Last day on the home page"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the language where there are several."""
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) < 2:
            del self.fields["language"]
