# The bot in a container; docs/operating.md says how it is kept running, updated and restored.
# The tag names a version that is tested (.github/workflows/test.yml). What is installed into it is
# pinned with hashes in .ci/bot.txt.
FROM python:3.14-slim-trixie AS build

WORKDIR /build
RUN python -m venv /opt/bot
COPY .ci/bot.txt pins.txt
RUN /opt/bot/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes -r pins.txt
COPY pyproject.toml LICENSE ./
COPY bot bot
COPY cogs cogs
COPY data data
RUN /opt/bot/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --no-deps --no-build-isolation .

FROM python:3.14-slim-trixie

# FriBiDi: without it Hebrew and Arabic stand back to front in pictures. Their type comes with
# Pillow, so no fonts are needed. Debian keeps no old version that one could pin.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libfribidi0 \
    && rm -rf /var/lib/apt/lists/*

RUN groupadd --system --gid 10001 cliffhanger \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --no-create-home cliffhanger \
    && install --directory --owner 10001 --group 10001 --mode 700 /data

COPY --from=build /opt/bot /opt/bot

# The root file system may be read-only: all that is written is in /data.
ENV PATH=/opt/bot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_PATH=/data/cliffhanger.sqlite3
WORKDIR /data
VOLUME /data
USER 10001:10001

HEALTHCHECK --interval=1m --timeout=20s --start-period=2m --retries=3 \
    CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
# Docker starts again whatever ends; --stay waits idle where that is no use (exit code 2).
CMD ["run", "--stay"]
