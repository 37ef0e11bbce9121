"""Webhooks: writing messages with a step, sending them from the worker, and the verbs of administrators."""
