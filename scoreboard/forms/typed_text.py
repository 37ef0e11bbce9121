"""What every form of the portal does with typed text before its fields look at it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from scoreboard.text import one_line, stripped


class TypedText:
    """Mixed into a form: its fields of one line drop invisible characters, and blank texts of several are empty.

    Passwords, and whatever else says `strip=False`, stay as they were typed.
    """

    def full_clean(self) -> None:
        """Make the fields take tidy text, then clean as forms do."""
        for field in self.fields.values():  # type: ignore[attr-defined]  # of the form that this is mixed into
            tidy(field)
        super().full_clean()  # type: ignore[misc]


class Form(TypedText, forms.Form):
    """A form of the portal."""


class ModelForm(TypedText, forms.ModelForm):
    """A form of the portal that writes a model's fields."""


def tidy(field: forms.Field) -> None:
    """Let a form's field take its text as `one_line` or, where it has several lines, `stripped` returns it.

    The parts of a field that has several, such as a title in several languages, are words to read: they keep the
    characters that join letters. A number that no database holds is refused like any other wrong choice.
    """
    whole = type(field).clean

    def clean(value: Any, *others: Any) -> Any:
        try:
            return whole(field, _tidied(field, value), *others)
        except OverflowError:  # a number that no database holds is none of the choices
            raise forms.ValidationError(_("Choose from the list.")) from None

    if getattr(field, "strip", True):
        field.clean = clean  # type: ignore[method-assign]


def _tidied(field: forms.Field, value: Any) -> Any:
    if isinstance(field, forms.MultiValueField) and isinstance(value, list):
        several = [isinstance(widget, forms.Textarea) for widget in field.widget.widgets]
        return [
            (stripped(part) if long else one_line(part, keep_joiners=True)) if isinstance(part, str) else part
            for part, long in zip(value, several, strict=True)
        ]
    if not isinstance(value, str):
        return value
    return stripped(value) if isinstance(field.widget, forms.Textarea) else one_line(value)
