"""A process of its own that is watched and falls over."""

import os

import django
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

FAULT = "words-of-the-fault"


def fall_over(_request: HttpRequest, who: str) -> HttpResponse:
    variable = "kept-in-a-variable"
    raise ValueError(f"{FAULT} about {who} {variable}")


urlpatterns: list[URLPattern | URLResolver] = [path("falls/<str:who>/", fall_over, name="falls")]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klout.settings")
    from django.conf import settings

    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["*"]
    from klout.wsgi import application  # noqa: F401 (begins to watch)

    django.setup()
    # The page that says that something broke links to those of the site.
    urlpatterns.append(path("", include("klout.urls")))
    from django.test import Client

    client = Client(raise_request_exception=False)
    client.cookies["another"] = "kept-in-a-cookie"
    client.post(
        "/falls/mallory-in-the-path/?code=kept-in-the-query&k%65y=kept-in-the-spelling",
        {"body": "kept-in-the-body"},
        headers={"Authorization": "Bearer kept-in-a-header"},
    )
    if settings.SENTRY_DSN:
        import sentry_sdk

        sentry_sdk.flush(10)
    if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        from opentelemetry import trace

        trace.get_tracer_provider().force_flush()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
