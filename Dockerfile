# Build the locked environment, then copy it into an image without build tools.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/sgwatch
COPY requirements/run.lock requirements/run.lock
RUN /opt/sgwatch/bin/pip install --no-cache-dir --require-hashes -r requirements/run.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
RUN /opt/sgwatch/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN useradd --system --uid 10001 sgwatch
COPY --from=build /opt/sgwatch /opt/sgwatch
ENV PATH=/opt/sgwatch/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
CMD ["sgwatch", "run"]
