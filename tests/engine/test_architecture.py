"""Imports point one way, the page never pays for torch, and no module grows without a reason."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MODULES = sorted(file for part in ("engine", "dashboard") for file in (ROOT / part).rglob("*.py"))
OTHERS = sorted(file for part in ("tests", "benchmarks") for file in (ROOT / part).rglob("*.py"))

# Nobody may import what stands to the right: nouns <- verbs <- models, nouns <- views <- session <- pages.
FORBIDDEN = {
    "engine": ("dashboard", "streamlit", "plotly"),
    "engine.nouns": (
        "engine.models",
        "engine.training",
        "engine.preparing",
        "engine.reading",
        "engine.worker",
        "torch",
    ),
    "engine.preparing": ("engine.models", "engine.training", "engine.worker", "torch"),
    "engine.reading": ("engine.models", "engine.training", "engine.worker", "torch", "statsmodels"),
    "engine.comparing": ("torch", "statsmodels"),
    "engine.training": ("engine.models", "engine.worker"),
    "engine.kernels": ("engine.models", "engine.training", "engine.worker"),
    "dashboard": ("torch", "statsmodels", "numba", "engine.kernels", "engine.training", "engine.worker"),
    "engine.working": ("engine.lessons", "engine.models", "engine.training", "engine.worker", "torch"),
    "engine.lessons": ("engine.models", "engine.training", "engine.worker", "torch"),
    "dashboard.tracer": ("dashboard.session", "dashboard.lessons", "dashboard.app_pages"),
    "dashboard.lessons": ("dashboard.app_pages",),
    "dashboard.views": ("streamlit", "dashboard.session", "dashboard.stage", "dashboard.app_pages"),
    "dashboard.session": ("dashboard.stage", "dashboard.closer", "dashboard.app_pages"),
    "dashboard.stage": ("dashboard.closer", "dashboard.app_pages"),
    "dashboard.closer": ("dashboard.app_pages",),
    "dashboard.forecasts": ("dashboard.app_pages",),
}


def name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("file", MODULES, ids=name)
def test_imports_point_one_way(file):
    for part, others in FORBIDDEN.items():
        if name(file).startswith(part):
            wrong = {i for i in imports(file) for other in others if i == other or i.startswith(other + ".")}
            assert not wrong or file.name == "lazy.py"


@pytest.mark.parametrize("file", MODULES + OTHERS, ids=name)
def test_a_module_says_what_it_is_and_stays_small(file):
    text = file.read_text()
    assert len(text.splitlines()) <= 250
    assert not text.strip() or ast.get_docstring(ast.parse(text))


GRIDS = ("engine.comparing.grids", "engine.comparing.warm")


@pytest.mark.parametrize("file", [f for f in MODULES if name(f).startswith("engine.")], ids=name)
def test_the_engine_has_no_assert_and_no_pickle(file):
    tree = ast.parse(file.read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    # joblib carries tasks to other processes, which is what a grid needs; it must neither keep nor read anything.
    forbidden = ("pickle", "dill", "shelve", *(("joblib",) if name(file) not in GRIDS else ()))
    assert not {i for i in imports(file) if i.split(".")[0] in forbidden}
    assert not {i for i in imports(file) if i.startswith(("joblib.Memory", "joblib.dump", "joblib.load"))}


def test_session_state_and_caches_live_in_one_package():
    for file in MODULES:
        if name(file).startswith("dashboard") and not name(file).startswith("dashboard.session"):
            text = file.read_text()
            assert not re.search(r"\bst\.(session_state|cache_data|cache_resource|query_params)", text), file


def test_deciding_loads_neither_torch_nor_statsmodels_nor_numba():
    script = (
        "import sys, engine.deciding, engine.nursery, engine.sharing, engine.nouns.trace\n"
        "from engine.contract import models\nfrom tests.makers import small, wave\n"
        "[small(wave(), m) for m in models()]\n"
        "sys.exit(str([m for m in ('torch', 'statsmodels', 'numba') if m in sys.modules] or ''))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.strip() == ""


def test_a_download_runs_no_page_anew():
    """A page that is run anew, and stopped by a further press before its button, has let go of the file to be sent."""
    for file in MODULES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".download_button"):
                assert "'ignore'" in [ast.unparse(k.value) for k in node.keywords if k.arg == "on_click"], file
