"""The verbs of resources: members propose them, officers add, check and publish them, everybody uses them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import F, Sum
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, public_pages, rehearsal, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.evidence import attaching
from scoreboard.evidence.uploads import check_file, check_link, clean_name
from scoreboard.mail import notifications
from scoreboard.models import Resource, ResourceFile, ResourceUse, Role, User
from scoreboard.text import folded, one_line, require_storable, required, stripped

MAX_FILES = 10  # of one resource
LONGEST = 2_000  # characters of the summary
OVER_DAYS = 365  # for which a resource that is not published is stored after the decision

State = Resource.State
TEXTS = ("kind", "title", "summary", "url", "email", "language", "audience", "licence")


def lock(resource: Resource) -> Resource:
    """Return the resource read again and locked until the transaction ends."""
    return Resource.objects.select_related("proposed_by").select_for_update(of=("self",)).get(pk=resource.pk)


@transaction.atomic
def propose(values: Mapping[str, Any], *, by: User, is_example: bool = False) -> Resource:
    """Propose a resource, given by its fields (TEXTS, `indicators` and `areas`); return it.

    One that an officer adds is published at once if it has a link or an address; otherwise its files come first.
    Officers get a mail about what others propose. Raises PermissionDenied, NotNow in the rehearsal, Invalid for what
    cannot be stored.
    """
    rules.require_any(by, "propose_resource")
    if rehearsal.is_on():
        raise NotNow(_("Nothing of a rehearsal is published. Add resources in the real portal."))
    resource = Resource(proposed_by=by, changed_by=by, is_example=is_example)
    _put(resource, values, by)
    activity.record(Verb.PROPOSE_RESOURCE, by=by, detail=str(resource.pk))
    if not rules.may(by, "check_resource"):
        _notify("resource_proposed", resource, list(notifications.holders(role=Role.SECRETARIAT)), by)
    elif resource.url or resource.email:
        _publish(resource, by)
    return resource


@transaction.atomic
def save(resource: Resource, values: Mapping[str, Any], *, seen: int, by: User) -> Resource:
    """Change a resource: officers at any time, who proposed it until it is decided. Return it.

    Raises PermissionDenied, NotNow once it is decided, Stale if somebody changed it after revision `seen`, Invalid for
    what cannot be stored.
    """
    resource = lock(resource)
    require_writer(resource, by)
    if resource.revision != seen:
        sentence = _("%s changed it after you opened it. Both are below: put them together, then save again.")
        raise Stale(sentence % resource.changed_by, current=resource)
    if resource.url != one_line(values["url"]):
        resource.link_failures, resource.link_checked_at = 0, None
    _put(resource, values, by)
    if resource.is_published:
        require_content(resource)
        public_pages.change()
    activity.record(Verb.SAVE_RESOURCE, by=by, detail=str(resource.pk))
    return resource


@transaction.atomic
def publish(resource: Resource, *, seen: int, by: User) -> Resource:
    """Publish what was proposed, refused or withdrawn; who proposed it gets a mail. Repeating it is harmless.

    Raises PermissionDenied, Stale if it changed after revision `seen`, Invalid without a link, file or address.
    """
    resource = lock(resource)
    rules.require(by, "check_resource")
    if resource.is_published:
        return resource
    if resource.revision != seen:
        raise Stale(_("%s changed it after you opened it. Read it again first.") % resource.changed_by)
    require_content(resource)
    _publish(resource, by)
    _notify("resource_published", resource, [resource.proposed_by], by)
    return resource


@transaction.atomic
def refuse(resource: Resource, *, reason: str, by: User) -> Resource:
    """Do not publish what was proposed, with a reason that its proposer gets by mail.

    Raises PermissionDenied, NotNow unless it is proposed, Invalid without a reason.
    """
    resource = lock(resource)
    rules.require(by, "check_resource")
    require_proposed(resource)
    reason = required(reason, _("Give the reason: who proposed it reads it."))
    _decide(resource, State.REFUSED, by, reason)
    activity.record(Verb.REFUSE_RESOURCE, by=by, detail=str(resource.pk))
    _notify("resource_refused", resource, [resource.proposed_by], by, reason)
    return resource


@transaction.atomic
def withdraw(resource: Resource, *, reason: str, by: User) -> Resource:
    """End the publication of a resource, with a reason. Who proposed it gets a mail.

    Raises PermissionDenied, NotNow unless it is published, Invalid without a reason.
    """
    resource = lock(resource)
    rules.require(by, "check_resource")
    require_published(resource)
    reason = required(reason, _("Give the reason: who proposed it reads it."))
    _decide(resource, State.WITHDRAWN, by, reason)
    public_pages.change()
    activity.record(Verb.WITHDRAW_RESOURCE, by=by, detail=str(resource.pk))
    _notify("resource_withdrawn", resource, [resource.proposed_by], by, reason)
    return resource


def add_file(resource: Resource, file: "File[bytes]", *, by: User) -> ResourceFile:
    """Add a file, which is published with the resource; return it. Raises as `save` does, without Stale."""
    require_writer(resource, by)  # before the file is read, and again within the lock
    _require_bytes(by, clean_name(file.name or ""), file.size)
    return _attach(resource, check_file(file), by)


@transaction.atomic
def _attach(resource: Resource, checked: Any, by: User) -> ResourceFile:
    resource = lock(resource)
    require_writer(resource, by)
    present = resource.files.all()
    if present.count() >= MAX_FILES:
        raise Invalid(_("A resource holds at most %s files. Remove one first.") % MAX_FILES)
    if twin := present.filter(sha256=checked.sha256).first():
        raise Invalid(_("“%(name)s” is here already, as “%(twin)s”.") % {"name": checked.name, "twin": twin.name})
    _require_bytes(by, checked.name, checked.size)
    piece = ResourceFile(resource=resource, added_by=by, added_at=clock.now())
    for name in ("name", "content_type", "size", "sha256"):
        setattr(piece, name, getattr(checked, name))
    piece.file = checked.file.file
    attaching.store(piece)
    _changed(resource, by)
    return piece


@transaction.atomic
def remove_file(piece: ResourceFile, *, by: User) -> None:
    """Delete a file of a resource. Raises as `save` does, Invalid for the last content of what is published."""
    resource = lock(piece.resource)
    require_writer(resource, by)
    found = ResourceFile.objects.filter(pk=piece.pk)
    if found:
        attaching.delete_with_files(found)
        if resource.is_published:
            require_content(resource)
        _changed(resource, by)


def count_use(resource: Resource) -> None:
    """Count that somebody opened a published resource; nobody's name or address is stored."""
    month = clock.today().replace(day=1)
    if not ResourceUse.objects.filter(resource=resource, month=month).update(count=F("count") + 1):
        with transaction.atomic():
            ResourceUse.objects.get_or_create(resource=resource, month=month)
            ResourceUse.objects.filter(resource=resource, month=month).update(count=F("count") + 1)


def require_writer(resource: Resource, by: User) -> None:
    """Raise PermissionDenied (403) unless the person may change it, NotNow for a proposal that is decided."""
    if rules.may(by, "check_resource"):
        return
    rules.require_any(by, "propose_resource")
    if resource.proposed_by_id != by.pk:
        rules.require(by, "check_resource")
    require_proposed(resource)


def require_proposed(resource: Resource) -> None:
    """Raise NotNow once it is decided."""
    if resource.state != State.PROPOSED:
        raise NotNow(_("The Secretariat has decided on this resource."))


def require_published(resource: Resource) -> None:
    """Raise NotNow unless it is published."""
    if not resource.is_published:
        raise NotNow(_("It is not published."))


def require_content(resource: Resource) -> None:
    """Raise Invalid unless it has a link, a file, or the address of an institution."""
    if not (resource.url or resource.email or resource.files.exists()):
        raise Invalid(_("Give a link, a file, or the e-mail address of an institution: without one it leads nowhere."))


def delete_old() -> int:
    """Delete what was refused or withdrawn, with its files, OVER_DAYS after the decision; return how many."""
    last = clock.now() - timedelta(days=OVER_DAYS)
    over = Resource.objects.filter(state__in=(State.REFUSED, State.WITHDRAWN), decided_at__lt=last)
    with transaction.atomic():
        old = list(over.select_for_update(of=("self",)))
        for resource in old:
            attaching.delete_with_files(resource.files.all())
            resource.delete()
    return len(old)


def _put(resource: Resource, values: Mapping[str, Any], by: User) -> None:
    for name in TEXTS:
        text = str(values.get(name, ""))
        setattr(resource, name, stripped(text) if name == "summary" else one_line(text, keep_joiners=True))
    if not resource.title:
        raise Invalid(_("Title: say what it is called."))
    require_storable(resource.title, 200)
    require_storable(resource.summary, LONGEST)
    require_storable(resource.licence, 100)
    if resource.url:
        resource.url = check_link(resource.url).url
    resource.folded = folded(resource.title, resource.summary)
    _changed(resource, by, saved=False)
    resource.save()
    resource.indicators.set(values.get("indicators", ()))
    resource.areas.set(values.get("areas", ()))


def _changed(resource: Resource, by: User, *, saved: bool = True) -> None:
    resource.revision += 1
    resource.changed_by, resource.changed_at = by, clock.now()
    if saved:
        resource.save(update_fields=["revision", "changed_by", "changed_at"])
        activity.record(Verb.SAVE_RESOURCE, by=by, detail=str(resource.pk))
        if resource.is_published:
            public_pages.change()


def _publish(resource: Resource, by: User) -> None:
    _decide(resource, State.PUBLISHED, by, "")
    public_pages.change()
    activity.record(Verb.PUBLISH_RESOURCE, by=by, detail=str(resource.pk))


def _decide(resource: Resource, state: str, by: User, reason: str) -> None:
    require_storable(reason)
    resource.state, resource.reason = state, reason
    resource.decided_by, resource.decided_at = by, clock.now()
    resource.save(update_fields=["state", "reason", "decided_by", "decided_at"])


def _require_bytes(by: User, name: str, size: int) -> None:
    """Raise Invalid unless a member's files have room for one more of this size; officers have no limit."""
    stored = ResourceFile.objects.filter(added_by=by).aggregate(bytes=Sum("size"))["bytes"] or 0
    left = max(0, settings.EVIDENCE_QUOTA - stored)
    if size > left and not rules.may(by, "check_resource"):
        words = {"name": name, "left": filesizeformat(left)}
        raise Invalid(_("“%(name)s” does not fit: %(left)s are left for your files. Give a link to it.") % words)


def _notify(event: str, resource: Resource, people: list[User], by: User, text: str = "") -> None:
    link = settings.SITE_URL + reverse("resource", args=[resource.pk])
    for person in people:
        if person != by and person.is_active:
            notifications.notify_account(person, event, by=by, resource=resource, text=text, link=link)
