# Two commands: `make demo` and `make test`. Both set up `.venv` first; nothing else is needed but Python and make.
PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3 python; do \
  $$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
UV_VERSION := $(shell sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements.lock)
READY := .venv/.ready
ARGS ?=
DOCS ?= build/dbt-docs

.PHONY: demo test lint types imports sql unit chromium lock schemas docs clean

demo: $(READY)
	.venv/bin/meridian demo $(ARGS)

# The types by themselves leave a core idle.
test: $(READY)
	@$(MAKE) --no-print-directory --jobs 2 lint types imports sql
	@$(MAKE) --no-print-directory unit

lint: $(READY)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: $(READY)
	.venv/bin/pyright

imports: $(READY)
	.venv/bin/lint-imports

sql: $(READY)
	.venv/bin/sqlfluff lint --processes 0 dbt/models dbt/tests

# A third of a test's time is waiting, for a broker or a process that starts: three at once keep two cores at work.
unit: $(READY) chromium
	.venv/bin/pytest -n 3 --dist loadscope --no-loadscope-reorder $(ARGS)

# The dashboard is tested in a real browser. Debian's is installed where that is permitted; elsewhere those tests say why
# they are skipped.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing Chromium"; apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	  else echo "no Chromium, and no right to install it: its tests will be skipped"; fi; }

$(READY): requirements.lock pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo "Meridian needs Python 3.11, 3.12 or 3.13 with venv (Debian: python3-venv)"; exit 1; }
	@[ -x .venv/bin/python ] || { echo "making .venv with $(PYTHON)"; $(PYTHON) -m venv .venv; }
	@[ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) \
	  || { echo "could not download uv: is there a network?"; exit 1; }
	@echo "installing the locked dependencies"
	@.venv/bin/uv pip sync --python .venv/bin/python --require-hashes requirements.lock \
	  || { echo "could not install the dependencies: is there a network?"; exit 1; }
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	@touch $(READY)

lock: $(READY)
	.venv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header \
	  --quiet -o requirements.lock

schemas: $(READY)
	.venv/bin/python -m clinic_events.export
	.venv/bin/python -m data_dictionary.export

# Every model with its columns, tests and lineage, in one page for the browser.
docs: $(READY)
	@.venv/bin/dbt docs generate --static --empty-catalog --quiet --project-dir dbt --profiles-dir dbt \
	  --target-path $(abspath $(DOCS)) --log-path $(abspath $(DOCS))/logs
	@echo "$(DOCS)/static_index.html"

clean:
	rm -rf .venv .meridian-demo build/dbt-docs
