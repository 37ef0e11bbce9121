"""What webhooks get when an assessment is published, issued again and withdrawn."""

import pytest

from reporting.assessments import lifecycle
from reporting.models import Assessment
from scoreboard.models import WebhookDelivery
from scoreboard.webhooks import register
from tests import factories

pytestmark = pytest.mark.django_db


def test_publishing_and_withdrawing_are_messages(assessment_at, officer):
    admin = factories.a_person(name="Ada Administrator", is_staff=True)
    issue = assessment_at(Assessment.Status.BUILT)
    register.add("https://receiver.example.org/", "The document system", by=admin)
    read = {"snapshot": issue.snapshot_sha256, "early": "The meeting is near."}
    lifecycle.publish(issue, audience="observers", by=officer, **read)
    lifecycle.withdraw(issue, reason="A figure was wrong.", by=officer)
    found = list(WebhookDelivery.objects.order_by("pk"))
    assert [one.kind for one in found] == ["assessment.published", "assessment.withdrawn"]
    data = {"id": issue.pk, "cycle": issue.cycle.code, "example": False, "issue": 1, "audience": "observers"}
    address = {"url": f"http://localhost:8000/api/v1/assessments/{issue.pk}/"}
    assert [one.payload["data"] for one in found] == [
        data | {"state": "published"} | address,
        data | {"state": "withdrawn"} | address,
    ]
    assert "figure" not in str(found[1].payload)
