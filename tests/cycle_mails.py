"""The mails of a cycle as people are to read them: the whole text of each kind, and a list of those that are due."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from scoreboard.models import CountryGroup, Mail, Membership, Organisation, Submission, User
from tests.factories import PASSWORD

# What a mail says of an answer that is not complete.
NOTHING = "Nothing is answered yet."
ALL = "Every indicator is answered: they only need to be submitted."

TEXTS = {
    # --- people
    "role_invited": """
Invitation on {portal}: {what}
{by} invites you: {what}.

You answer the questionnaire for {where}, with colleagues whom you ask for parts, and submit the answers.{networks}
{until}

{by} writes:

{note}

Your account has the e-mail address {to.email}. Set your password here; the link works once, for 14 days:
[[link with a key, made when the mail is sent]]

If you did not expect this message, you need not do anything.""",
    "offer": """
Invitation on {portal}: {what}
{by} invites you: {what}.

You answer the questionnaire for {where}, with colleagues whom you ask for parts, and submit the answers.{networks}
{until}

{by} writes:

{note}

It counts once you accept. Sign in, and accept or decline it here:
{site}/accounts/invitations/

If you did not expect this message, you need not do anything.""",
    "role_given": """
{who} has a new role on {portal}: {what}
{giver} has given {who} ({who.email}) the role: {what}. If you do not know why {where} gets it, tell the Secretariat \
at once.""",
    # --- the cycle
    "open_cycle": """
{cycle}: {country} can report
As focal point of {country}, please answer the questionnaire of {cycle} and submit it by the end of {due} ({zone}). \
You can write from {opens} on.

Start here:
{link}""",
    "announce": """
{subject}
{comment}

This concerns {country} in {cycle}:
{link}""",
    "remind_country": """
{cycle}: please submit the answers of {country} by {due}
As focal point of {country}, please submit its answers for {cycle} by the end of {due} ({zone}). {missing}

{comment}

If your country needs more time or will not report this time, say so on the same page. Go on here:
{link}""",
    "deadline_near": """
{cycle}: {days} until the deadline of {country}
As focal point of {country}, please submit its answers for {cycle} by the end of {due} ({zone}). {missing}

If your country needs more time or will not report this time, say so on the same page. Go on here:
{link}""",
    "overdue": """
{cycle}: the deadline of {country} has passed
As focal point of {country}, please submit its answers for {cycle}, which were due at the end of {due} ({zone}). \
You can still submit them until the end of {last}. {missing}

If your country needs more time or will not report this time, say so on the same page. Go on here:
{link}""",
    "move_dates": """
{cycle}: its dates have moved
{by} moved dates of {cycle}:

{moved}

The reason:

{comment}

For {country} this means: in time until the end of {due}, open until the end of {last} ({zone}). \
What is submitted already does not become late by this.

The answers are here:
{link}""",
    "leave": """
{country} has left the cycle: {cycle}
{by} took {country} out of {cycle}, with this reason:

{comment}

Nothing is deleted, and you can read the answers. They cannot be changed, and no figure counts them. \
What was published stays. If this is a mistake, write to the Secretariat: it can be undone.

The answers are here:
{link}""",
    "rejoin": """
{country} takes part again: {cycle}
{by} let {country} take part in {cycle} again, with this reason:

{comment}

The answers are where they were.

The answers are here:
{link}""",
    "decline_report": """
{cycle}: {country} will not report this time
{by} said that {country} will not report in {cycle}. Nothing is asked any more, and the reminders end.

The reason:

{comment}

It can be undone until the end of {last} ({zone}); what was written is still there:
{place}""",
    "report_after_all": """
{cycle}: {country} will report after all
{by} said that {country} will report in {cycle} after all. In time are answers submitted until the end of {due} \
({zone}).

Go on here:
{place}""",
    # --- more time
    "ask_for_extension": """
{country} asks for more time: {cycle}
Please extend {country} in {cycle} or refuse: {by}, focal point, asks for time until the end of {until} ({zone}), \
with this reason:

{comment}

Decide here:
{review_link}""",
    "refuse_extension": """
{cycle}: no more time for {country}
{by} of the Secretariat did not give {country} time until {until}. Its answers for {cycle} are due at the end of \
{due}, and can be submitted until the end of {last} ({zone}). The reason:

{comment}

The answers are here:
{link}""",
    "extend": """
{cycle}: {country} has more time
The Secretariat gave {country} time until the end of {until} ({zone}), with this reason:

{comment}

The answers are here:
{link}""",
    "correct_extension": """
{cycle}: the last day of {country} has changed
{by} corrected the extension of {country}. It was the end of {before}; it is now the end of {until} ({zone}). \
The reason:

{comment}

What is submitted already does not become late by this.

The answers are here:
{link}""",
    # --- the steps
    "receipt": """
{cycle}: the answers of {country} are submitted
{by} submitted the answers of {country} for {cycle}. They are now with the Secretariat. \
Until an officer begins the review, you can recall them.

The receipt, with a digest of every answer:
{site}/submissions/{pk}/receipts/{version}/

Read what was submitted:
{link}""",
    "submit": """
{country} submitted: {cycle}
Please review the answers of {country} for {cycle}, which {by} submitted.

Review them here:
{review_link}""",
    "recall": """
{country} recalled its answers: {cycle}
{by} took the answers of {country} for {cycle} back from the Secretariat. They must be submitted again.

The answers are here:
{place}""",
    "enter_on_behalf": """
{cycle}: the Secretariat opened the draft of {country}
{by} of the Secretariat opened the answers that {country} is writing for {cycle}, to enter answers on its behalf. \
Until the next submission this person reads and writes what you do; what your colleagues only suggest stays closed. \
The reason given:

{comment}

Each answer says who wrote it. The answers are here:
{link}""",
    "pass_on": """
{country} is yours to review: {cycle}
{by} passed the review of {country} for {cycle} on to you. The portal names you now as the one who reviews it.

Review the answers here, or release the claim:
{review_link}""",
    "return_for_changes": """
{cycle}: please look again at the answers of {country}
As focal point of {country}, please look again at its answers for {cycle} and submit them again by the end of {last} \
({zone}). {by} of the Secretariat returned them with this reason:

{comment}

1 indicator should change:

{marked}

Change the answers and submit them again:
{link}""",
    "approve": """
{country} waits for a second officer: {cycle}
{by} approved version {version} of the answers of {country} for {cycle}. Please read it, then confirm or return it: \
it is not accepted before a second officer confirms it, and the country has not been written to.

Review the answers here:
{review_link}""",
    "accept_alone": """
{country} was accepted without a second officer: {cycle}
In {cycle} two officers accept. {by} accepted the answers of {country} without one who could be the second, \
for this reason:

{comment}

The answers are here; they can be reopened with a reason:
{review_link}""",
    "confirm": """
{cycle}: the answers of {country} are accepted
{by} of the Secretariat accepted the answers of {country} for {cycle}. Thank you. \
They will be part of the consolidated assessment.

The accepted answers are here, with a summary of two pages for the minister:
{link}""",
    # --- afterwards
    "ask_to_reopen": """
{country} asks to reopen its answers: {cycle}
Please reopen the accepted answers of {country} for {cycle} or refuse: {by}, focal point, asks for it with this reason:

{comment}

Reopen them or refuse here:
{review_link}""",
    "refuse_reopen": """
{cycle}: the answers of {country} stay accepted
{by} of the Secretariat did not reopen the accepted answers of {country} for {cycle}, with this reason:

{comment}

The accepted answers are here:
{link}""",
    "reopen": """
{cycle}: the answers of {country} are open again
As focal point of {country}, please change its answers for {cycle} where needed and submit them again by the end of \
{last} ({zone}). {by} of the Secretariat reopened them with this reason:

{comment}

Change what is needed and submit again. Published assessments stay as they are.
{link}""",
    # --- questions
    "ask_country": """
{cycle}: a question on {label} waits for you
As focal point of {country}, please reply by the end of {until} ({zone}): {by} of the Secretariat wrote on the answer \
to {label} in {cycle}:

{comment}

Reply here:
{link}{answer}""",
    "answer_officers": """
{country} replied on {label}: {cycle}
Please read what {by} replied on the answer of {country} to {label} in {cycle}, then reply or close the question:

{comment}

Reply or close the question here:
{review_link}{answer}""",
    "reply": """
{country} · {cycle}: a question on {label} waits for you
Please reply by the end of {until} ({zone}) on the answer of {country} to {label} in {cycle}: this waits for you.

{comment}

Reply here:
{link}{answer}""",
    "late": """
{country} · {cycle}: a question on {label} is overdue
Please reply today on the answer of {country} to {label} in {cycle}: this waits for you and should have been answered \
by {until}.

{comment}

Reply here:
{link}{answer}""",
}


@dataclass
class Letters:
    """Every mail that should have been written, in whole; `contacts` are name and address by the code of a country."""

    facts: dict[str, Any]
    contacts: dict[str, tuple[str, str]]
    officers: Collection[User]
    expected: list[tuple[str, str, str, str]] = field(default_factory=list)

    def expect(
        self, kind: str, *to: User, about: Submission | None = None, by: User | None = None, **facts: Any
    ) -> None:
        """Note that a mail of the kind is due to each of these people, from somebody or from the portal itself.

        `log` among the facts is its name in the log, if that is not the kind's.
        """
        known = self.facts | {"portal": "Scoreboard portal", "site": settings.SITE_URL, "by": by} | facts
        answer, sender = "To answer, reply to it.", "Scoreboard portal writes to you by itself."
        contact = (by.name, by.email) if by else None
        if by:
            sender = f"{by} writes to you through Scoreboard portal."
        if about:
            known["country"], known["pk"] = about.country, about.pk
            known["link"] = f"{settings.SITE_URL}/submissions/{about.pk}/"
            known["review_link"] = f"{settings.SITE_URL}/review/{about.pk}/"
            contact = self.contacts[about.country.iso2]
        if contact:
            answer = "To answer, reply to it: your reply goes to {}, {}.".format(*contact)
        for person in to:
            is_officer = person in self.officers
            known["place"] = known.get("review_link" if is_officer else "link")
            subject, text = TEXTS[kind].strip().format_map(known | {"to": person}).split("\n", 1)
            role = f" You get this e-mail as focal point of {about.country}." if about and not is_officer else ""
            body = f"Dear {person},\n\n{text.strip()}\n\n{sender}{role}\n{answer}\n"
            self.expected.append((known.get("log", kind), person.email, subject, body))

    def check(self) -> None:
        """Compare with the log: each mail is there once, none is missing, and every text is the same to the letter."""
        found = Mail.objects.values_list("event", "to__email", "subject", "body")
        assert sorted(found) == sorted(self.expected)


def an_officer_of(name: str, letter: str) -> User:
    """Return an officer of a Secretariat of its own, which runs a network."""
    address = f"{letter.lower()}@secretariat.example"
    place = Organisation.objects.create(name=f"Secretariat {letter}", kind="secretariat", contact=address)
    officer = User.objects.create_user(f"{name.lower()}@secretariat.example", PASSWORD, name=name)
    Membership.objects.create(person=officer, role="secretariat", organisation=place)
    CountryGroup.objects.create(code=f"net-{letter.lower()}", name=f"Network {letter}", secretariat=place)
    return officer
