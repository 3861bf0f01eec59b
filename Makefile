# Xinban in verbs. `make` alone lists them.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
PORT ?= 8000
# Tests run in this many processes; WORKERS=0 runs them in one.
WORKERS ?= 2
ROLE ?= applicant
# `make demo-token clerk` means the same as `make demo-token ROLE=clerk`.
ifeq (demo-token,$(firstword $(MAKECMDGOALS)))
  ifneq (,$(word 2,$(MAKECMDGOALS)))
    ROLE := $(word 2,$(MAKECMDGOALS))
    $(eval $(ROLE):;@:)
  endif
endif
export PORT
export PYTHONUTF8 := 1

# What production demands of its environment, with values no server would accept.
PRODUCTION := DJANGO_SETTINGS_MODULE=config.settings.production ALLOWED_HOSTS=xinban.example \
	SECRET_KEY=only-for-check-deploy-0123456789-abcdefghijklmnopqrstuvwxyz \
	DATABASE_URL=postgresql://nobody@127.0.0.1:9/none REDIS_URL=redis://127.0.0.1:9/0 \
	EMAIL_URL=smtp://127.0.0.1:9

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check bench flows audit demo-token

help: ## list the verbs
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: ## install what runs
	@$(PYTHON) config/install.py requirements.txt

setup-dev: ## install what runs and what tests
	@$(PYTHON) config/install.py requirements-dev.txt

run: setup ## start everything; PORT=8123 make run serves elsewhere
	@exec $(PY) -m config.launch

test: setup-dev ## run every test on a real PostgreSQL; WORKERS=0 in one process
	@$(PY) -m pytest -n $(WORKERS) $(ARGS)

check: setup-dev ## style, types, floors, migrations, flows proven, deployment, known vulnerabilities
	@echo "== style";        $(PY) -m ruff check .
	@echo "== format";       $(PY) -m ruff format --check .
	@echo "== types";        $(PY) -m mypy .
	@echo "== floors";       $(PY) -c "from importlinter.cli import lint_imports_command as c; c()"
	@echo "== migrations";   DJANGO_SETTINGS_MODULE=config.settings.test $(PY) manage.py makemigrations --check --dry-run
	@echo "== flows";        DJANGO_SETTINGS_MODULE=config.settings.test $(PY) manage.py check_flows
	@echo "== deployment";   $(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	@echo "== vulnerabilities"; said="$$($(PY) -m pip_audit -r requirements.txt --no-deps --disable-pip \
		--progress-spinner off --timeout 15 2>&1)" || case "$$said" in \
		*"known vulnerabilit"*) echo "$$said"; exit 1;; *) echo "no advisory source answers: not audited";; esac

bench: setup ## measure beside raw SQL and plain viewflow
	@$(PY) manage.py bench $(ARGS)

flows: setup ## draw every flow into docs/flows/
	@$(PY) manage.py flows $(ARGS)

audit: setup ## verify every chain of the event log
	@$(PY) manage.py verify_audit $(ARGS)

demo-token: setup ## print an API token: make demo-token ROLE=applicant
	@$(PY) manage.py demo_token --role $(ROLE)
