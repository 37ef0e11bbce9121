"""The portal behind nginx that ends TLS, with the example of docs/deploy and a certificate of its own."""

import json
import ssl
import urllib.error
import urllib.request
from http.client import HTTPConnection, HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from scoreboard.models import Role
from tests.drills.nginx import a_port, proxy
from tests.factories import PASSWORD, a_person

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


def refused(port: int, path: str) -> dict:
    """Return the problem with which a program is refused."""
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path, headers={"Authorization": "Bearer portal_x"})
    answer = line.getresponse()
    problem = json.loads(answer.read())
    assert (answer.status, answer.headers["Content-Type"]) == (403, "application/problem+json")
    return problem


def test_somebody_signs_in_over_tls(portal_with, tmp_path):
    person = a_person(Role.OBSERVER)
    secure, plain = a_port(), a_port()
    address = f"https://localhost:{secure}"
    portal = portal_with(SITE_URL=address)
    inner = f"127.0.0.1:{portal.server.port}"
    with proxy(tmp_path, inner, at=f"127.0.0.1:{secure}", plain=f"127.0.0.1:{plain}"):
        trusted = ssl.create_default_context(cafile=str(tmp_path / "portal.pem"))
        line = HTTPSConnection("localhost", secure, context=trusted, timeout=60)
        line.request("GET", "/accounts/login/")
        page = line.getresponse()
        page.read()
        cookies = SimpleCookie()
        for value in page.headers.get_all("Set-Cookie"):
            cookies.load(value)
        token = cookies["__Host-csrftoken"]
        assert (page.status, token["secure"]) == (200, True)
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        assert page.headers["Server"] == "nginx", "no version"
        form = {"login": person.email, "password": PASSWORD, "csrfmiddlewaretoken": token.value}
        headers = {"Cookie": f"__Host-csrftoken={token.value}", "Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", "/accounts/login/", urlencode(form), headers | {"Referer": f"{address}/accounts/login/"})
        answer = line.getresponse()
        answer.read()
        cookies = SimpleCookie()
        for value in answer.headers.get_all("Set-Cookie"):
            cookies.load(value)
        assert (answer.status, cookies["__Host-sessionid"]["secure"]) == (302, True)
        line.request(
            "GET", "/accounts/profile/", headers={"Cookie": f"__Host-sessionid={cookies['__Host-sessionid'].value}"}
        )
        assert line.getresponse().status == 200
        assert line.sock.version() == "TLSv1.3"
        weak = ssl.create_default_context(cafile=str(tmp_path / "portal.pem"))
        weak.maximum_version = ssl.TLSVersion.TLSv1_2
        weak.set_ciphers("AES128-GCM-SHA256")  # without forward secrecy
        with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"):
            HTTPSConnection("localhost", secure, context=weak, timeout=60).request("GET", "/")
        redirected = HTTPConnection("127.0.0.1", plain, timeout=60)
        redirected.request("GET", "/countries/?q=1", headers={"Host": f"localhost:{plain}"})
        moved = redirected.getresponse()
        assert (moved.status, moved.headers["Location"]) == (301, f"{address}/countries/?q=1")
        for path in ("/api/v1/countries/", "/rehearsal/api/v1/submissions/"):
            by_nginx, by_portal = refused(plain, path), refused(portal.server.port, path)
            assert by_nginx == by_portal
            assert (by_nginx["status"], by_nginx["detail"][:24]) == (403, "This came over http, wit")
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(address, timeout=60)
    assert not (tmp_path / "access.log").exists()
