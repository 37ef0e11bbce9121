"""The application server's settings: the same in the demo, in the container and by hand."""

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
