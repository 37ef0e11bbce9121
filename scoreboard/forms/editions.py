"""Forms of editions: importing a file, duplicating, and editing texts in several languages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.typed_text import Form
from scoreboard.models import Edition
from scoreboard.models.cycles import FIRST_YEAR, LAST_YEAR
from scoreboard.questionnaire import editing, importing
from scoreboard.questionnaire import file as edition_file
from scoreboard.questionnaire.file import EditionError


class ImportForm(Form):
    """A file; its text is sent with the confirmation and checked again there."""

    file = forms.FileField(label=_("Edition file, YAML or JSON"), required=False)
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        """Add the `document` and the `preview` of importing it."""
        data = super().clean() or {}
        if not data.get("file") and not data.get("text"):
            raise forms.ValidationError(_("Choose a file."))
        try:
            document = edition_file.read_edition(data["file"].read() if data.get("file") else data["text"].encode())
            return data | {"document": document, "preview": importing.preview(document)}
        except EditionError as error:
            raise forms.ValidationError(list(error.problems)) from error


class DuplicateForm(Form):
    """The code and year of a new edition."""

    code = forms.SlugField(
        label=_("Code"),
        help_text=_("Short and lasting, for addresses and files: scoreboard-2029."),
        max_length=40,
        error_messages={"required": _("Give the new edition a code.")},
    )
    year = forms.IntegerField(
        label=_("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={"required": _("Give the year of the new edition.")},
    )


class TextsForm(Form):
    """The texts of a part of an edition, a field for each language."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, edition: Edition, parts: list[editing.Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition, self.parts = edition, parts
        self.initial["seen"] = str(edition.stamp)
        for text in self._texts():
            for language in edition.languages:
                widget = forms.Textarea(attrs={"rows": 3}) if text.long else forms.TextInput()
                widget.attrs |= {"lang": language, "dir": "auto"}
                label = f"{text.label} ({language})" if len(edition.languages) > 1 else text.label
                field = forms.CharField(label=label, required=text.required, widget=widget, max_length=20_000)
                field.error_messages["required"] = _("Give the text, in each language.")
                self.fields[f"{text.place}:{language}"] = field
                self.initial[f"{text.place}:{language}"] = text.words.get(language, "")

    def _texts(self) -> list[editing.Text]:
        return [text for part in self.parts for text in part.texts]

    @property
    def words(self) -> dict[str, editing.Texts]:
        """What was typed, by place and language."""
        typed: dict[str, editing.Texts] = {text.place: {} for text in self._texts()}
        for name, value in self.cleaned_data.items():
            if name != "seen":
                place, language = name.rsplit(":", 1)
                typed[place][language] = value
        return typed

    def by_part(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields of each part with its title."""
        return [
            (part.title, [self[f"{text.place}:{lang}"] for text in part.texts for lang in self.edition.languages])
            for part in self.parts
        ]
