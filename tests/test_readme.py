"""What the README says can be done: its commands run, its files exist, its figures come from the benchmarks."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]


def test_every_make_target_exists():
    targets = re.findall(r"`make ([a-z]+)", README) + [c.split()[1] for c in COMMANDS if c.startswith("make")]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert {"run", "test", "bench"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_command_line_runs_as_written(tmp_path):
    (command,) = [c for c in COMMANDS if "engine train" in c]
    file = tmp_path / "FILE.csv"
    file.write_text("day,value\n" + "\n".join(f"2024-{1 + n // 28:02d}-{1 + n % 28:02d},{n % 7}" for n in range(28)))
    words = shlex.split(command.replace("FILE.csv", str(file)))
    assert words[0] == ".venv/bin/python"
    sizes = ["--window", "7", "--horizon", "2", "--validation", "4", "--set", "updates=3"]
    done = subprocess.run([sys.executable, *words[1:], *sizes], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).exists()


def test_every_file_and_folder_it_names_exists():
    for name in re.findall(r"^(?:engine|dashboard)/\S+", README, re.MULTILINE) + re.findall(r"\]\(([\w/.]+)\)", README):
        assert (ROOT / name).exists(), name


def test_every_figure_stands_in_the_benchmark_it_came_from():
    rows = re.findall(r"^\| .+ \| (.+) \| `(benchmarks\.\w+)` \|$", README, re.MULTILINE)
    assert rows
    for figures, module in rows:
        source = (ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8")
        for figure in re.findall(r"[\d.,]+\d", figures):
            assert figure in source, f"{figure} is not in {module}"


def test_torch_is_pinned_to_the_version_the_readme_names():
    pin = re.search(r"^torch==(.+)$", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    assert pin
    assert f"torch=={pin[1]}" in README
