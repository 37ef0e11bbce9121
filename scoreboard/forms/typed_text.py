"""Base classes of the portal's forms, which clean typed text before their fields validate it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from scoreboard.text import one_line, stripped


class TypedText:
    """Mixin for forms: one-line fields lose invisible characters, and blank texts of several lines are empty.

    Passwords, and every field with `strip=False`, are unchanged.
    """

    def full_clean(self) -> None:
        """Wrap the fields to get clean text, then validate as forms do."""
        for field in self.fields.values():  # type: ignore[attr-defined]  # provided by the form
            tidy(field)
        super().full_clean()  # type: ignore[misc]


class Form(TypedText, forms.Form):
    """A form of the portal."""


class ModelForm(TypedText, forms.ModelForm):
    """A form of the portal that writes a model's fields."""


def tidy(field: forms.Field) -> None:
    """Make a form's field clean its text by `one_line` or, for several lines, by `stripped`.

    The parts of a field with several, such as a title in several languages, are prose: their joining characters are
    not removed. A number that no database stores is refused like any other wrong choice.
    """
    original = type(field).clean

    def clean(value: Any, *others: Any) -> Any:
        try:
            return original(field, _tidied(field, value), *others)
        except OverflowError:  # a number that no database stores is none of the choices
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
