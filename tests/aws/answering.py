"""A server with one answer for each of AWS's actions, which keeps what it was asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

EC2_ERROR = (
    "<Response><Errors><Error><Code>{}</Code><Message>{}</Message></Error></Errors>"
    "<RequestID>r-1</RequestID></Response>"
)
STS_ERROR = (
    "<ErrorResponse><Error><Code>{}</Code><Message>{}</Message></Error>"
    "<RequestId>r-1</RequestId></ErrorResponse>"
)
WHO = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>{}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


Answer = tuple[int, str]


@dataclass
class Answering:
    """Where the server listens, and the forms that it was sent."""

    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def answering(**answers: Answer | list[Answer]) -> Iterator[Answering]:
    """Answer each action with its status and text; of a list, with one after the other."""
    told = Answering()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            told.asked.append({key: values[0] for key, values in sent.items()})
            answer = answers[told.asked[-1]["Action"]]
            status, body = answer.pop(0) if isinstance(answer, list) else answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
