FROM python:3.13-slim
RUN useradd --create-home goldseal && apt-get update -qq && apt-get install -y -qq --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/goldseal
COPY --chown=goldseal . .
USER goldseal
RUN make setup
EXPOSE 8000
CMD [".venv/bin/goldseal", "serve"]
