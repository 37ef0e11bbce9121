"""The forms of the account pages, with the portal's labels."""

from typing import Any

from allauth.account import forms
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms as django_forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from scoreboard.activity import Verb, refusals
from scoreboard.forms.typed_text import Form, TypedText
from scoreboard.mail.preferences import Kind
from scoreboard.models import Scope, User
from scoreboard.people import invitations, tokens

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "remember": _("Keep me signed in on this device"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
    "code": _("Code"),
    "name": _("Name of the passkey"),
    "passwordless": _("Sign in with this passkey alone, without a password"),
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
    def save(self) -> None:
        if not self.user.has_usable_password():
            invitations.withdraw_lapsed(self.user)
        super().save()


class SignInAgain(Relabelled, forms.ReauthenticateForm):
    pass


class Counted(Relabelled):
    """Counts each wrong code as a failed sign-in of the person, whose password was right."""

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())  # type: ignore[misc]  # provided by the form
        except django_forms.ValidationError:
            refusals.count(Verb.FAILED_SIGN_IN, person=self.user)  # type: ignore[attr-defined]  # provided by the form
            raise


class Code(Counted, factor_forms.AuthenticateForm):
    pass


class CodeAgain(Counted, factor_forms.ReauthenticateForm):
    pass


class FirstCode(Relabelled, totp_forms.ActivateTOTPForm):
    pass


class NewPasskey(Relabelled, passkey_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].help_text = _("The device then asks for a fingerprint, a face or a PIN.")


class RenamePasskey(Relabelled, passkey_forms.EditWebAuthnForm):
    pass


class Profile(Form):
    """The person's name, the language of pages and mails, and which mails they want beyond the compulsory ones."""

    name = django_forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=django_forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Everything that you wrote shows it. The Secretariat gets an e-mail about a new name."),
        error_messages={"required": _("Type your name.")},
    )
    language = django_forms.ChoiceField(label=_("Language of pages and e-mails"))
    mails = django_forms.MultipleChoiceField(
        label=_("E-mails that you want besides"),
        choices=Kind.choices,
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
        help_text=_("E-mails that ask you for something, or are about your account, are always sent."),
    )

    def __init__(self, person: User, data: Any = None) -> None:
        wanted = [kind for kind in Kind.values if kind not in person.unwanted_mails]
        initial = {"name": person.name, "language": person.language or settings.LANGUAGE_CODE, "mails": wanted}
        super().__init__(data, initial=initial)
        language: Any = self.fields["language"]
        language.choices = settings.LANGUAGES
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]


class NewToken(Form):
    """A token for a program: its name, what it is for, and until when it works."""

    name = django_forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("Such as the program that will use it, so that you know later which to end."),
        error_messages={"required": _("Give the token a name, such as the program that will use it.")},
    )
    scopes = django_forms.MultipleChoiceField(
        label=_("What it is for"),
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
        help_text=_("What is public, every token reads. None does what your roles do not allow at that moment."),
    )
    days = django_forms.TypedChoiceField(
        label=_("It works for"), choices=[(days, _("%s days") % days) for days in (30, 90, 180, 365)], coerce=int
    )

    def __init__(self, person: User, data: Any = None) -> None:
        super().__init__(data, initial={"scopes": [Scope.READ.value], "days": 90})
        scopes: Any = self.fields["scopes"]
        scopes.choices = [(scope.value, scope.label) for scope in tokens.scopes_for(person)]
