# Commands of the project. They need python3 (3.11 or later) and nothing else.
#   make demo        the whole thing on this machine, at http://localhost:8000 (PORT and HOST change that)
#   make test        lint and every test; on PostgreSQL too when TEST_DATABASE_URL names a database
#   make lint        format, lint, types, layers, templates, migrations
#   make bench       measurements, as a table
#   make lock        write the pinned requirements anew
#   make catalogues  write and compile the translations

PYTHON = python3
BIN = .venv/bin
COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

all: test

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Plenary needs Python 3.11 or later; PYTHON=... names one")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	touch $@

.venv/base: .venv/made requirements/base.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	touch $@

.venv/dev: .venv/made requirements/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch .venv/base $@

demo: .venv/base
	@PORT="$${PORT:-8000}" HOST="$${HOST:-localhost}" DEMO=1; export PORT HOST DEMO; \
	case "$$HOST" in 0.0.0.0|::) name=localhost;; *) name="$$HOST";; esac; \
	SITE_URL="http://$$name:$$PORT" ALLOWED_HOSTS="localhost,127.0.0.1,$$HOST"; export SITE_URL ALLOWED_HOSTS; \
	$(BIN)/python manage.py migrate --verbosity 0 && \
	$(BIN)/python manage.py createcachetable --verbosity 0 && \
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0 && \
	$(BIN)/python manage.py demo && \
	exec $(BIN)/python manage.py serve

test: .venv/dev lint
	ON_SQLITE=1 TEST_DATABASE_URL= $(BIN)/pytest -n auto -m "not benchmark and not postgresql"
	@if [ -n "$$TEST_DATABASE_URL" ]; then \
	  echo "Once more, on PostgreSQL:"; $(BIN)/pytest -n auto -m "not benchmark and not browser"; \
	elif [ -n "$$REQUIRE_POSTGRESQL" ]; then echo "REQUIRE_POSTGRESQL is set and TEST_DATABASE_URL is not" >&2; exit 1; \
	else echo "LEFT OUT: the tests on PostgreSQL; TEST_DATABASE_URL=postgres://... runs them"; fi

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -Wa manage.py makemigrations --check --dry-run

bench: .venv/dev
	$(BIN)/pytest -q -s -m benchmark tests/benchmarks

lock: .venv/dev
	$(COMPILE) pyproject.toml -o requirements/base.txt
	$(COMPILE) --group dev pyproject.toml -o requirements/dev.txt -c requirements/base.txt

catalogues: .venv/dev
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py catalogues

.PHONY: all demo test lint bench lock catalogues
