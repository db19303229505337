"""How long it may still take: by tasks of the same kind, and no less than is already known."""

from __future__ import annotations

from engine.comparing.lasting import left

KINDS = {"a": "quick", "b": "quick", "c": "slow", "d": "slow", "e": "slow"}


def test_what_is_left_takes_as_long_as_its_own_kind_took_on_as_many_processes_as_are_busy():
    took = {"a": 1.0, "c": 60.0}
    assert left(KINDS, took, {"d": 20.0, "b": 0.5}, ["e"]) == ((40 + 0.5 + 60) / 2, False)
    assert left(KINDS, took, {"d": 10.0, "b": 0.0, "e": 70.0}, []) == (50, False)  # the longest under way


def test_a_kind_of_which_none_is_done_takes_at_least_what_one_of_it_took_so_far():
    assert left(KINDS, {"a": 1.0}, {"c": 30.0, "b": 1.0}, ["d", "e"]) == (30, True)
    assert left(KINDS, {}, {"c": 30.0}, ["d"]) is None


def test_a_task_that_tells_how_far_it_is_has_an_estimate_before_any_of_its_kind_is_done():
    assert left(KINDS, {}, {"c": 30.0}, ["d"], {"c": 0.25}) == (90 + 120, False)
    assert left(KINDS, {"a": 1.0}, {"c": 30.0, "b": 0.5}, [], {"c": 0.75}) == (10, False)
