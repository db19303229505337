"""The contract of the lessons: what each declares, whichever it is; and each on the page, without a browser."""

from __future__ import annotations

import contextlib
import io
import re

import numpy as np
import pytest

from dashboard.lessons.contract import chapters, digits, live
from dashboard.lessons.questions import Predict
from engine.deciding import decide
from engine.samples import sample
from engine.working.sheet import worked
from tests.dashboard.pages import clean, page, press

SERIES = sample("AirPassengers")
each = pytest.mark.parametrize("chapter", chapters().values(), ids=lambda chapter: chapter.number)
SEEDS = (None, 1, 2)


def answers(chapter, edits=None, seed=None):
    sheet = worked(chapter.work, edits, seed)
    return [q.answer(sheet, lambda changes: worked(chapter.work, {**(edits or {}), **changes}, seed))
            for q in chapter.questions]  # fmt: skip


@each
def test_it_has_a_text_for_every_step_of_its_numbers_in_order(chapter):
    assert [step.name for step in worked(chapter.work).steps] == list(chapter.steps)


@each
def test_it_says_what_it_owes(chapter):
    assert chapter.title
    assert chapter.sentence.endswith(".")
    assert chapter.sources
    assert len(chapter.next) >= 3
    assert len(chapter.questions) >= 3
    assert len({question.key for question in chapter.questions}) == len(chapter.questions)


@each
def test_the_numbers_in_its_text_are_those_worked_out(chapter):
    sheet = worked(chapter.work)
    for step in chapter.steps.values():
        assert "‹" not in live(step.prose, sheet)
    for numbers in chapter.presets.values():
        assert not worked(chapter.work, numbers).unknown


@each
def test_its_text_keeps_veiled_what_its_questions_ask_for(chapter):
    sheet = worked(chapter.work)
    for step in chapter.steps.values():
        hidden = frozenset().union(*(question.hides(sheet) for question in step.questions))
        told = live(step.prose, sheet, hidden)
        asked = sum(step.prose.count(f"‹{key}›") for key in hidden)
        assert told.count("?") == step.prose.count("?") + asked


def test_a_picture_that_would_tell_waits_for_the_guess():
    app = page("lessons")
    app.query_params["lesson"], app.query_params["step"] = "57", "15"
    clean(app.run())
    forecast = digits(worked(chapters()[57].work).value("F"))
    assert forecast not in " ".join(one.value for one in app.markdown)
    assert any("comes with your answer" in one.value for one in app.caption)


@each
def test_its_answers_are_computed_and_change_with_the_numbers(chapter):
    before = answers(chapter)
    for question, answer in zip(chapter.questions, before, strict=True):
        assert all(np.isfinite(value) for value in answer.values.values()), question.key
        others = [answers(chapter, seed=seed)[chapter.questions.index(question)] for seed in (1, 2)]
        assert any(dict(other.values) != dict(answer.values) for other in others), question.key


@each
def test_no_question_gives_its_answer_away(chapter):
    sheet = worked(chapter.work)
    for question, answer in zip(chapter.questions, answers(chapter), strict=True):
        if isinstance(question, Predict):
            told = [float(found) for found in re.findall(r"-?\d+\.?\d*", question.ask)]
            assert not any(np.isclose(found, answer.values[""], rtol=1e-3) for found in told), question.key
            assert question.changes or question.place in question.hides(sheet)
            names = [step.name for step in sheet.steps if question.place in step.numbers]
            asked = [name for name, step in chapter.steps.items() if question in step.questions]
            assert question.changes or list(chapter.steps).index(asked[0]) <= list(chapter.steps).index(names[0])
        else:
            assert len(answer.values) >= 2


@each
@pytest.mark.parametrize("seed", SEEDS)
def test_its_programs_give_the_numbers_of_the_page(chapter, seed):
    sheet = worked(chapter.work, seed=seed)
    for step in chapter.steps.values():
        if step.code is None:
            continue
        text = step.code(sheet)
        compiled = compile(text, "lesson", "exec")
        if "tensorflow" in text:
            continue  # shown as code; it is no part of this project
        kept = {}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compiled, kept)
        compared = [name for name in kept if agrees(sheet, name, kept[name])]
        assert compared, text


def agrees(sheet, name, value):
    """Whether it is an array of the sheet that was worked out; then its numbers, or its last one, have to be equal."""
    arrays = (name, re.sub(r"_([a-z0-9]+)$", r".\1", name))  # f_s2s is the array f.s2s
    there = [n.value for n in sheet.numbers.values() if n.place.array in arrays and n.place.part == "value" and n.made]
    if not there or not (isinstance(value, float | list) or hasattr(value, "detach")):
        return False
    found = np.asarray(value.detach() if hasattr(value, "detach") else value, float).ravel()
    np.testing.assert_allclose(found, there[-1:] if found.size == 1 else there, atol=1e-9, err_msg=name)
    return True


@each
def test_its_bridge_leads_to_a_run_on_a_series(chapter):
    run = decide(SERIES, chapter.bridge.model, dict(chapter.bridge.settings), **chapter.bridge.sizes)
    assert run.settings["updates"] <= 1000


@each
def test_every_step_shows_itself(chapter):
    app = page("lessons")
    for at in {1, len(chapter.steps) // 2, len(chapter.steps)}:
        app.query_params["lesson"], app.query_params["step"] = str(chapter.number), str(at)
        clean(app.run())
        assert app.get("bidi_component")
        assert list(chapter.steps)[at - 1] in " ".join(m.value for m in app.markdown)


def test_the_list_opens_a_lesson():
    app = clean(page("lessons"))
    assert len(app.button) == len(chapters())
    clean(app.button[0].click().run())
    assert app.header[0].value.startswith(str(next(iter(chapters()))))


def test_the_address_brings_numbers_and_seed_and_what_it_cannot_read_is_a_lesson():
    app = page("lessons")
    app.query_params["lesson"], app.query_params["edit"] = "60", "w_x:0.75;nothing:1"
    told = " ".join(one.value for one in clean(app.run()).caption)
    assert "nothing" in told
    press(app, "As they were")
    assert "edit" not in app.query_params
    app.query_params["edit"] = "w_x:much"
    clean(app.run())
    assert "much" in app.warning[0].value
    press(app, "Begin with the numbers of the lesson")
    press(app, "Other numbers")
    assert app.query_params["seed"] in ("1", ["1"])


def test_a_request_that_left_before_the_browser_heard_of_the_last_address_takes_nothing_back():
    app = page("lessons")
    app.query_params["lesson"] = "60"
    clean(app.run())
    press(app, "Other numbers")
    press(app, "Other numbers")
    app.query_params["seed"] = "1"
    clean(app.run())
    assert app.query_params["seed"] in ("2", ["2"])


def test_a_guess_is_scored_once_for_the_same_numbers():
    app = page("lessons")
    app.query_params["lesson"], app.query_params["step"] = "60", "3"
    clean(app.run())
    app.number_input[0].set_value(0.35)
    press(app, "Reveal")
    text = " ".join(one.value for one in app.markdown)
    assert "Right" in text
    assert "1 of 1" in text


def test_the_bridge_takes_the_sample_where_there_is_no_series(monkeypatch, tmp_path):
    monkeypatch.setenv("UNROLLED_RUNS", str(tmp_path))
    app = page("lessons")
    app.query_params["lesson"] = "60"
    clean(app.run())
    press(app, "Now on my series")
    (path,) = tmp_path.glob("*.run")
    assert app.query_params["run"] in (path.stem, [path.stem])
    assert app.session_state["closer"] == "A number"
