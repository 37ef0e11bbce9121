"""Django's messages with a cookie of the portal's own name, which over https is bound to this host."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Messages in a cookie, as long as they fit."""

    cookie_name = settings.MESSAGE_COOKIE_NAME


class Storage(FallbackStorage):
    """The cookie first, the session for what does not fit."""

    storage_classes = (HostCookieStorage, SessionStorage)
