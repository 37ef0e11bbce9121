"""A program that uses the API with somebody's token, or with none."""

from django.test import Client
from django.urls import reverse

from tests import factories
from tests.api_schema import require_described

JSON = "application/json"
LEVEL = {"kind": "level", "level": 2}
CYCLE = {
    **{"code": "2031", "title": {"en": "Next"}, "edition": "harbour-1", "countries": ["MT"]},
    **{"opens": "2031-01-01", "deadline": "2031-02-01", "closes": "2031-03-01"},
}


class Program:
    """A program with somebody's token, or with none."""

    def __init__(self, person=None, *scopes: str) -> None:
        key = factories.a_token(person, *scopes)[1] if person else ""
        self.client = Client(headers={"Authorization": f"Bearer {key}"} if key else {})

    def send(self, method, name, *place, body=None, match=None, status=None, **options):
        """Send a request to a named address, over what `match` names; the answer must be as the schema says."""
        address = reverse(name, args=place)
        headers = {"If-Match": match} if match else {}
        sent = {"content_type": JSON, "headers": headers} | options
        response = getattr(self.client, method)(address, {} if body is None else body, **sent)
        require_described(response)
        if status:
            assert response.status_code == status, response.content
        return response

    def tag(self, name, *place) -> str:
        return self.client.get(reverse(name, args=place)).get("ETag", '"x"')

    def save(self, submission, code, body=LEVEL, status=200, match=None):
        match = match or self.tag("answer-detail", submission.pk, code)
        return self.send("put", "answer-detail", submission.pk, code, body=body, match=match, status=status).json()

    def step(self, submission, name, body=None, status=200):
        match = self.tag("submission-detail", submission.pk)
        return self.send("post", f"submission-{name}", submission.pk, body=body, match=match, status=status).json()
