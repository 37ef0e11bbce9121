"""The people of the demo: an account for every role, and for every country a focal point and a contributor."""

from typing import Any

from django.contrib.auth.hashers import make_password

from scoreboard.models import Country, CountryGroup, GroupMembership, Membership, Organisation, Role, User

PASSWORD = "scoreboard-demo"  # noqa: S105 - published on purpose; the command refuses to run outside the demo


class Cast:
    """The people of the demo, who all share one published password."""

    def __init__(self, organisations: list[dict[str, Any]]) -> None:
        self._password = make_password(PASSWORD)
        observers = [self._organisation(part["name"]["en"], part["kind"]) for part in organisations]
        secretariats = list(Organisation.objects.filter(kind=Organisation.Kind.SECRETARIAT).order_by("name"))
        self._person("admin", "Example Administrator", is_staff=True, is_superuser=True)
        officers = {"secretariat": secretariats[-1], "secretariat2": secretariats[0]}
        for account, organisation in officers.items():
            self._person(account, f"Example Officer, {organisation.name}", Role.SECRETARIAT, organisation=organisation)
        self._person("analyst", "Example Analyst", Role.ANALYST)
        self._person("observer", "Example Observer", Role.OBSERVER, organisation=observers[0])
        for country in Country.objects.all():
            code, name = country.iso2.lower(), country.name.localize("en")
            self._person(f"focal.{code}", f"Example Focal Point of {name}", Role.FOCAL, country=country)
            self._person(f"contributor.{code}", f"Example Contributor of {name}", Role.CONTRIBUTOR, country=country)
        self.observer, self.observing = User.objects.get(email="observer@example.org"), observers[0]
        self.officer = User.objects.get(email="secretariat@example.org")
        self.analyst = User.objects.get(email="analyst@example.org")
        self.colleague = User.objects.get(email="secretariat2@example.org")

    def focal(self, country: Country) -> User:
        """Return the country's focal point."""
        return User.objects.get(email=f"focal.{country.iso2.lower()}@example.org")

    def contributor(self, country: Country) -> User:
        """Return the country's contributor."""
        return User.objects.get(email=f"contributor.{country.iso2.lower()}@example.org")

    def with_password(self, person: User) -> User:
        """Return somebody who was invited, with the password of all."""
        User.objects.filter(pk=person.pk).update(password=self._password)
        return User.objects.get(pk=person.pk)

    def _organisation(self, name: str, kind: str) -> Organisation:
        return Organisation.objects.get_or_create(name=name, defaults={"kind": kind})[0]

    def _person(self, account: str, name: str, role: Role | None = None, **fields: Any) -> None:
        where = {key: fields.pop(key) for key in ("country", "organisation") if key in fields}
        defaults = {"name": name, "password": self._password, **fields}
        person, created = User.objects.get_or_create(email=f"{account}@example.org", defaults=defaults)
        if not (created and role):
            return
        membership = Membership.objects.create(person=person, role=role, **where)
        if role == Role.FOCAL:  # of each network that the country belongs to
            own = GroupMembership.objects.in_force().filter(country=membership.country)
            membership.networks.set(CountryGroup.objects.networks().filter(memberships__in=own))
