# The portal as one image, for the web server, the worker and one-off commands. Its steps are those of `make demo`.

FROM python:3.11-slim-bookworm AS libraries
WORKDIR /app
COPY .ci/system-packages .ci/
RUN .ci/system-packages python
COPY Makefile requirements.txt ./
RUN make .venv/run.stamp

FROM python:3.11-slim-bookworm
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /app
COPY .ci/system-packages .ci/
RUN .ci/system-packages pdf backup && rm -rf /var/lib/apt/lists/*
# The code belongs to root; the portal may write its private files and nothing else.
RUN useradd --system --home-dir /app --no-create-home portal \
    && install --directory --owner portal --group portal --mode 0750 var/files var/backups
COPY --from=libraries /app/.venv .venv
COPY . .
RUN SECRET_KEY=for-this-step-only ACTIVITY_KEY=for-this-step-only python manage.py collectstatic --no-input --verbosity 0
USER portal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8000/health/', timeout=4)"]
CMD ["gunicorn", "mikt.wsgi", "--bind", "0.0.0.0:8000"]
