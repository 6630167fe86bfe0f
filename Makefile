# Everything here runs from a fresh clone: the first target asked for makes .venv in the checkout.
# PYTHON=... picks the interpreter (3.11 to 3.13); ARGS=... goes on to pytest or to the benchmark.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1 \
	&& { command -v $$p; break; }; done)
BIN := .venv/bin
ARGS ?=

.PHONY: help venv demo test lint test-slow fuzz browser bench bench-ops test-gpu face coverage clean

help:
	@echo "make demo       train the lecture's network and a convolutional network on real digits"
	@echo "make test       ruff, mypy, pytest (ARGS='-k relu' narrows pytest)"
	@echo "make lint       ruff and mypy alone"
	@echo "make test-gpu   the oracle and conformance tests on an accelerator, if JAX finds one"
	@echo "make test-slow  the tests marked slow"
	@echo "make browser    look at the demo's logs with TensorBoard in a headless Chromium (SCREENSHOT=file.png keeps a picture)"
	@echo "make fuzz       fuzz everything that reads files, ten minutes each (ARGS='--seconds 60 images' does less)"
	@echo "make interop    TensorFlow 1.15.5 and the newest one read what defrun writes (makes their environments; needs Python 3.7)"
	@echo "make pretrained fetch a model that a package carries, and hear with it which notes a sound has"
	@echo "make bench      compare with TensorFlow 1.15.5, today's TensorFlow, PyTorch and bare JAX (makes their environments)"
	@echo "make bench-ops  compare bodies of ops with jax.numpy and jax.lax called directly (docs/op_speed.md)"
	@echo "make face       write the lists of TensorFlow's names again, after a new function or class"
	@echo "make coverage   count again what public TensorFlow 1 programs use and what of it is here (docs/coverage.md)"
	@echo "make clean      remove .venv, caches and what the demo and the benchmark wrote"

venv: .venv/.ready

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 found; say: make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# The stamp is remade only when the dependencies may have changed.
.venv/.ready: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,demo]'
	@touch $@

demo: .venv/.ready
	$(BIN)/python examples/lecture.py
	$(BIN)/python examples/digits.py
	@echo "Its curves, weights, digits and graph in a browser: .venv/bin/defrun board examples/out/logs"

lint: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/mypy

test: lint
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow and not gpu and not interop" $(ARGS)

test-slow: .venv/.ready
	$(BIN)/pytest -m "slow and not gpu" $(ARGS)

# Any Chromium or Chrome of this machine will do; where there is none, playwright brings one, outside the checkout.
browser: .venv/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[browser]'
	@command -v chromium chromium-browser google-chrome >/dev/null || test -n "$(CHROMIUM)" \
		|| $(BIN)/python -m playwright install chromium
	SCREENSHOT="$(SCREENSHOT)" $(BIN)/pytest -m browser tests/browser $(ARGS)

fuzz: .venv/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	$(BIN)/python -m tests.fuzz.run $(ARGS)

interop: .venv/.ready
	$(BIN)/pytest -m interop tests/interop $(ARGS)

pretrained: .venv/.ready
	$(BIN)/python examples/pretrained.py --fetch
	$(BIN)/pytest -q tests/examples/test_pretrained.py $(ARGS)

test-gpu: .venv/.ready
	$(BIN)/pytest -m gpu $(ARGS)

bench: .venv/.ready
	$(BIN)/python benchmarks/run.py $(ARGS)

bench-ops: .venv/.ready
	$(BIN)/python benchmarks/ops.py $(ARGS)

face: .venv/.ready
	$(BIN)/python tools/face.py

coverage: .venv/.ready
	$(BIN)/python tools/coverage.py --markdown

clean:
	rm -rf .venv build dist examples/out benchmarks/envs benchmarks/results
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests examples benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
