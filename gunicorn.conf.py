"""The application server's settings: the same in the demo, in the container and by hand."""

import gc
from typing import Any

workers = 2
# Threads, so that somebody on a slow line holds one of sixteen places and not one of two. They are for the time that a
# request waits; a proxy that collects slow requests belongs in front all the same (docs/deploy/nginx.conf).
worker_class = "gthread"
threads = 8
# How long a worker may give no sign of life. With threads that is the whole process, not a request: a slow upload or
# download goes on for as long as it needs.
timeout = 60
graceful_timeout = 30  # what is under way at a restart may end
keepalive = 5
control_socket_disable = True  # nothing here talks to it, and it would need a writable home


def post_worker_init(worker: Any) -> None:
    """Load what every request uses, and leave it out of garbage collection, which would look through it all each time.

    In each worker once the portal is loaded, not before they fork: with `preload_app` a reload (HUP) would go on with
    the old code.
    """
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - imports the views
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in folder.rglob("*.html"):
            get_template(str(path.relative_to(folder)))
    gc.collect()
    gc.freeze()
