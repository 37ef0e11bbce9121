"""The administration as a site: its name, and the portal's own ways in and out."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView


class Site(AdminSite):
    """People sign in on the portal's page, with its limits and checks, and change their password on its page."""

    site_header = _("%(portal)s: administration") % {"portal": settings.PORTAL_NAME}
    site_title = settings.PORTAL_NAME
    index_title = _("Administration")

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        return secure_admin_login(super().login)(request, extra_context)

    def password_change(self, request, extra_context=None):
        return RedirectView.as_view(pattern_name="account_change_password")(request)
