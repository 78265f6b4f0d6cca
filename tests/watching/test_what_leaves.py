"""Faults and traces tell where it went wrong and how long it took, never about whom."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

ROOT = Path(__file__).resolve().parents[2]
PLANTED = ("words-of-the-fault", "mallory-in-the-path", "kept-in-", "POST /falls/mallory")


class Collector(ThreadingHTTPServer):
    """Takes whatever is sent to it."""

    received: list[tuple[str, bytes]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        assert isinstance(self.server, Collector)
        self.server.received.append((self.path, body))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector(("127.0.0.1", 0), Handler) as server:
        server.received = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def fall_over(**environment: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.watching.watched_site"],
        cwd=ROOT,
        env={**os.environ, "OTEL_METRICS_EXPORTER": "none", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stderr


def test_what_is_sent_has_nothing_of_people_in_it(collector: Collector) -> None:
    address = collector.url.replace("http://", "http://public@")
    fall_over(SENTRY_DSN=f"{address}/1", OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)

    for _, body in collector.received:
        assert [word for word in PLANTED if word.encode() in body] == []

    envelopes = [body for path, body in collector.received if path.endswith("/envelope/")]
    events = [
        json.loads(line)
        for body in envelopes
        for line in body.splitlines()
        if line.startswith(b'{"event_id"') and b'"exception"' in line and b'"frames"' in line
    ]
    event = events[0]
    (fault,) = event["exception"]["values"]
    assert fault["type"] == "ValueError"
    assert fault["stacktrace"]["frames"][-1]["function"] == "fall_over"
    assert event["tags"]["request_id"]

    sent = ExportTraceServiceRequest()
    for path, body in collector.received:
        if path == "/v1/traces":
            sent.MergeFromString(body)
    spans = {
        span.name: span
        for resource in sent.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }
    told = {one.key: one.value for one in spans["POST falls/<str:who>/"].attributes}
    assert told["request_id"].string_value == event["tags"]["request_id"]
    assert told["http.status_code"].int_value == 500


def test_where_nothing_is_set_nothing_is_loaded() -> None:
    script = (
        "import sys, klout.wsgi;"
        "sys.exit(any(n.split('.')[0] in ('sentry_sdk', 'opentelemetry') for n in sys.modules))"
    )
    quiet = {k: v for k, v in os.environ.items() if k not in ("SENTRY_DSN",)}
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=quiet).returncode == 0
