"""People with their memberships: who may come in, in which role, from when until when."""

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from scoreboard import invitations
from scoreboard.models import Mail, Membership, Organisation, User
from scoreboard.typed_text import ModelForm

from .reading import PortalAdmin


class PersonForm(ModelForm):
    class Meta:
        model = User
        fields = ["email", "name", "is_active", "is_staff"]
        help_texts = {"is_staff": _("Looks after people, countries and editions here; cannot change answers.")}

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class MembershipInline(admin.StackedInline):
    model = Membership
    form = ModelForm
    extra = 0

    def get_queryset(self, request) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("country", "organisation")


@admin.register(User)
class PersonAdmin(PortalAdmin):
    """A new person gets a link to set a password by mail; whoever wrote something is deactivated, not deleted."""

    form = PersonForm
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
        return ["email", "name", "is_active", "is_staff", "last_login", "date_joined"]

    def get_readonly_fields(self, request, obj: User | None = None) -> list[str]:
        own = ["is_active", "is_staff"] if obj == request.user else []  # nobody locks themselves out
        return ["last_login", "date_joined", *own]

    def get_inlines(self, request, obj: User | None = None) -> list[Any]:
        return self.inlines if obj else []

    def save_model(self, request, obj: User, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            invitations.invite(obj, by=request.user)
            self.message_user(request, _("A link to set a password will be sent to %s.") % obj.email)
        elif "email" in form.changed_data:
            # allauth keeps addresses of its own, and would still let the old one in.
            EmailAddress.objects.filter(user=obj).delete()

    def response_add(self, request, obj: User, post_url_continue: str | None = None):
        """Go on to the person's own page: they need a membership next."""
        request.POST = request.POST | {"_continue": "1"}
        return super().response_add(request, obj, post_url_continue)

    @admin.action(description=_("Send the link to set a password again"))
    def send_link(self, request, people: QuerySet[User]) -> None:
        active = people.filter(is_active=True)
        for person in active:
            invitations.invite(person, by=request.user)
        told = ngettext("%s link will be sent.", "%s links will be sent.", len(active)) % len(active)
        self.message_user(request, told, messages.SUCCESS)
        if left_out := people.filter(is_active=False):
            names = ", ".join(str(person) for person in left_out)
            self.message_user(request, _("Not active, and therefore without a link: %s.") % names, messages.WARNING)

    def get_deleted_objects(self, objs: Any, request) -> Any:
        """Mails go with their reader although nobody deletes a mail; an administrator's log keeps its author."""
        to_delete, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        protected += map(str, LogEntry.objects.filter(user__in=[person.pk for person in objs]))
        return to_delete, counts, set() if protected else forbidden - {Mail._meta.verbose_name}, protected


@admin.register(Membership)
class MembershipAdmin(PortalAdmin):
    list_display = ["person", "role", "country", "organisation", "since", "until"]
    list_filter = ["role", "organisation", "country"]
    list_select_related = ["person", "country", "organisation"]
    search_fields = ["person__name", "person__email"]


@admin.register(Organisation)
class OrganisationAdmin(PortalAdmin):
    list_display = ["name", "short_name", "kind"]
    list_filter = ["kind"]
    search_fields = ["name", "short_name"]
