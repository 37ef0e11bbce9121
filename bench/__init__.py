"""What `make bench` measures; Django is set up here, as processes that a bench starts begin with this package."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mikt.settings")
django.setup()
