"""The application server's settings: the same in the demo, in the container and by hand."""

workers = 2  # synchronous ones: measured faster here than threads
control_socket_disable = True  # nothing here talks to it, and it would need a writable home
