"""People with their memberships: role, country or organisation, from when until when."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, contributors
from scoreboard.admin.common import PortalAdmin, ReadOnlyAdmin, ReadOnlyInline
from scoreboard.errors import NotNow
from scoreboard.forms.typed_text import Form, ModelForm
from scoreboard.models import AddressChange, Mail, Membership, Organisation, Role, SecondFactorRemoval, User
from scoreboard.people import addresses, anonymising, invitations, second_factor
from scoreboard.text import MAX_TEXT

ACCEPTED = {"person", "role", "country", "organisation"}  # the fields that a person accepts


class PersonForm(ModelForm):
    class Meta:
        model = User
        fields = ["email", "name", "is_active", "is_staff"]
        help_texts = {
            "email": _(
                "Another address ends the sessions and the password of the person. The old address and the Secretariat "
                "get an e-mail, and a link to set a password goes to the new one."
            ),
            "is_staff": _(
                "Looks after people, countries and editions here; cannot change answers. Who has an account accepts "
                "first."
            ),
        }

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class RemovalForm(Form):
    """Why a lost second factor is removed."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("How you made sure who asked. The person and the Secretariat read it."),
        error_messages={"required": _("Say why the second factor is removed.")},
    )


class AnonymiseForm(Form):
    """That an administrator knows what anonymising does."""

    sure = forms.BooleanField(
        label=_("I know that this cannot be undone"),
        error_messages={"required": _("Tick that you know it: nobody can bring the name and address back.")},
    )


class MembershipForm(ModelForm):
    """A membership; contributors are asked by their country's focal points, with a part of the answers."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("role") == Role.CONTRIBUTOR and (self.instance.pk is None or is_given(self)):
            self.add_error("role", gettext("Contributors are invited by the focal points of their country alone."))
        if cleaned.get("role") == Role.GUEST and (self.instance.pk is None or is_given(self)):
            self.add_error("role", gettext("Guests are invited by officers alone, on the page of a space."))
        if cleaned.get("networks") and cleaned.get("role") != Role.FOCAL:
            self.add_error("networks", gettext("Only focal points are named for networks: leave the networks empty."))
        return cleaned


class MembershipInline(admin.StackedInline):
    model = Membership
    form = MembershipForm
    fk_name = "person"
    extra = 0
    readonly_fields = ["acceptance"]

    @admin.display(description=_("accepted"))
    def acceptance(self, membership: Membership) -> str:
        return acceptance(membership)

    def get_queryset(self, request) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("country", "organisation")


class OwnMembershipInline(ReadOnlyInline):
    """One's own roles, read-only: another administrator gives and changes them."""

    model = Membership
    fk_name = "person"
    fields = ["role", "country", "organisation", "since", "until"]


def is_given(form: forms.ModelForm) -> bool:
    """Return whether a changed membership must be accepted: another person, role or country, or one that had ended."""
    until = form.initial.get("until")
    return bool(ACCEPTED & set(form.changed_data)) or (until is not None and until < clock.today())


def acceptance(membership: Membership) -> str:
    """Return whether and when a membership was accepted, as text."""
    if membership.pk is None:
        return gettext("Who has an account accepts first.")
    if membership.accepted_at:
        return date_format(membership.accepted_at, "DATETIME_FORMAT")
    return gettext("Declined") if membership.declined_at else gettext("Not accepted yet")


@admin.register(User)
class PersonAdmin(PortalAdmin):
    """A new person gets a link to set a password by mail; people who wrote something are deactivated, not deleted."""

    form = PersonForm
    change_form_template = "admin/people/person.html"
    inlines = [MembershipInline]
    list_display = ["name", "email", "roles", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "memberships__role"]
    search_fields = ["name", "email"]
    actions = ["send_link"]

    def get_queryset(self, request) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("memberships__country", "memberships__organisation")

    @admin.display(description=_("memberships"))
    def roles(self, person: User) -> str:
        return ", ".join(str(membership) for membership in person.memberships.all())

    def get_fields(self, request, obj=None) -> list[Any]:
        if obj is None:
            return ["email", "name", "is_staff"]
        return ["email", "name", "is_active", "is_staff", "last_login", "date_joined", "link_sent_at"]

    def get_readonly_fields(self, request, obj: User | None = None) -> list[str]:
        # Administrators cannot lock themselves out or rename themselves; their address is changed on the account page.
        own = ["email", "name", "is_active", "is_staff"] if obj == request.user else []
        return ["last_login", "date_joined", "link_sent_at", *own]

    def get_inlines(self, request, obj: User | None = None) -> list[Any]:
        if obj == request.user:
            return [OwnMembershipInline]
        return self.inlines if obj else []

    def save_model(self, request, obj: User, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
            super().save_model(request, obj, form, change)
            invitations.invite(obj, by=request.user)
            self.message_user(request, _("A link to set a password will be sent to %s.") % obj.email)
            return
        new, made_staff = obj.email, "is_staff" in form.changed_data and obj.is_staff
        obj.email = form.initial.get("email", new)
        obj.is_staff = obj.is_staff and not made_staff
        super().save_model(request, obj, form, change)
        if "name" in form.changed_data:
            addresses.notify_of_name(obj, form.initial["name"], by=request.user)
        if made_staff and not invitations.give_administration(obj, by=request.user):
            self.message_user(request, _("%s is an administrator after accepting it; a mail says so.") % obj)
        if "email" in form.changed_data:
            from_ip = get_adapter(request).get_client_ip(request)
            changed = addresses.change_for(obj, new, by=request.user, from_ip=from_ip)
            obj.email = changed.new
            sentence = _(
                "The old address and the Secretariat get an e-mail, and a link to set a password is sent to %s."
            )
            self.message_user(request, sentence % new)

    def save_formset(self, request, form: forms.ModelForm, formset: Any, change: bool) -> None:
        """Offer new memberships, and those whose role or country has changed, to people with an account."""
        formset.save(commit=False)
        for membership in formset.deleted_objects:
            membership.delete()
        for membership in formset.new_objects:
            self.give(request, membership)
            if membership.until and membership.role == Role.CONTRIBUTOR:
                contributors.limit(membership)
        given = {one.instance.pk for one in formset.initial_forms if is_given(one)}
        for membership, changed in formset.changed_objects:
            self.give(request, membership) if membership.pk in given else membership.save()
            if "until" in changed and membership.role == Role.CONTRIBUTOR:
                contributors.limit(membership)
        formset.save_m2m()

    def give(self, request, membership: Membership) -> None:
        if not invitations.give_role(membership, by=request.user).accepted_at:
            self.message_user(request, _("%s counts after they accept it; a mail says so.") % membership)

    def construct_change_message(self, request, form: Any, formsets: Any, add: bool = False) -> Any:
        """Add the old and the new name to the administration's log."""
        message: list[Any] = super().construct_change_message(request, form, formsets, add)
        if not add and "name" in form.changed_data:
            names = f"{form.initial['name']} → {form.instance.name}"
            message.append({"changed": {"name": "name", "object": names, "fields": ["name"]}})
        return message

    def response_add(self, request, obj: User, post_url_continue: str | None = None):
        """Continue on the person's own page, to add a membership."""
        request.POST = request.POST | {"_continue": "1"}
        return super().response_add(request, obj, post_url_continue)

    def get_urls(self) -> list[URLPattern]:
        remove = self.admin_site.admin_view(self.remove_second_factor)
        anonymise = self.admin_site.admin_view(self.anonymise)
        return [
            path("<number:pk>/second-factor/", remove, name="second_factor_remove"),
            path("<number:pk>/anonymise/", anonymise, name="person_anonymise"),
            *super().get_urls(),
        ]

    def remove_second_factor(self, request, pk: int):
        """Ask for the reason, then remove the second factor that the person has lost."""
        person = self.get_object(request, str(pk))
        if person is None:
            self.message_user(request, _("There is no such person."), messages.ERROR)
            return self.response_post_save_change(request, person)
        form = RemovalForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            from_ip = get_adapter(request).get_client_ip(request)
            try:
                second_factor.remove(person, by=request.user, from_ip=from_ip, **form.cleaned_data)
            except NotNow as refusal:
                form.add_error(None, refusal.sentence)
            else:
                self.log_change(request, person, "second factor removed")
                sentence = _("The second factor of %s is removed. They and the Secretariat get an e-mail.")
                self.message_user(request, sentence % person, messages.SUCCESS)
                return self.response_post_save_change(request, person)
        context = {"title": _("Remove a lost second factor"), "opts": self.opts, "form": form, "person": person}
        context |= self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/people/remove_second_factor.html", context)

    def anonymise(self, request, pk: int):
        """Say what anonymising does, or why it cannot be done, then do it."""
        person = self.get_object(request, str(pk))
        if person is None:
            self.message_user(request, _("There is no such person."), messages.ERROR)
            return self.response_post_save_change(request, person)
        form = AnonymiseForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                person = anonymising.anonymise(person, by=request.user)
            except NotNow as refusal:
                form.add_error(None, refusal.sentence)
            else:
                self.log_change(request, person, "anonymised")
                self.message_user(request, _("The account is anonymised: %s.") % person, messages.SUCCESS)
                return self.response_post_save_change(request, person)
        context = {"title": _("Anonymise"), "opts": self.opts, "form": form, "person": person}
        context |= {"obstacle": anonymising.obstacle(person, by=request.user)}
        context |= self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/people/anonymise.html", context)

    @admin.action(description=_("Send the link to set a password again"))
    def send_link(self, request, people: QuerySet[User]) -> None:
        active = people.filter(is_active=True)
        for person in active:
            invitations.invite(person, by=request.user)
        sentence = ngettext("%s link will be sent.", "%s links will be sent.", len(active)) % len(active)
        self.message_user(request, sentence, messages.SUCCESS)
        if left_out := people.filter(is_active=False):
            names = ", ".join(str(person) for person in left_out)
            self.message_user(request, _("Not active, and therefore without a link: %s.") % names, messages.WARNING)

    def get_deleted_objects(self, objs: Any, request) -> Any:
        """Allow to delete a person with their mails; the author of the administration's log cannot be deleted."""
        to_delete, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        protected += map(str, LogEntry.objects.filter(user__in=[person.pk for person in objs]))
        return to_delete, counts, set() if protected else forbidden - {Mail._meta.verbose_name}, protected


@admin.register(Membership)
class MembershipAdmin(PortalAdmin):
    form = MembershipForm
    list_display = ["person", "role", "country", "organisation", "since", "until", "acceptance"]
    list_filter = ["role", "organisation", "country", ("accepted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "country", "organisation"]
    search_fields = ["person__name", "person__email"]
    readonly_fields = ["acceptance"]

    def has_change_permission(self, request, obj: Membership | None = None) -> bool:
        """Nobody changes their own role."""
        return super().has_change_permission(request, obj) and (obj is None or obj.person_id != request.user.pk)

    def formfield_for_foreignkey(self, db_field, request, **kwargs: Any) -> Any:
        if db_field.name == "person":
            kwargs["queryset"] = User.objects.exclude(pk=request.user.pk)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "person":
            field.error_messages["invalid_choice"] = invitations.no_role_for_oneself()
        return field

    @admin.display(description=_("accepted"), ordering="accepted_at")
    def acceptance(self, membership: Membership) -> str:
        return acceptance(membership)

    def save_model(self, request, obj: Membership, form: forms.ModelForm, change: bool) -> None:
        """Offer a new membership, or another role or country, to somebody with an account."""
        if change and not is_given(form):
            super().save_model(request, obj, form, change)
        elif not invitations.give_role(obj, by=request.user).accepted_at:
            self.message_user(request, _("%s counts after they accept it; a mail says so.") % obj)
        if "until" in form.changed_data and obj.role == Role.CONTRIBUTOR:
            contributors.limit(obj)


@admin.register(AddressChange)
class AddressChangeAdmin(ReadOnlyAdmin):
    """Who changed whose address, when and from where."""

    list_display = ["at", "person", "old", "new", "by", "from_ip"]
    list_select_related = ["person", "by"]
    search_fields = ["person__name", "old", "new"]


@admin.register(SecondFactorRemoval)
class SecondFactorRemovalAdmin(ReadOnlyAdmin):
    """Whose second factor was removed, by whom, why, when and from where."""

    list_display = ["at", "person", "by", "reason", "from_ip"]
    list_select_related = ["person", "by"]
    search_fields = ["person__name", "person__email"]


@admin.register(Organisation)
class OrganisationAdmin(PortalAdmin):
    list_display = ["name", "short_name", "kind"]
    list_filter = ["kind"]
    search_fields = ["name", "short_name"]
