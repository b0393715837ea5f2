# Every task of the project by name; `make help` lists them. The work is done by npm's tools and the scripts under tools/ and test/.
NODE := node --import tsx
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help demo lab soak properties test check types lint format build agent web package size catalogs quickjs screenshots screens clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: ## the router, its line and the page, in a virtual machine on this computer
	@tools/setup.sh demo
	@$(MAKE) --no-print-directory agent web quickjs
	@$(NODE) test/lab/demo.ts

lab: ## the same router with a shell instead of a page: each line you type runs there
	@tools/setup.sh demo
	@$(MAKE) --no-print-directory agent web quickjs
	@$(NODE) test/lab/shell.ts

soak: ## a thousand random events in the lab, with a printed SEED that repeats them
	@tools/setup.sh test
	@$(MAKE) --no-print-directory agent web quickjs
	@SEED=$${SEED:-$$(date +%s)} EVENTS=$${EVENTS:-1000} $(NODE) test/lab/soak.test.ts

properties: ## other random configurations and histories than `make test` asks about, with a printed SEED that repeats them
	@tools/setup.sh test
	@export SEED=$${SEED:-$$(date +%s)}; for suite in properties history; do $(NODE) test/unit/$$suite.test.ts || exit; done

screenshots: ## the page on the lab, four links carrying traffic: docs/four-links.png
	@tools/setup.sh test
	@$(MAKE) --no-print-directory agent web quickjs
	@mkdir -p docs
	@SCREENSHOT=docs/four-links.png $(NODE) test/lab/page.test.ts

screens: ## every screen, wide and narrow, light and dark, in each language: build/screenshots/index.html (ONLY=part of a name)
	@tools/setup.sh test
	@$(MAKE) --no-print-directory web
	@$(NODE) test/browser/screenshots.ts $(ONLY)

test: ## everything: types, lint, all suites (installs what they need)
	@tools/setup.sh test
	@$(MAKE) --no-print-directory agent web quickjs
	@$(NODE) test/run.ts --again all

check: ## the quick part: types, lint, unit and golden suites
	@tools/setup.sh check
	@$(NODE) test/run.ts quick

types: ## only the types
	@tsc --build

lint: ## only the linter
	@biome check

format: ## lay out the code as the linter wants it
	@biome check --write

build: ## the agent's bundle and the page, in build/
	@tools/setup.sh build
	@$(MAKE) --no-print-directory agent web

agent:
	@$(NODE) tools/build-agent.ts

web:
	@vite build --config web/vite.config.ts --logLevel warn

package: build ## both packages for OpenWrt, in dist/
	@$(NODE) tools/package.ts

catalogs: ## the catalogs of web/po brought up to date, and what is left to translate
	@$(NODE) tools/catalogs.ts

size: package ## the sizes that count on a router, against their budgets
	@$(NODE) tools/size.ts

quickjs: ## the real QuickJS, native and mipsel, in build/tools/
	@tools/build-quickjs.sh

clean: ## throw away what was built (node_modules stays)
	rm -rf build dist
