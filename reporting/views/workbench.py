"""Placeholder until the views stand."""

from django.http import Http404


def cycle(request, **kwargs):
    raise Http404


def consolidate(request, **kwargs):
    raise Http404


def build(request, **kwargs):
    raise Http404


def progress(request, **kwargs):
    raise Http404


def preview(request, **kwargs):
    raise Http404


def publish(request, **kwargs):
    raise Http404


def withdraw(request, **kwargs):
    raise Http404
