# The targets; each one first makes .venv ready (config/demo/bootstrap.py). `make help` lists them.
# PORT, MACHINOMA_DATA, DATABASE_URL and the other variables are explained in docs/running.md.

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)) python3)

# Messages contain Japanese, whatever the machine's language is.
export PYTHONUTF8 = 1

# `exec` makes the program take make's place as the child, so that it gets make's signals.
RUN = @exec $(PYTHON) -m config.demo.bootstrap

.PHONY: help demo demo-reset test check explore explore-money format bench install
.DEFAULT_GOAL := help

help: ## List the targets
	@sed -n 's/^\([a-z-]*\): *## *\(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) \
		| while IFS='|' read -r target words; do printf '%-18s %s\n' "$$target" "$$words"; done

demo: ## Set everything up and serve the demo until Ctrl-C (PORT=8000, MACHINOMA_DATA=.data)
	$(RUN) demo

demo-reset: ## Delete the demo's data; the next `make demo` starts over
	$(RUN) demo-reset

test: ## Run everything: linters, types, migrations, deployment check, API schema, all tests
	$(RUN) test

check: ## Run the linters, types and import rules only
	$(RUN) check

explore: export EXAMPLES ?= 20000
explore: ## Try many more orders of operations than `make test` does (EXAMPLES=20000)
	$(RUN) explore

explore-money: export RUNS ?= 5000
explore-money: ## Try many more runs of paying, refunding and crashing than `make test` does (RUNS=5000)
	$(RUN) explore-money

format: ## Let ruff put the code into shape
	$(RUN) format

bench: ## Measure the speed against references on the same machine
	$(RUN) bench

install: ## Make .venv ready for development
	$(RUN) install
