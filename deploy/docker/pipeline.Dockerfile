# docker build -f deploy/docker/pipeline.Dockerfile -t pipeline .
FROM python:3.11.13-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY app app
COPY ml_assets ml_assets
COPY orchestration orchestration
COPY dbt_project dbt_project
# --build-arg TORCH_INDEX=URL, PyTorch's index of builds for processors: no CUDA libraries, 0.2 GB instead of some 5.
ARG TORCH_INDEX
RUN pip install ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} "torch==2.13.0" \
    && pip install -c constraints.txt . "dagster-postgres==0.29.27" "dagster-k8s==0.29.27" "google-cloud-pubsub==2.44.0"

FROM python:3.11.13-slim-bookworm
RUN useradd --create-home --uid 10001 pulse
ENV PATH=/venv/bin:$PATH PYTHONPATH=/srv/pulse PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PULSE_HOME=/tmp/pulse DAGSTER_HOME=/tmp/pulse/dagster
WORKDIR /srv/pulse
COPY --from=build /venv /venv
COPY app app
COPY ml_assets ml_assets
COPY orchestration orchestration
COPY dbt_project dbt_project
USER 10001
EXPOSE 4000
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s CMD ["dagster", "api", "grpc-health-check", "--port", "4000"]
CMD ["dagster", "code-server", "start", "-h", "0.0.0.0", "-p", "4000", "-m", "orchestration.definitions"]
