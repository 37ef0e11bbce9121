"""Planned downtime: notices on every page for a time, and pages that can be read while nothing is saved."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from scoreboard import clock
from scoreboard.models import ActivityEntry, Answer, SiteNotice
from tests.factories import a_person
from tests.pages import Page

pytestmark = pytest.mark.django_db


def write(client, text, begins, ends):
    fields = {"text": text}
    for name, moment in (("shown_from", begins), ("shown_until", ends)):
        fields |= {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M:%S}"}
    return client.post(reverse("admin:scoreboard_sitenotice_add"), fields)


def test_a_notice_is_on_every_page_for_its_time_and_no_longer(sign_in, focal, draft):
    admin, now = sign_in(a_person(name="Ada", is_staff=True)), clock.now()
    assert "Saturday" not in Page(Client().get("/")).text  # now it is stored
    assert write(admin, "On Saturday nothing is saved.", now, now + timedelta(hours=2)).status_code == 302
    pages = {"/": Client(), "/accounts/help/": Client(), f"/submissions/{draft.pk}/areas/P/": sign_in(focal)}
    for path, client in pages.items():
        assert "On Saturday nothing is saved." in Page(client.get(path)).text, path
    with clock.at(now + timedelta(hours=3)):
        for path, client in pages.items():
            assert "Saturday" not in Page(client.get(path)).text, path
    entry = ActivityEntry.objects.order_by("-pk").first()
    assert (entry.verb, entry.detail) == ("administer", f"sitenotice {SiteNotice.objects.get().pk}")
    SiteNotice.objects.update(shown_from=now - timedelta(hours=1))
    path = reverse("admin:scoreboard_sitenotice_delete", args=[SiteNotice.objects.get().pk])
    assert admin.post(path, {"post": "yes"}).status_code == 302
    assert "Saturday" not in Page(Client().get("/")).text


def test_a_notice_ends_after_it_begins(sign_in):
    admin, now = sign_in(a_person(name="Ada", is_staff=True)), clock.now()
    page = Page(write(admin, "Soon.", now, now - timedelta(hours=1)))
    assert "The notice must end after it begins." in page.text
    with pytest.raises(ValidationError, match="must end after"):
        SiteNotice(text="Soon.", shown_from=now, shown_until=now).full_clean()


class TestReadOnly:
    @pytest.fixture(autouse=True)
    def on(self, settings):
        settings.READ_ONLY = True

    def test_pages_are_read(self, sign_in, focal, draft):
        page = Page(sign_in(focal).get(f"/submissions/{draft.pk}/areas/P/"))
        assert "Maintenance. Pages can be read; nothing is saved until it is over." in page.text
        assert Client().get("/").status_code == 200

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_nothing_is_saved_and_a_sentence_says_so(self, sign_in, focal, draft, method):
        response = getattr(sign_in(focal), method)(f"/submissions/{draft.pk}/areas/P/", {"iP1-comment": "Text"})
        assert (response.status_code, response["Retry-After"]) == (503, "300")
        assert "The portal is being maintained and saves nothing at the moment." in Page(response).text
        assert not Answer.objects.exists()

    def test_scripts_get_the_sentence_as_data(self, sign_in, focal, draft):
        client = sign_in(focal)
        response = client.post(f"/submissions/{draft.pk}/save/", {}, headers={"Accept": "application/json"})
        assert response.status_code == 503
        assert response.json()["sentence"].startswith("The portal is being maintained")

    def test_the_sentence_is_in_the_reader_s_language(self, settings):
        settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
        response = Client().post("/accounts/login/", {}, headers={"Accept-Language": "ar"})
        assert 'dir="rtl"' in response.content.decode()
