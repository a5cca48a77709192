# The two commands that the README names are `make build` and `make test`; both set up the environment when needed.
# PYTHON chooses the interpreter (3.11 or newer) that the environment is made from.
PYTHON ?= python3
REPLICATIONS ?= 2000
# Our promise to readers is tried with the program itself: the oldest DuckDB that has to open the published file.
OLDEST := .venv/duckdb-1.0
SURVEYS ?= 40
# Variables of dbt_project.yml to change for one build: make build VARS='{leave_out_exports: [bristol]}'
VARS ?= {}
ACTIVATED := PATH="$(CURDIR)/.venv/bin:$$PATH"

.DEFAULT_GOAL := help
.PHONY: help setup check build report workbook files quick test thorough attack faults lint measure docs documents cookbook exports simulate compare benchmark bench-draft reference lock older-duckdb clients spark clean

help:            ## list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed -e 's/:.*##/\t/' | expand -t 16

setup: .venv/ready

# Plain pip, exact versions, checked hashes. The project itself is linked, so that a change takes effect at once.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -I -c 'import sys; sys.exit("coproduction needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make build PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up, only this once. 1 of 3: make the environment .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -I -m venv --clear .venv
	@echo "2 of 3: install the $$(grep -c '==' requirements.lock) packages of requirements.lock, which takes a minute or two"
	@.venv/bin/python -P -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@echo "3 of 3: link this project into the environment"
	@.venv/bin/python -P -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

check: setup     ## check the exports and the codebook, without building
	@$(ACTIVATED) coproduction check --vars '$(VARS)'

build: setup     ## build the warehouse, showing the progress, write the report and print the levels
	@$(ACTIVATED) coproduction build --vars '$(VARS)'

report: setup    ## write the report of the last build: reports/study.html, a page for each council, a dictionary
	@$(ACTIVATED) coproduction report

workbook: setup  ## write the reports as workbooks with charts, reports/tables.xlsx and reports/questions.xlsx, and as CSV files
	@$(ACTIVATED) coproduction workbook

files: setup     ## write Word documents of the report, and its charts as SVG and PNG, reports/study.docx and reports/charts
	@$(ACTIVATED) coproduction files

quick: setup     ## the tests to run while working: all without the marks `slow` and `thorough`
	$(ACTIVATED) pytest -m "not slow and not thorough"

test: lint $(OLDEST).ready  ## lint; then all tests but the thorough ones, which build copies of the project
	$(ACTIVATED) pytest

# The first line draws surveys and builds large studies in every way, also on Spark if `make spark` has installed it; the second
# makes up ten times as many files as `make test`.
thorough: setup  ## the simulation checks and other tests that draw thousands of surveys, or build large studies in every way (slow)
	$(ACTIVATED) PYTHONPATH="$(CURDIR)/target/spark-packages" pytest -m thorough
	$(ACTIVATED) COPRODUCTION_THOROUGH=1 pytest tests/python/exports/test_any_file.py tests/python/exports/test_repair_is_no_circle.py

attack: setup    ## attack made-up surveys of 12 to 950 people: SURVEYS=40 of them, hidden counts and what they can still be (slow)
	$(ACTIVATED) PYTHONPATH=tests/python python tests/python/attack_surveys.py --surveys $(SURVEYS)

faults: setup    ## test that a killed build, a full disk or a file in use harms nothing (half an hour)
	$(ACTIVATED) pytest tests/faults

lint: setup      ## ruff, mypy and sqlfluff
	$(ACTIVATED) ruff check python tests models
	$(ACTIVATED) ruff format --check python tests models
	$(ACTIVATED) mypy
	$(ACTIVATED) sqlfluff lint models analyses tests/singular --disable-progress-bar

measure: setup   ## measure the sizes and habits of the code against the goals of the house style
	@$(ACTIVATED) PYTHONPATH=python python -m workbench.measure

docs: setup      ## the documentation site, as one offline page: target/static_index.html
	@$(ACTIVATED) dbt docs generate --static

documents: setup ## write the generated parts of docs/ again: tables, columns, lineage, index of the decisions
	$(ACTIVATED) PYTHONPATH=python python -m workbench.documents

cookbook: setup  ## write docs/sql-cookbook.md again: each question in analyses with its answer in the published file
	$(ACTIVATED) PYTHONPATH=python python -m workbench.cookbook

exports: setup   ## make the synthetic exports again, byte for byte
	$(ACTIVATED) PYTHONPATH=python python -m workbench.calibration

simulate: setup  ## test the estimators on simulated surveys whose true values are known: REPLICATIONS=2000 each, 10000 for the full run
	$(ACTIVATED) PYTHONPATH=python python -m workbench.simulation --replications $(REPLICATIONS)

compare: setup   ## compare the estimates and reports of two warehouses: make compare OLD=before.duckdb NEW=after.duckdb
	@$(ACTIVATED) PYTHONPATH=python python -m workbench.comparison $(OLD) $(NEW)

# Minutes after which nothing more begins, and what else: --respondents 3000 100000, --growth, --repeat 32. --help says more.
MINUTES ?= 12
MEASURE ?=
benchmark: setup .venv/peers.ready  ## measure CPU time and memory beside peers in polars, pandas and R, see benchmarks/README.md: MINUTES=12
	@$(ACTIVATED) PYTHONPATH=python python -m workbench.benchmark --minutes $(MINUTES) $(MEASURE)

.venv/peers.ready: benchmarks/peers/requirements.txt .venv/ready
	@.venv/bin/python -P -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --upgrade --require-hashes --target .venv/peers --requirement $< || echo "polars cannot be installed here; the peers that need it are left out."
	@touch $@

bench-draft: setup ## how well `coproduction draft` does on the questionnaires of tests/bench, unaided
	@$(ACTIVATED) PYTHONPATH=python python -m workbench.bench

# The tests read the committed values. Only this target needs R, with the packages that each script names.
reference:       ## compute the reference values of the statistics again (needs R)
	for script in tests/python/reference/*.R; do Rscript --vanilla $$script || exit 1; done

lock:            ## refresh requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --extra readers --extra office --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file requirements.lock

# There are no wheels of it for Python 3.13 and later: there the test that needs it is skipped.
$(OLDEST).ready: tests/older_duckdb/1.0.txt .venv/ready
	@.venv/bin/python -P -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --upgrade --require-hashes --target $(OLDEST) --requirement $< || echo "DuckDB 1.0.0 cannot be installed here; its test is skipped."
	@touch $@

# For somebody who cannot use DuckDB 2: builds the same project with the newest 1.5, in a separate environment.
older-duckdb: $(OLDEST).ready  ## build with DuckDB 1.5 instead of 2.0, in target/older-duckdb, and open what is published with 1.0
	$(PYTHON) -I -m venv --clear target/older-duckdb/.venv
	target/older-duckdb/.venv/bin/python -P -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	target/older-duckdb/.venv/bin/python -P -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement tests/older_duckdb/1.5.txt
	target/older-duckdb/.venv/bin/python -P -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	COPRODUCTION_WAREHOUSE=target/older-duckdb/coproduction.duckdb target/older-duckdb/.venv/bin/dbt --quiet build --target-path target/older-duckdb/target
	target/older-duckdb/.venv/bin/python -P tests/older_duckdb/open_published.py $(OLDEST) target/older-duckdb/published.duckdb

# Not a part of `make test`: it needs a network, half a gigabyte in target/clients, and two builds.
clients: setup   ## read the published file with other clients, each in an environment of its own, while a build runs
	$(ACTIVATED) pytest tests/clients

# Not a part of `make test`: it needs a network, Python 3.11, Chromium, 0.9 GB in target/superset and a published file.
superset: setup  ## try Superset with the published file: database, dataset, dashboard, and a picture of it in target/superset
	mkdir -p target/superset
	test -x target/superset/venv/bin/superset || $(PYTHON) -I -m venv --clear target/superset/venv
	target/superset/venv/bin/python -P -m pip install --quiet --disable-pip-version-check --require-hashes --requirement tests/superset/requirements.txt
	$(ACTIVATED) python -P tests/superset/try_superset.py target/superset warehouse/published.duckdb

# Not a part of `make test`: it needs Java 17, a network for 450 MB of Spark in target/spark-packages, and several builds.
spark: setup     ## count on Spark what DuckDB counts, and compare every table of the two (docs/spark.md)
	@command -v java > /dev/null || { echo "Skipped: Spark needs Java 17 or newer, and there is none here. On Debian: apt-get install openjdk-17-jre-headless"; exit 0; }; \
	test target/spark-packages/made -nt tests/spark/requirements.txt || { \
		.venv/bin/python -P -m pip install --quiet --disable-pip-version-check --require-hashes --upgrade --target target/spark-packages --requirement tests/spark/requirements.txt && \
		touch target/spark-packages/made; } && \
	PATH="$(CURDIR)/.venv/bin:$$PATH" PYTHONPATH=target/spark-packages pytest tests/spark

clean:           ## remove what was built, keep the environment
	rm -rf target logs warehouse reports
