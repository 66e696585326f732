# Three stages: the pages' assets, the Python environment, and what runs (no compiler, no Node, no root).
FROM node:22-slim AS assets
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY web web
RUN node web/static/build.mjs

FROM python:3.11-slim AS environment
WORKDIR /app
RUN python -m venv .venv
COPY requirements/run.txt requirements/run.txt
RUN .venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY engine engine
COPY web web
COPY --from=assets /src/web/static/dist web/static/dist
RUN .venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation -e . \
    && .venv/bin/pybabel --quiet compile -d web/translations \
    && .venv/bin/python -m compileall -q engine web

FROM python:3.11-slim
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /app closeloop \
    && install -d -o closeloop -g closeloop /data /keys
WORKDIR /app
COPY --from=environment /app /app
COPY processes processes
COPY forms forms
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CLOSELOOP_DATA_DIR=/data
USER closeloop
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["sh", "-c", "closeloop init && exec closeloop serve --host 0.0.0.0 --port 8000"]
