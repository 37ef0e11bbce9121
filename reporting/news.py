"""The verbs of news: an officer writes a line for the home page and the feed, and removes one."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from reporting.models import News
from scoreboard import activity, clock, public_pages, rehearsal, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import User
from scoreboard.text import one_line, require_storable


@transaction.atomic
def write(text: str, *, link: str = "", language: str = "", until: date | None = None, by: User) -> News:
    """Publish a line of news at once, on the home page until the end of a day if one is given; return it.

    Raises PermissionDenied; Invalid for an empty or long text, or a last day that is over; NotNow in the rehearsal.
    """
    rules.require(by, "write_news")
    if rehearsal.is_on():
        raise NotNow(_("Nothing of a rehearsal is published. Write news in the real portal."))
    text = one_line(text, keep_joiners=True)
    if not text:
        raise Invalid(_("Type the line of news."))
    require_storable(text, News.LENGTH)
    if until and until < clock.today():
        raise Invalid(_("The last day on the home page is over already."))
    language = language or settings.LANGUAGE_CODE
    news = News.objects.create(text=text, link=link, language=language, until=until, by=by, written_at=clock.now())
    public_pages.change()
    activity.record(Verb.WRITE_NEWS, by=by, detail=str(news.pk))
    return news


@transaction.atomic
def remove(news: News, *, by: User) -> News:
    """Take a line of news from the home page and the feed. Raises PermissionDenied, NotNow if that is done already."""
    rules.require(by, "write_news")
    news = News.objects.select_for_update(of=("self",)).get(pk=news.pk)
    if news.removed_at:
        raise NotNow(_("Somebody has removed this line already."))
    news.removed_at, news.removed_by = clock.now(), by
    news.save(update_fields=["removed_at", "removed_by"])
    public_pages.change()
    activity.record(Verb.REMOVE_NEWS, by=by, detail=str(news.pk))
    return news
