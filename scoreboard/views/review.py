"""Placeholder until the views stand."""

from django.http import Http404


def queue(request, **kwargs):
    raise Http404


def review(request, **kwargs):
    raise Http404


def claim(request, **kwargs):
    raise Http404


def release(request, **kwargs):
    raise Http404


def flag(request, **kwargs):
    raise Http404


def return_for_changes(request, **kwargs):
    raise Http404


def accept(request, **kwargs):
    raise Http404


def reopen(request, **kwargs):
    raise Http404


def extend(request, **kwargs):
    raise Http404
