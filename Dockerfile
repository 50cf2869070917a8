# One process: pages, API and the queue of work. It owns the DuckDB file in /data, so run one container of it.
#   docker build -t churnkit . && docker run --init -p 127.0.0.1:8501:8501 -v churnkit:/data churnkit
# The first visit asks for the code that its log shows; --env CHURNKIT_AUTH=none asks nobody.
# Any Debian with Python 3.11 or newer and venv serves as base.
ARG BASE=python:3.11-slim
FROM ${BASE}

# Optional parts of pyproject.toml that the image holds, with spaces between; empty for none.
ARG EXTRAS="oidc mcp"

# LightGBM asks for OpenMP. Numbers of the user and its group are fixed, so that a volume keeps its owner.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --home-dir /tmp --no-create-home churnkit \
    && install -d -o churnkit -g churnkit /data

WORKDIR /app
COPY requirements.txt pyproject.toml ./
RUN python3 -m venv /opt/venv \
    && python3 -c 'import sys, tomllib; extras = tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]; print(*(line for name in sys.argv[1:] for line in extras[name]), sep="\n")' ${EXTRAS} > /tmp/extras.txt \
    && /opt/venv/bin/pip install --no-cache-dir -r requirements.txt -r /tmp/extras.txt \
    && rm /tmp/extras.txt

# What .dockerignore lets through. It belongs to root: the server cannot change its own program.
COPY . .
RUN /opt/venv/bin/python -m compileall -q app.py main.py pages churnkit

# Whatever libraries want to keep for themselves goes to /tmp: the rest of the image may be read-only.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    NUMBA_CACHE_DIR=/tmp/numba \
    CHURNKIT_DATA_DIR=/data/store \
    CHURNKIT_MODELS_DIR=/data/models \
    CHURNKIT_AUTH=local
USER 10001:10001
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
STOPSIGNAL SIGTERM
# Its welcome would ask a server outside for the address under which this one is seen.
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true", \
    "--logger.hideWelcomeMessage=true"]
