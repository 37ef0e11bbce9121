"""A mail server for tests that accepts mail, rejects a recipient, or stops answering."""

import socketserver
from threading import Event, Lock, Thread


class MailServer:
    """An SMTP server on a free port; `refuse` names readers that it does not know, `silent` lets it say nothing.

    With `holds` it falls silent in the middle of the next mail, before it takes it, and sets `held`.
    """

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.messages: list[tuple[str, str]] = []  # to whom, and the whole text
        self.refuse: set[str] = set()
        self.silent = self.holds = False
        self.held = Event()
        self.lock = Lock()
        owner = self

        class Conversation(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                owner.talk(self)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self.server = Server((address, 0), Conversation)
        self.port = self.server.server_address[1]
        Thread(target=self.server.serve_forever, daemon=True).start()

    def talk(self, line: socketserver.StreamRequestHandler) -> None:
        if self.silent:
            line.rfile.read()  # until the client gives up
            return

        def say(words: str) -> None:
            line.wfile.write(f"{words}\r\n".encode())

        say("220 drill")
        to = ""
        for command in line.rfile:
            verb = command[:4].upper()
            if verb == b"RCPT":
                to = command.decode().partition("<")[2].partition(">")[0]
                say("550 5.1.1 no such user" if to in self.refuse else "250 ok")
            elif verb == b"DATA" and self.holds:
                self.held.set()
                line.rfile.read()  # until the client gives up, or is killed
                return
            elif verb == b"DATA":
                say("354 go on")
                text = b"".join(iter(line.rfile.readline, b".\r\n"))
                with self.lock:
                    self.messages.append((to, text.decode()))
                say("250 taken")
            elif verb == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
