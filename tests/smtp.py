"""A mail server for tests: it speaks just enough SMTP, keeps what it is given, and refuses on demand."""

import email
import email.policy
import socketserver
import threading


class Sink(socketserver.ThreadingTCPServer):
    """Listens on this machine. `answers` replaces the reply to a command: {"RCPT": "550 no such mailbox", "": "421 closed"}.

    `before_answer` and `after_answer` are called with the message around the final 250.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Conversation)
        self.port = self.server_address[1]
        self.messages = []
        self.answers = {}
        self.before_answer = self.after_answer = lambda message: None
        self.keep = threading.Lock()
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    @property
    def url(self):
        """What EMAIL_URL parses to."""
        backend = "django.core.mail.backends.smtp.EmailBackend"
        return {
            "EMAIL_BACKEND": backend,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.port,
            "EMAIL_HOST_USER": None,
            "EMAIL_HOST_PASSWORD": None,
        }

    @property
    def subjects(self):
        """The subjects of what came, in order."""
        return [message["Subject"] for message in self.messages]

    def stop(self):
        """End listening."""
        self.shutdown()
        self.server_close()
        self.thread.join()


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self):
        """Answer commands until the other side ends."""
        if not self.say("220 sink", command=""):
            return
        while line := self.rfile.readline():
            command = line.decode().strip().upper()[:4]
            if command == "DATA" and "DATA" not in self.server.answers:
                self.say("354 go on")
                self.take()
            elif command == "EHLO":
                self.say("250-sink\r\n250 8BITMIME", command)
            elif command == "QUIT":
                self.say("221 bye")
                return
            elif not self.say("250 ok", command):
                return

    def say(self, answer, command=None):
        """Write an answer and tell whether the conversation goes on."""
        answer = self.server.answers.get(command, answer) if command is not None else answer
        self.wfile.write(answer.encode() + b"\r\n")
        return not answer.startswith("421")

    def take(self):
        """Read a message to its final dot, keep it, and answer."""
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        with self.server.keep:
            self.server.messages.append(message)
        self.server.before_answer(message)
        self.say("250 taken")
        self.server.after_answer(message)
