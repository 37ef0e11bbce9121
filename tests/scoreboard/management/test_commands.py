"""What an operator types: editions, countries, mail and invitations on the command line."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from scoreboard.errors import Invalid
from scoreboard.models import (
    Country,
    CountryGroup,
    Edition,
    EditionChange,
    GroupMembership,
    Mail,
    Membership,
    Organisation,
    Role,
    User,
)
from scoreboard.people import invitations
from scoreboard.questionnaire import countries, file, importing
from tests import factories

pytestmark = pytest.mark.django_db

BROKEN = factories.ROOT / "tests/editions/broken"


def run(*command: str) -> str:
    """Run a command and return what it prints."""
    out = StringIO()
    call_command(*map(str, command), stdout=out)
    return out.getvalue()


def refused(*command: str) -> tuple[str, list[str]]:
    """Run a command that must fail; return its last word and what it prints as wrong."""
    err = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(*map(str, command), stderr=err)
    return str(caught.value), err.getvalue().splitlines()


class TestEditions:
    def test_check_counts_what_is_sound(self):
        assert run("check_edition", factories.SCOREBOARD) == "scoreboard-2017 is sound: 5 areas, 28 indicators.\n"
        assert not Edition.objects.exists()

    @pytest.mark.parametrize("command", ["check_edition", "import_edition"])
    def test_names_every_fault(self, command):
        assert refused(command, BROKEN / "missing-keys.yaml") == (
            "2 to correct; nothing was changed.",
            [
                "file: The key “short_title” is missing.",
                "areas[0].indicators[0].levels[1]: The key “text” is missing.",
            ],
        )
        last, _printed = refused(command, "/nowhere.yaml")
        assert last == "/nowhere.yaml: No such file or directory"

    def test_import_says_what_changed_and_by_whom(self, tmp_path):
        assert run("import_edition", factories.SCOREBOARD, "--check") == (
            "  file\nscoreboard-2017: 1 places would change.\n"
        )
        assert not Edition.objects.exists()
        run("import_edition", factories.SCOREBOARD)
        assert run("import_edition", factories.SCOREBOARD) == "scoreboard-2017: nothing to change.\n"
        assert EditionChange.objects.get().by is None
        path = tmp_path / "reworded.yaml"
        path.write_text(factories.SCOREBOARD.read_text().replace("Public awareness actions", "Public awareness"))
        assert run("import_edition", path) == "  areas[4].indicators[4].title\nscoreboard-2017: 1 places changed.\n"

    def test_import_refuses_what_an_edition_in_use_keeps(self, cycle, tmp_path):
        path = tmp_path / "changed.yaml"
        path.write_text(factories.SCOREBOARD.read_text().replace("year: 2017", "year: 2018"))
        assert refused("import_edition", path) == (
            "1 to correct; nothing was changed.",
            ["year: The edition is in use by cycle 2026, so its structure cannot change."],
        )

    @pytest.mark.parametrize("form", ["yaml", "json"])
    def test_export_imports_again_without_a_change(self, form):
        edition = factories.an_edition(factories.HARBOUR)
        document = file.read_edition(run("export_edition", "harbour-1", "--format", form).encode())
        assert document == importing.export(edition)
        assert importing.import_edition(document) == (edition, [])

    def test_export_knows_its_editions(self):
        factories.an_edition()
        last, _printed = refused("export_edition", "nothing")
        assert last == "There is no edition “nothing”; there are: scoreboard-2017."


class TestCountries:
    def test_loads_the_same_twice(self):
        assert run("load_countries").endswith("created, 2 updated, 0 unchanged.\n")  # who runs the two networks
        rows = Country.objects.count(), GroupMembership.objects.count(), Organisation.objects.count()
        assert rows[0] > 50
        assert rows[2] == 2
        assert run("load_countries").startswith("0 created, 0 updated,")
        assert rows == (Country.objects.count(), GroupMembership.objects.count(), Organisation.objects.count())
        assert Country.objects.get(iso2="NO").name.localize("en") == "Norway"

    def test_keeps_what_the_secretariat_confirmed(self):
        run("load_countries")
        group = CountryGroup.objects.get(code="bern")
        confirmed = GroupMembership.objects.get(country__iso2="MT", group=group)
        confirmed.since, confirmed.confirmed = "1994-03-01", True
        confirmed.save()
        Country.objects.filter(iso2="MT").update(subregion="Typed by mistake")
        GroupMembership.objects.filter(country__iso2="GR", group=group).update(since="1983-10-01")
        added = GroupMembership.objects.create(country=Country.objects.get(iso2="LB"), group=group)
        assert run("load_countries").startswith("0 created, 2 updated,")
        confirmed.refresh_from_db()
        assert (str(confirmed.since), confirmed.confirmed) == ("1994-03-01", True)
        assert Country.objects.get(iso2="MT").subregion == "Southern Europe"
        assert GroupMembership.objects.get(country__iso2="GR", group=group).since is None
        assert GroupMembership.objects.filter(pk=added.pk).exists()

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            ("[", "line 1, column 2: This is neither YAML nor JSON"),
            ("people: []", "file: There is no key “people” here; there are: groups, countries, organisations."),
            (
                "countries: [{iso2: mt, iso3: MLT, name: {en: Malta}}]",
                'countries[0].iso2: Give an ISO code of two capital letters; found "mt".',
            ),
            (
                "countries: [{iso2: MT, iso3: MLT, name: {en: Malta}, groups: [{code: rome}]}]",
                "countries[0]: There is no group “rome”.",
            ),
            (
                "countries: [{iso2: MT, iso3: MLT, name: {en: Malta}}, {iso2: XX, iso3: MLT, name: {en: Twice}}]",
                "countries[1]: Country with this ISO code, three letters already exists.",
            ),
            (
                "groups: [{code: rome, name: {en: Rome}}]\ncountries: [{iso2: MT, iso3: MLT, name: {en: Malta},"
                " groups: [{code: rome, since: 2020-02-02, until: 2020-01-01}]}]",
                "countries[0]: The membership ends before it begins.",
            ),
        ],
    )
    def test_says_what_is_wrong_and_loads_nothing(self, content, sentence):
        with pytest.raises(Invalid) as caught:
            countries.load(content.encode())
        assert str(caught.value).startswith(sentence)
        assert not Country.objects.exists()
        assert not CountryGroup.objects.exists()

    def test_a_refused_file_is_named(self, tmp_path):
        path = tmp_path / "countries.yaml"
        path.write_text("people: []")
        last, _printed = refused("load_countries", path)
        assert last.startswith(f"{path}: file: There is no key “people”")


class TestMail:
    def test_sends_what_waits(self, focal):
        invitations.invite(focal)
        assert mail.outbox == []
        assert run("send_mail") == "1 sent.\n"
        assert [message.to for message in mail.outbox] == [[focal.email]]
        assert run("send_mail") == "0 sent.\n"

    def test_says_what_still_waits(self, focal, settings):
        invitations.invite(focal)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        last, _printed = refused("send_mail")
        assert last.startswith("1 still wait; the last one’s error: [Errno 111]")


class TestInvite:
    def test_makes_an_account_with_its_role_and_mails_the_link(self, malta):
        printed = run("invite", "Maria@Example.org", "--name", "Maria", "--role", "focal", "--country", "mt")
        assert printed == (
            "maria@example.org: a new account for Maria.\nRole Focal point of Malta: given.\n"
            "Your account on Scoreboard portal: sent to maria@example.org.\n"
        )
        maria = User.objects.get()
        assert (maria.email, maria.name, maria.is_staff) == ("maria@example.org", "Maria", False)
        assert not maria.has_usable_password()
        membership = Membership.objects.get()
        assert (membership.person, membership.role, membership.country) == (maria, Role.FOCAL, malta)
        [message] = mail.outbox
        assert message.to == ["maria@example.org"]
        assert "/accounts/invitation/" in message.body
        assert "/accounts/invitation/" not in Mail.objects.get().body

    def test_a_second_time_gives_no_second_role(self, malta):
        for _time in range(2):
            printed = run("invite", "maria@example.org", "--name", "Maria", "--role", "focal", "--country", "MT")
        assert printed.startswith(
            "maria@example.org: there is an account, without a password yet.\n"
            "Role Focal point of Malta: held already.\n"
        )
        assert (User.objects.count(), Membership.objects.count(), Mail.objects.count()) == (1, 1, 2)

    def test_an_account_in_use_gets_an_offer_and_no_second_one(self, focal, observer):
        arguments = ["invite", observer.email, "--role", "focal", "--country", "MT"]
        known = f"{observer.email}: there is an account, in use.\n"
        printed = run(*arguments)
        assert printed.startswith(
            known + "Role Focal point of Malta: offered; it counts when the person has accepted.\n"
        )
        assert printed.endswith(f": sent to {observer.email}.\n")
        again = run(*arguments)
        assert (
            again
            == known + "Role Focal point of Malta: offered already, not accepted yet.\nNo e-mail: nothing is new.\n"
        )

    def test_says_that_the_mail_did_not_go_out(self, settings, capsys):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        last, _lines = refused("invite", "new@example.org", "--name", "New", "--administrator")
        assert last.startswith("Not everything was sent.")
        assert "NOT sent to new@example.org. [Errno 111]" in capsys.readouterr().out
        assert User.objects.get().is_staff

    def test_makes_an_administrator(self):
        run("invite", "admin@example.org", "--name", "Admin", "--administrator")
        assert User.objects.get().is_staff

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            (["new@example.org"], "This is a new account: give the person's --name."),
            (["not an address", "--name", "N"], "Enter a valid email address."),
            (["n@example.org", "--name", "N", "--role", "focal", "--country", "XX"], "There is no country XX."),
            (
                ["n@example.org", "--name", "N", "--role", "focal"],
                "A focal point or contributor belongs to a country; every other role belongs to none.",
            ),
            (
                ["n@example.org", "--name", "N", "--role", "observer", "--organisation", "None"],
                "There is no organisation “None”.",
            ),
        ],
    )
    def test_refuses_what_cannot_be(self, options, sentence):
        last, _printed = refused("invite", *options)
        assert last == sentence
        assert not User.objects.exists()
        assert not Mail.objects.exists()

    def test_an_account_that_was_closed_stays_closed(self, focal):
        User.objects.update(is_active=False)
        last, _printed = refused("invite", focal.email)
        assert last == f"The account of {focal.email} is not active; an administrator can change that."
