# Weir. `make` alone lists what there is.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help up down test check format golden prices bench bench-tls bench-ledger bench-journal bench-translate profile allocations shared scale flame slowloris parked sim dialects clients outages failover hedge overload race rates outage crash restart soak revocation conformance sanitize fuzz clean

# Without the flag SwiftPM lets a module import a sibling that its manifest does not name.
SWIFT_FLAGS := --explicit-target-dependency-import-check error

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | \
	    while IFS='|' read -r target text; do printf '  make %-13s %s\n' "$$target" "$$text"; done

up: ## start both planes, PostgreSQL and a stub provider on this machine, and show a first answer
	@deploy/up.sh

down: ## stop what `make up` started; keys and data are kept
	@deploy/down.sh

test: ## build and run all tests, end to end included
	@deploy/test.sh all

check: ## format, build and the fast tests
	@deploy/test.sh check

format: ## rewrite the sources in the project's format
	@swift format format --in-place --parallel --recursive Package.swift Sources Tests

golden: ## rewrite the golden files; the diff is the review
	@WEIR_GOLDEN=rewrite deploy/test.sh golden

prices: ## what requests cost: every price vector, against a second computation
	@deploy/test.sh prices

bench: ## Weir and nginx on the same core, side by side
	@Tests/Benchmarks/bench.sh

bench-tls: ## the same with TLS 1.3 between callers and gateway
	@BENCH_TLS=1 Tests/Benchmarks/bench.sh

bench-ledger: ## lease operations and usage events per second, PostgreSQL included
	@Tests/Benchmarks/ledger.sh

bench-journal: ## what the journal costs a request under each policy
	@deploy/build-release.sh weir-journal-bench
	@.build/release/weir-journal-bench $${BENCH_DIRECTORY:-.build/bench-journal} $${BENCH_SECONDS:-2}

bench-translate: ## what the translation between dialects costs, for each pair
	@deploy/build-release.sh weir-translate-bench
	@.build/release/weir-translate-bench $${BENCH_ROUNDS:-20000}

profile: ## measure the request path for the compiler, into deploy/weir-data.profile
	@Tests/Benchmarks/profile.sh

allocations: ## what a request allocates on its loop; PLACES=30: and where
	@Tests/Benchmarks/probe.sh allocations

shared: ## objects whose reference counts both of two loops write for a request; PLACES=30: and where
	@Tests/Benchmarks/probe.sh shared

scale: ## CPU per request of two threads against one
	@Tests/Benchmarks/scale.sh

flame: ## where the time of a request goes, as pictures in docs/pictures
	@Tests/Benchmarks/flame.sh

slowloris: ## 10,000 connections, half of which send a byte a second: what the others notice, when the slow are cut: CONNECTIONS=
	@Tests/Benchmarks/crowd.sh slowloris

parked: ## what 9,500 silent streams, and as many idle connections, cost in memory: CONNECTIONS=
	@Tests/Benchmarks/crowd.sh parked

sim: ## ledger, wallets and journals against every fault, seeded: SEED=, STEPS=
	@deploy/sim.sh

dialects: ## every conversation between every two dialects, against the reviewed files, and each stream cut at every byte
	@deploy/test.sh dialects

clients: ## the official clients, unchanged, in front of providers of every dialect
	@deploy/test.sh clients

outages: ## every class of outcome, before and after the first byte, with and without a fallback, as a table
	@deploy/test.sh outages

failover: ## one of three providers goes down for 20 of 60 seconds at 500 requests a second
	@deploy/test.sh failover

hedge: ## time to the first token of a provider that is slow for 2 of 100 requests, with hedging
	@deploy/test.sh hedge

overload: ## a provider for 8 requests at a time and 64 callers, with and without a limit on concurrency; high and low priority
	@deploy/test.sh overload

race: ## 64 callers spend one dollar on four data planes, in peace and while processes are killed: ten seeds
	@deploy/test.sh race

rates: ## requests and tokens in any minute of an overload on four data planes, to the request
	@deploy/test.sh rates

outage: ## PostgreSQL stopped for a minute under load: what is served, lost, overspent
	@deploy/test.sh outage

crash: ## kill -9 of a data plane under load: what is lost, what is doubled
	@deploy/test.sh crash

restart: ## rolling restarts under load, by SIGTERM and by take-over: what fails, what is cut
	@deploy/test.sh restart

soak: ## MINUTES=20 of every kind of caller and fault: what is left behind
	@WEIR_SOAK_SECONDS=$$(($${MINUTES:-20} * 60)) deploy/test.sh soak

conformance: ## HTTP/1.1 byte by byte, in front of the stub provider and of nginx
	@deploy/test.sh conformance

sanitize: ## all tests under the thread sanitizer, then under the address sanitizer: SANITIZER=
	@deploy/test.sh sanitize

revocation: ## how long a revoked key still works, on two replicas
	@deploy/test.sh revocation

fuzz: ## fuzz every parser for FUZZ_SECONDS (300) in all
	@deploy/fuzz.sh $${FUZZ_SECONDS:-300}

clean: ## stop what runs and remove what was built and stored (.build, .weir)
	@deploy/down.sh --erase
	@rm -rf .build
