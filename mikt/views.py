"""The pages that span both apps: home and health, and the portal's own words."""

from django.http import Http404, JsonResponse


def home(request):
    raise Http404


def health(request):
    return JsonResponse({})


def privacy(request):
    raise Http404


def help_page(request):
    raise Http404


def set_language(request):
    raise Http404
