"""The generator around a function that calls back. Run: pytest tests/engine/test_iterates.py"""

from __future__ import annotations

import threading

import pytest

from engine.estimating.iterates import iterates


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "iterates"]


def test_it_yields_what_is_handed_over_and_ends():
    assert list(iterates(lambda hand_over: [hand_over(n) for n in range(5)])) == [0, 1, 2, 3, 4]
    assert threads() == []


def test_work_stands_still_until_the_next_item_is_asked_for():
    done = []

    def work(hand_over):
        for n in range(3):
            done.append(n)
            hand_over(n)

    items = iterates(work)
    assert done == []
    for n in range(3):
        assert next(items) == n
        assert done == list(range(n + 1))
    items.close()


def test_closing_raises_inside_the_callback_and_leaves_no_thread():
    seen = []

    def work(hand_over):
        try:
            while True:
                try:
                    hand_over(0)
                except Exception:  # noqa: BLE001 - the closing must pass even this
                    seen.append("held up")
        finally:
            seen.append("ended")

    items = iterates(work)
    next(items)
    assert threads() == ["iterates"]
    items.close()
    assert seen == ["ended"]
    assert threads() == []


def test_a_generator_nobody_started_has_no_thread():
    iterates(lambda hand_over: hand_over(0)).close()
    assert threads() == []


def test_an_error_of_the_work_is_raised_where_the_items_are_asked_for():
    def work(hand_over):
        hand_over(1)
        raise ZeroDivisionError("the work's own")

    items = iterates(work)
    assert next(items) == 1
    with pytest.raises(ZeroDivisionError, match="the work's own"):
        next(items)
    assert threads() == []


def test_a_forgotten_generator_is_closed_with_its_last_reference():
    items = iterates(lambda hand_over: [hand_over(n) for n in range(5)])
    next(items)
    del items
    assert threads() == []
