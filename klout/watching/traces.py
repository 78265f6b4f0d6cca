"""Traces by OpenTelemetry: which part of an answer took how long, never about whom.

The instrumentations note addresses, parameters and words of faults. Only what is on a list leaves
this machine: paths and queries may hold codes, names and keys.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.psycopg2 import Psycopg2Instrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status

from klout import request_id
from klout.logs import clean

# What a span may tell, in the names of OpenTelemetry's conventions, of before and after 2024.
MAY_TELL = frozenset(
    {
        *("http.method", "http.request.method", "http.route"),
        *("http.status_code", "http.response.status_code"),
        *("db.system", "db.operation", "messaging.operation", "celery.action", "celery.state"),
        *("celery.task_name", "request_id", "task_id", "exception.type"),
    }
)


def begin(endpoint: str, process: str) -> None:
    """From here on spans go to `endpoint`, a collector's address without `/v1/traces`.

    How many of them is OpenTelemetry's own OTEL_TRACES_SAMPLER.
    """
    provider = TracerProvider(resource=Resource.create({"service.name": f"klout-{process}"}))
    sender = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(OurIds())
    provider.add_span_processor(BatchSpanProcessor(OnlyWhatMayGo(sender)))
    trace.set_tracer_provider(provider)
    if process == "web":
        DjangoInstrumentor().instrument(tracer_provider=provider, response_hook=_with_its_id)
    CeleryInstrumentor().instrument(tracer_provider=provider)
    # Without a check of versions: it looks for `psycopg2`, and the binary wheel has another name.
    Psycopg2Instrumentor().instrument(tracer_provider=provider, skip_dep_check=True)


def _with_its_id(span: Span, _request: HttpRequest, response: HttpResponse) -> None:
    """The span of a request begins before the request has its id."""
    span.set_attribute("request_id", response.headers.get(request_id.HEADER, ""))


class OurIds(SpanProcessor):
    """What finds a span in our logs, and our logs from a span."""

    def on_start(self, span: Span, parent_context: Any = None) -> None:  # noqa: ARG002
        bound = structlog.contextvars.get_contextvars()
        for name in ("request_id", "task_id"):
            if name in bound:
                span.set_attribute(name, str(bound[name]))


class OnlyWhatMayGo(SpanExporter):
    def __init__(self, sender: SpanExporter) -> None:
        self._sender = sender

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._sender.export([careful(span) for span in spans])

    def shutdown(self) -> None:
        self._sender.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._sender.force_flush(timeout_millis)


def careful(span: ReadableSpan) -> ReadableSpan:
    """The same span with what MAY_TELL and no words of faults."""
    return ReadableSpan(
        name=clean(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_kept(span.attributes),
        events=[Event(one.name, _kept(one.attributes), one.timestamp) for one in span.events],
        kind=span.kind,
        instrumentation_scope=span.instrumentation_scope,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
    )


def _kept(attributes: Any) -> dict[str, Any]:
    return {name: clean(value) for name, value in (attributes or {}).items() if name in MAY_TELL}
