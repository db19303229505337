"""What is said of a run in a line: which fork of which run it is, and what was changed."""

from __future__ import annotations

from dashboard import summary
from engine.forking import fork
from engine.nouns.trace import Trace
from engine.worker import work
from tests.makers import kept, small, wave


def test_a_fork_says_of_which_run_and_what_it_changed(tmp_path):
    series = wave()
    path = kept(series, small(series, "rnn"), tmp_path)
    work(path)
    with Trace(path) as parent:
        assert summary.fork(parent) is None
        was = float(parent.stack("weights", [12])[0][0])
        name = next(iter(parent.parameters))
        made = fork(parent, 12, {"learning_rate": 0.5}, {(name, (0, 0)): 0.25}, {50: 11.0})
        value = f"{series.values[50]:.6g}"
        rate = parent.run.settings["learning_rate"]
    with Trace(made) as trace:
        assert summary.title(trace).endswith(f"{trace.run.id[:6]} · fork of {path.stem[:6]}")
        assert summary.fork(trace) == (
            f"A fork of {path.stem[:6]} after update 12: learning rate 0.5 instead of {rate}, "
            f"{name}[0, 0] 0.25 instead of {was:.6g}, the value of Mar 2004 11 instead of {value}."
        )


def test_a_fork_that_only_goes_on_says_so(tmp_path):
    series = wave()
    path = kept(series, small(series, "rnn"), tmp_path)
    work(path)
    with Trace(path) as parent:
        made = fork(parent, 12, {"updates": 30})
    with Trace(made) as trace:
        assert summary.fork(trace) == f"A fork of {path.stem[:6]} after update 12: updates 30 instead of 20."
