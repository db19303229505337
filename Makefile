# Two commands: `make run` starts the app, `make test` checks everything. Both make their own environment.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8501

.PHONY: run test lint bench clean

run: .venv/run.done
	@echo "Unrolled is at http://127.0.0.1:$(PORT)"
	$(BIN)/python -m streamlit run dashboard/app.py --server.port $(PORT) --server.headless true

test: lint
	$(BIN)/python -m pytest -n 4 --dist worksteal

lint: .venv/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/test.done
	$(BIN)/python -m benchmarks.scrub
	$(BIN)/python -m benchmarks.first_picture
	$(BIN)/python -m benchmarks.stored_picture
	$(BIN)/python -m benchmarks.moments
	$(BIN)/python -m benchmarks.gallery build/gallery
	$(BIN)/python -m benchmarks.worker_start
	$(BIN)/python -m benchmarks.training
	$(BIN)/python -m benchmarks.long_series
	$(BIN)/python -m benchmarks.recording
	$(BIN)/python -m benchmarks.sarima_fits
	$(BIN)/python -m benchmarks.m3
	$(BIN)/python -m benchmarks.grids
	$(BIN)/python -m benchmarks.coverage
	$(BIN)/python -m benchmarks.m3_choice
	$(BIN)/python -m benchmarks.lessons
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.mutating
	$(BIN)/python -m benchmarks.ridership

.venv/made:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Unrolled needs Python 3.11 or newer.')"
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run.done: requirements.txt .venv/made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/test.done: requirements-dev.txt .venv/run.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis screenshots
