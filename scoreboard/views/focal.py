"""Placeholder until the views stand."""

from django.http import Http404


def submission_list(request, **kwargs):
    raise Http404


def submission(request, **kwargs):
    raise Http404


def area(request, **kwargs):
    raise Http404


def gaps(request, **kwargs):
    raise Http404


def read(request, **kwargs):
    raise Http404


def submit(request, **kwargs):
    raise Http404


def recall(request, **kwargs):
    raise Http404


def history(request, **kwargs):
    raise Http404


def version(request, **kwargs):
    raise Http404
