"""The forms of the account pages, with the portal's labels."""

from typing import Any

from allauth.account import forms
from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.typed_text import Form, TypedText

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "remember": _("Keep me signed in on this device"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
}


class Relabelled(TypedText):
    """Sets labels by the field's name and removes placeholders that repeat them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]  # provided by the form
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class SignIn(Relabelled, forms.LoginForm):
    pass


class NewAddress(Form):
    """The address that a person wants instead of theirs."""

    email = django_forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=django_forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Type the new address."),
            "invalid": _("Type an e-mail address such as name@ministry.example."),
        },
    )


class ChangePassword(Relabelled, forms.ChangePasswordForm):
    pass


class SetPassword(Relabelled, forms.SetPasswordForm):
    pass


class ForgottenPassword(Relabelled, forms.ResetPasswordForm):
    pass


class NewPassword(Relabelled, forms.ResetPasswordKeyForm):
    pass


class SignInAgain(Relabelled, forms.ReauthenticateForm):
    pass
