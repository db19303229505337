"""A comparison under way: what is missing of its cells is computed and kept. Shows nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec

from engine.comparing import cells, grids
from engine.comparing.grids import Event
from engine.comparing.plan import Plan, keys
from engine.errors import Lesson
from engine.forecasting import needs
from engine.nouns.series import Series


def run(
    series: Series,
    plan: Plan,
    workers: int | None = None,
    scheduler: str | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """One Event or two for every cell; those kept from before come first, and took no time.

    workers: how many processes, 1 for this process alone; None is one for each processor. scheduler: the address of
    dask's, instead. Raises Lesson where dask is asked for and not there.
    """
    return together([(series, plan)], workers, scheduler, cancelled)


def together(
    asked: Sequence[tuple[Series, Plan]],
    workers: int | None = None,
    scheduler: str | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """The same of several series, each with its plan, as one grid: the processes start once for all of them."""
    wanted = {key: (series, cell) for series, plan in asked for key, cell in keys(series, plan).items()}
    missing = {key: task for key, task in wanted.items() if cells.read(key) is None}
    yield from (Event("done", key) for key in wanted if key not in missing)
    imported = needs({key: cell.model for key, (_, cell) in missing.items()})
    for event in events(missing, cells.compute, workers, scheduler, cancelled, imported):
        if event.state == "done":
            cells.keep(event.key, event.result)
        yield event


def events(
    tasks: grids.Tasks,
    work: grids.Work,
    workers: int | None = None,
    scheduler: str | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    imported: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[Event]:
    """The same of any tasks: in this process, in several, or on dask. imported: modules that each needs, by key."""
    if scheduler is not None and find_spec("distributed") is None:
        raise Lesson(
            "A scheduler was named, and dask is not installed here.",
            "Grids on several machines need dask's distributed.",
            "Install requirements-dask.txt, or leave the scheduler out.",
        )
    if workers == 1 and scheduler is None:
        return grids.serial(tasks, work, cancelled)
    return grids.parallel(tasks, work, workers, scheduler, cancelled, imported)
