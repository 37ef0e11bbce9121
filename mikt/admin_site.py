"""The administration: its name, the portal's own sign-in and password pages, and only the models an operator needs."""

from functools import wraps

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.decorators import login_not_required
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView


class Site(AdminSite):
    """People sign in and change their password on the portal's pages, with their limits and checks.

    Every page asks administrators who signed in a while ago to prove again who they are.
    """

    site_title = settings.PORTAL_NAME
    index_title = gettext_lazy("Administration")

    def each_context(self, request):
        header = _("%(portal)s: administration") % {"portal": settings.PORTAL_NAME}
        return super().each_context(request) | {"site_header": header}

    def admin_view(self, view, cacheable=False):
        from scoreboard.http import require_recent_sign_in

        page = super().admin_view(view, cacheable)

        @wraps(page)
        def confirmed(request, *args, **kwargs):
            if self.has_permission(request) and view != self.logout:
                require_recent_sign_in(request)
            return page(request, *args, **kwargs)

        return confirmed

    def get_urls(self):
        return [path("health/", self.admin_view(self.health), name="doctor"), *super().get_urls()]

    def health(self, request):
        """Show the state of the portal: what `manage.py doctor` finds, and which proxies this request passed."""
        from mikt.operations import doctor

        findings = [*doctor.examine(), doctor.proxies(request)]
        context = {
            **self.each_context(request),
            "title": _("State of the portal"),
            "findings": findings,
            "worst": max((one.state for one in findings), key=list(doctor.State).index),
        }
        return TemplateResponse(request, "admin/doctor.html", context)

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        from allauth.account.decorators import secure_admin_login

        return secure_admin_login(super().login)(request, extra_context)

    def password_change(self, request, extra_context=None):
        return RedirectView.as_view(pattern_name="account_change_password")(request)


class Administration(AdminConfig):
    """Django's administration with our site; imports of models wait until all apps are loaded."""

    default_site = "mikt.admin_site.Site"

    def ready(self) -> None:
        """Find every app's administration, then remove models that would bypass ours.

        Permissions are not given by group (see `User.has_perm`), an address is changed with its person, SITE_URL names
        the site, and nobody sees or changes another's second factor or sessions.
        """
        super().ready()
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from allauth.usersessions.models import UserSession
        from django.contrib import admin
        from django.contrib.auth.models import Group
        from django.contrib.sites.models import Site

        admin.site.unregister([Group, EmailAddress, Site, Authenticator, UserSession])
