"""Placeholder until the views stand."""

from django.http import Http404


def report_list(request, **kwargs):
    raise Http404


def report(request, **kwargs):
    raise Http404


def country(request, **kwargs):
    raise Http404


def pdf(request, **kwargs):
    raise Http404
