# Two commands do all the set-up:  make run  (the service with demo data)  and  make test  (all tests).
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
SINERGI := $(VENV)/bin/sinergi
export SINERGI_HOME ?= $(CURDIR)/instance

# What the press needs from the system: Pango, HarfBuzz, and fonts that are as wide as Arial and Bookman Old Style.
PRESS := libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-urw-base35
# What the tests need besides: a browser, and a reader of PDFs that is not ours.
TESTING := chromium poppler-utils

.PHONY: help setup run demo test lint bench experiments screenshots clean
help:
	@echo "make run    layanan dengan data contoh di http://localhost:$(PORT)"
	@echo "make test   semua uji"
	@echo "make setup  hanya memasang ke $(VENV)/"

setup: press-packages $(VENV)/.installed
run: setup
	@test -f "$(SINERGI_HOME)/demo_accounts.json" || $(SINERGI) demo
	$(SINERGI) serve --port $(PORT)
demo: setup
	$(SINERGI) demo

test: press-packages test-packages $(VENV)/.installed-dev
	$(VENV)/bin/python -m pytest -n 2 --dist worksteal
lint: $(VENV)/.installed-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
bench: $(VENV)/.installed-dev
	$(VENV)/bin/python -m tests.bench.two_originals
experiments: press-packages $(VENV)/.installed-dev
	$(VENV)/bin/python -m tests.experiments.everything; failed=$$?; $(VENV)/bin/python -m tests.experiments.table; exit $$failed
screenshots: $(VENV)/.installed-dev
	$(VENV)/bin/python -m tests.browser.screenshots docs/pictures
clean:
	rm -rf $(VENV) build *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Perlu Python 3.11 atau lebih baru (make PYTHON=python3.12 ...)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@
$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.PHONY: press-packages test-packages
press-packages:
	@sh .ci/packages $(PRESS)
test-packages:
	@sh .ci/packages $(TESTING)
