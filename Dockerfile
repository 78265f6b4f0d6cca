# The web server, the workers, the clock and the migrations are this one image with other commands.
FROM python:3.12-slim AS build
COPY requirements.txt /tmp/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM python:3.12-slim
# What is inside, package by package with versions and hashes, is the lock; it stays in the image.
LABEL org.opencontainers.image.title="Klout" \
      org.opencontainers.image.licenses="BSD-3-Clause" \
      org.klout.sbom="/app/sbom.json" \
      org.klout.lock="/app/requirements.txt"
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data STATIC_ROOT=/app/staticfiles
RUN useradd --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin klout
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
# Collecting style sheets opens nothing: the key is for this one command.
RUN SECRET_KEY=not-used python manage.py collectstatic --noinput
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-m", "klout.container_check", "web"]
CMD ["gunicorn", "klout.wsgi:application", "--config", "python:klout.web_server", "--bind", "0.0.0.0:8000", "--workers", "2", "--preload"]
