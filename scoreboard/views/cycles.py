"""Placeholder until the views stand."""

from django.http import Http404


def cycle_list(request, **kwargs):
    raise Http404


def new(request, **kwargs):
    raise Http404


def board(request, **kwargs):
    raise Http404


def edit(request, **kwargs):
    raise Http404


def open_cycle(request, **kwargs):
    raise Http404
