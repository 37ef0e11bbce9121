"""Forms of spaces: what they are for, who is invited, what members write, and what moderators do."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from scoreboard.evidence.attaching import MAX_MEGABYTES, TYPES
from scoreboard.forms.people_fields import day_field, email_field, name_field, note_field
from scoreboard.forms.review import TOO_LONG, text_field
from scoreboard.forms.typed_text import Form
from scoreboard.models import AgendaItem, CountryGroup, Meeting, Paper, Role, Space, User
from scoreboard.models.spaces import AUDIENCES
from scoreboard.network.papers import MAX_NOTE
from scoreboard.network.spaces import MAX_NAME, MAX_TITLE, Audience
from scoreboard.text import MAX_TEXT

MARKUP = _("An empty line begins a paragraph, “- ” a list; **two asterisks** make words bold.")


def title_field(label: Any, missing: Any, most: int = MAX_TITLE) -> forms.CharField:
    """Return a compulsory text of one line."""
    errors = {"required": missing, "max_length": TOO_LONG}
    return forms.CharField(label=label, max_length=most, error_messages=errors)


def long_field(label: Any, help_text: Any = "", rows: int = 8) -> forms.CharField:
    """Return a text of several lines that may be empty."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
        error_messages={"max_length": TOO_LONG},
    )


def file_field(missing: Any) -> forms.FileField:
    """Return a compulsory file of a type that papers may have."""
    endings = ",".join(ending for endings in TYPES.values() for ending in endings)
    return forms.FileField(
        label=_("File"),
        help_text=format_lazy(
            _(
                "PDF, pictures (PNG, JPEG, WebP, TIFF), documents (DOCX, ODT), spreadsheets (XLSX, ODS) or plain text "
                "(TXT, CSV), without macros, up to {size} MB. A file can carry the name of who made it."
            ),
            size=MAX_MEGABYTES,
        ),
        widget=forms.FileInput(attrs={"accept": endings}),
        error_messages={"required": missing, "empty": _("The file is empty.")},
    )


class SpaceForm(Form):
    """What a space is called and for, and whose roles make them members."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Space.Kind.choices)
    name = title_field(_("Name"), _("Give the space a name."), MAX_NAME)
    purpose = long_field(_("What it is for"), MARKUP, rows=4)
    audiences = forms.MultipleChoiceField(
        label=_("Members by role"),
        help_text=_("Whoever holds the role today sees the space. Others can be invited one by one, until a day."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    moderator = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Moderator"),
        help_text=_("Every officer can moderate; this one gets the daily e-mail, and members see the name."),
        empty_label=None,
        error_messages={"required": _("Choose the moderator.")},
    )

    def __init__(self, *args: Any, space: Space | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {}
        if space:
            initial = {"kind": space.kind, "name": space.name, "purpose": space.purpose, "moderator": space.moderator}
            initial["audiences"] = [_key(Role(one.role), one.network) for one in space.audiences.all()]
        super().__init__(*args, **{"initial": initial} | kwargs)
        networks = list(CountryGroup.objects.networks())
        self.offered = {
            _key(role, network): Audience(role, network) for role in AUDIENCES for network in (None, *networks)
        }
        names = {
            key: f"{one.role.label} · {one.network}" if one.network else _WHOLE[one.role]
            for key, one in self.offered.items()
        }
        self.fields["audiences"].choices = list(names.items())  # type: ignore[attr-defined]  # a choice
        if space is None:
            del self.fields["moderator"]
        else:
            officers = User.objects.filter(is_active=True, memberships__role=Role.SECRETARIAT).distinct()
            self.fields["moderator"].queryset = officers  # type: ignore[attr-defined]  # a choice of a model

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as the verbs take it."""
        return self.cleaned_data | {"audiences": [self.offered[key] for key in self.cleaned_data["audiences"]]}


_WHOLE = {
    Role.FOCAL: _("All focal points"),
    Role.OBSERVER: _("All observers"),
    Role.ANALYST: _("All analysts"),
}


def _key(role: Role, network: CountryGroup | None) -> str:
    return f"{role}:{network.pk}" if network else str(role)


class SpaceInvitationForm(Form):
    """Whom an officer invites to a space, and until when."""

    email = email_field(_("E-mail address"))
    name = name_field()
    until = day_field(_("Last day"), _("With access to the space; it ends at midnight UTC."), required=True)
    note = note_field()


class LastDayForm(Form):
    """Another last day of an invitation."""

    until = day_field(_("Last day"), _("With access to the space; it ends at midnight UTC."), required=True)


class DiscussionForm(Form):
    """A new discussion, if need be on a paper."""

    title = title_field(_("Title"), _("Give the discussion a title."))
    paper = forms.ModelChoiceField(
        Paper.objects.none(), label=_("On the paper"), required=False, empty_label=_("On no paper")
    )
    text = text_field(
        _("Write something before you send it."), label=_("Text"), help_text=MARKUP, attrs={"rows": 8, "dir": "auto"}
    )

    def __init__(self, *args: Any, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = space.papers.filter(hidden_at=None)
        if papers.exists():
            self.fields["paper"].queryset = papers  # type: ignore[attr-defined]  # a choice of a model
        else:
            del self.fields["paper"]


class ReplyForm(Form):
    """A reply in a discussion."""

    text = text_field(
        _("Write something before you send it."),
        label=_("Your reply"),
        help_text=MARKUP,
        attrs={"rows": 5, "dir": "auto"},
    )


class ModerationForm(Form):
    """What a moderator does with something, and why."""

    act = forms.ChoiceField(
        label=_("What to do"), widget=forms.RadioSelect, error_messages={"required": _("Choose what to do.")}
    )
    to = forms.ModelChoiceField(
        Space.objects.none(),
        label=_("Move it to"),
        help_text=_("The members of that space will read all of it."),
        required=False,
        empty_label=_("Choose the space"),
    )
    reason = text_field(
        _("Give the reason: the members read it."),
        label=_("Reason"),
        help_text=_("The members read it on the page, and who wrote it gets it by e-mail."),
        attrs={"rows": 3, "dir": "auto"},
    )

    def __init__(self, *args: Any, acts: dict[str, Any], spaces: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = list(acts.items())  # type: ignore[attr-defined]  # a choice
        if len(acts) == 1:
            self.initial["act"] = next(iter(acts))
        if spaces is None:
            del self.fields["to"]
        else:
            self.fields["to"].queryset = spaces  # type: ignore[attr-defined]  # a choice of a model

    def clean(self) -> dict[str, Any]:
        """Ask for the space to move to."""
        cleaned = super().clean() or {}
        if cleaned.get("act") == "move" and not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", _("Choose the space to which it moves."))
        return cleaned


class PaperForm(Form):
    """A new paper with its first version."""

    title = title_field(_("Title"), _("Give the paper a title."))
    file = file_field(_("Choose the file of the paper."))


class VersionForm(Form):
    """Another version of a paper."""

    file = file_field(_("Choose the file of the new version."))
    note = forms.CharField(
        label=_("What is new"), required=False, max_length=MAX_NOTE, error_messages={"max_length": TOO_LONG}
    )


class MeetingForm(Form):
    """What a meeting is called, when and where it is."""

    title = title_field(_("Title"), _("Give the meeting a title."))
    starts = day_field(_("First day"), required=True)
    ends = day_field(_("Last day"), _("The same as the first for a meeting of one day."), required=True)
    place = forms.CharField(
        label=_("Place and time"),
        help_text=_("Such as “Online, 10:00 UTC”."),
        required=False,
        max_length=MAX_TITLE,
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, meeting: Meeting | None = None, **kwargs: Any) -> None:
        names = ("title", "starts", "ends", "place")
        initial = {name: getattr(meeting, name) for name in names} if meeting else {}
        super().__init__(*args, **{"initial": initial} | kwargs)

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("Choose the first day or a later one."))
        return cleaned


class AgendaItemForm(Form):
    """An item of an agenda with its papers."""

    title = title_field(_("Title"), _("Give the item a title."))
    notes = long_field(_("Notes"), MARKUP, rows=4)
    papers = forms.ModelMultipleChoiceField(
        Paper.objects.none(), label=_("Papers"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, space: Space, item: AgendaItem | None = None, **kwargs: Any) -> None:
        initial = {"title": item.title, "notes": item.notes, "papers": item.papers.all()} if item else {}
        super().__init__(*args, **{"initial": initial} | kwargs)
        papers = space.papers.filter(hidden_at=None)
        if papers.exists():
            self.fields["papers"].queryset = papers  # type: ignore[attr-defined]  # a choice of a model
        else:
            del self.fields["papers"]


class DecisionForm(Form):
    """What was decided on an item."""

    decision = long_field(_("Decision"), _("Leave it empty to take the decision out."), rows=5)


class MinutesForm(Form):
    """The minutes of a meeting."""

    text = long_field(_("Minutes"), MARKUP, rows=18)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        initial = {"text": meeting.minutes, "seen": meeting.minutes_revision}
        super().__init__(*args, **{"initial": initial} | kwargs)


class PublishingForm(Form):
    """Under which title something is published."""

    title = title_field(_("Title"), _("Give it the title under which it is published."))


class PublicReadingForm(Form):
    """That an officer read a text and found no private person named."""

    names_nobody = forms.BooleanField(
        label=_("I have read it. No private person is named."),
        error_messages={"required": _("Read it, and tick the box.")},
    )
