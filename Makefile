# The two commands of the README are `make build` and `make test`; both set up the environment when needed.
# PYTHON chooses the interpreter (3.11 or newer) that the environment is made from.
PYTHON ?= python3
REPLICATIONS ?= 2000
# Variables of dbt_project.yml to change for one build: make build VARS='{leave_out_exports: [bristol]}'
VARS ?= {}
ACTIVATED := PATH="$(CURDIR)/.venv/bin:$$PATH"

.DEFAULT_GOAL := help
.PHONY: help setup check build test faults lint docs exports simulate compare reference lock older-duckdb clean

help:            ## list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed -e 's/:.*##/\t/' | expand -t 16

setup: .venv/ready

# Plain pip, exact versions, checked hashes; the project itself is linked in place.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("coproduction needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make build PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv --clear .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

check: setup     ## check the exports and the codebook, without building
	@$(ACTIVATED) coproduction check

build: setup     ## build the warehouse and print the levels
	@mkdir -p warehouse
	@$(ACTIVATED) coproduction check --vars '$(VARS)'
	@$(ACTIVATED) dbt --quiet build --vars '$(VARS)'
	@$(ACTIVATED) coproduction summary

test: lint       ## lint; then pytest, which builds and tests copies of the project in temporary folders
	$(ACTIVATED) pytest

faults: setup    ## kill builds, fill disks, hold files: what was published stays, the next build works (slow)
	$(ACTIVATED) pytest tests/faults

lint: setup      ## ruff and sqlfluff
	$(ACTIVATED) ruff check python tests models
	$(ACTIVATED) ruff format --check python tests models
	$(ACTIVATED) sqlfluff lint models analyses tests/singular --disable-progress-bar

docs: setup      ## the documentation site, as one offline page: target/static_index.html
	@$(ACTIVATED) dbt docs generate --static

exports: setup   ## make the synthetic exports again, byte for byte
	$(ACTIVATED) PYTHONPATH=python python -m workbench.calibration

simulate: setup  ## run the simulation checks on planted truth: REPLICATIONS=2000 surveys each, 10000 for the full run
	$(ACTIVATED) PYTHONPATH=python python -m workbench.simulation --replications $(REPLICATIONS)

compare: setup   ## compare the estimates and reports of two warehouses: make compare OLD=before.duckdb NEW=after.duckdb
	@$(ACTIVATED) PYTHONPATH=python python -m workbench.comparison $(OLD) $(NEW)

# Users and CI read the committed values; only this needs R, with the packages that each script names.
reference:       ## compute the reference values of the statistics again (needs R)
	for script in tests/python/reference/*.R; do Rscript --vanilla $$script || exit 1; done

lock:            ## refresh requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file requirements.lock

# The way back, should DuckDB 2 fail somebody: the same project on the newest 1.5, in an environment of its own.
older-duckdb:    ## build with DuckDB 1.5 instead of 2.0, in target/older-duckdb
	$(PYTHON) -m venv --clear target/older-duckdb/.venv
	target/older-duckdb/.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	target/older-duckdb/.venv/bin/python -m pip install --quiet --disable-pip-version-check 'duckdb>=1.5,<1.6'
	target/older-duckdb/.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	COPRODUCTION_WAREHOUSE=target/older-duckdb/coproduction.duckdb target/older-duckdb/.venv/bin/dbt --quiet build --target-path target/older-duckdb/target

clean:           ## remove what was built, keep the environment
	rm -rf target logs warehouse
