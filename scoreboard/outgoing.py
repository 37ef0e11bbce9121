"""Connections of the server to addresses that somebody typed: https to public addresses alone, at the one looked up.

Such an address must not lead the server to what only it can reach. So each name is looked up once, every address that
it has must be public, and the connection goes to exactly that address, with the certificate of the name.
"""

import ipaddress
import socket
import ssl
from http.client import HTTPSConnection

SECONDS = 5  # for each step of talking to a server
PORT = 443
UNICAST = ipaddress.ip_network("2000::/3")  # of IPv6, all that is given to anybody; outside are forms of IPv4 addresses


class Unsafe(Exception):
    """The address is none that the server may connect to."""


class ToAddress(HTTPSConnection):
    """A connection to one address of a host, whose certificate must be that of the host."""

    def __init__(self, host: str, address: str, port: int = PORT) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.address = address
        self.twin: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the address that was checked, without looking the name up again."""
        plain = socket.create_connection((self.address, self.port), SECONDS)
        self.twin = plain.dup()
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)

    def abort(self) -> None:
        """End the connection from another thread: whoever waits for the server gets an error."""
        if self.twin is not None:
            self.twin.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        super().close()
        if self.twin is not None:
            self.twin.close()
            self.twin = None


def public_address(host: str, port: int = PORT) -> str:
    """Return an address of a host; raise Unsafe if any that it has is not public, or for another port than 443."""
    if port != PORT:
        raise Unsafe(host)
    found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not found or not all(is_public(one) for one in found):
        raise Unsafe(host)
    return sorted(found)[0]


def is_public(address: str) -> bool:
    """Return whether an address is one of the public internet; an IPv6 form of an IPv4 address never is."""
    one = ipaddress.ip_address(address)
    if isinstance(one, ipaddress.IPv6Address) and (one not in UNICAST or one.sixtofour or one.teredo):
        return False
    return one.is_global and not one.is_multicast
