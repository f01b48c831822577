# Two commands: `make report` and `make test`. Each sets up what it needs in .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
CORPUS ?= corpora/mentor-mentor-demo
OUT    ?= reports/$(notdir $(CORPUS))
REPORT_LANGUAGE ?= en

# Nothing a diary touches may leave the machine, and results must not hang on thread timing.
export HF_HUB_OFFLINE := 1
export MPLBACKEND := Agg

.PHONY: report test setup notebooks benchmark evaluate lint clean

report: setup            ## build the research report of the bundled corpus
	$(BIN)/reflect report $(CORPUS) -o $(OUT) --language $(REPORT_LANGUAGE)

test: setup              ## run every test, the notebooks included
	$(BIN)/python -m pytest -q --nbval --nbval-current-env tests src notebooks

setup: $(VENV)/.ready

# torch first and by itself: on machines without a GPU a CPU wheel given by pip's configuration is then kept.
$(VENV)/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep '^torch==' requirements.lock)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

notebooks: setup         ## run the committed notebooks again and keep their outputs
	$(BIN)/python -m nbconvert --to notebook --execute --inplace --log-level WARN \
		--ExecutePreprocessor.record_timing=False notebooks/*.ipynb

benchmark: setup         ## print the speed ratios beside peers in the same run
	$(BIN)/python tests/benchmarks/parse.py
	$(BIN)/python tests/benchmarks/markers.py
	$(BIN)/python tests/benchmarks/topics.py 2000

evaluate: setup          ## print the quality tables of the README
	$(BIN)/python tests/evaluation/lemmas.py
	$(BIN)/python tests/evaluation/markers.py --natural-test --blind
	$(BIN)/python tests/evaluation/topics.py
	$(BIN)/python tests/evaluation/topic_languages.py
	$(BIN)/python tests/evaluation/cohorts.py

lint: setup
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

clean:
	rm -rf $(VENV) build src/*.egg-info
