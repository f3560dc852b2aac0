# docker build -f deploy/docker/site.Dockerfile -t site .
FROM python:3.11.13-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY app app
COPY ml_assets ml_assets
COPY orchestration orchestration
# --build-arg TORCH_INDEX=URL, PyTorch's index of builds for processors: no CUDA libraries, 0.2 GB instead of some 5.
ARG TORCH_INDEX
RUN pip install ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} "torch==2.13.0" \
    && pip install -c constraints.txt . "psycopg[binary]==3.3.9"

FROM python:3.11.13-slim-bookworm
RUN useradd --create-home --uid 10001 pulse
ENV PATH=/venv/bin:$PATH PYTHONPATH=/srv/pulse PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PULSE_HOME=/tmp/pulse PULSE_SITE_HOST=0.0.0.0 PULSE_SITE_PORT=8080
WORKDIR /srv/pulse
COPY --from=build /venv /venv
COPY app app
COPY ml_assets ml_assets
COPY orchestration orchestration
COPY .streamlit .streamlit
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=3)"]
CMD ["python", "-m", "app.server"]
