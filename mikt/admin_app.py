"""The administration as an app: our site in the place of Django's, and only what an operator needs on it."""

from django.contrib.admin.apps import AdminConfig


class Administration(AdminConfig):
    default_site = "mikt.admin_site.Site"

    def ready(self) -> None:
        """Find every app's administration, then take off what would go past ours.

        Permissions are not given by group (see `User.has_perm`), an address is changed with its person, and SITE_URL
        names the site.
        """
        super().ready()
        from allauth.account.models import EmailAddress
        from django.contrib import admin
        from django.contrib.auth.models import Group
        from django.contrib.sites.models import Site

        admin.site.unregister([Group, EmailAddress, Site])
