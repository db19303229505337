"""Every lesson in a real Chromium, with the keyboard alone: to its end, an edit, a guess, and over the bridge."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.lessons.contract import Chapter, chapters
from dashboard.lessons.questions import Predict
from engine.explaining.writing import in_full
from engine.working.sheet import worked
from tests.browser.serving import settled

TRACER = ".unrolled-tracer"


def opened(page: Page, app: str, number: int, step: int) -> None:
    page.goto(f"{app}/lessons?lesson={number}&step={step + 1}")
    stands(page, step)


def shows(page: Page, step: int) -> None:
    page.wait_for_selector(f"{TRACER}[data-ready=yes][data-step='{step}']")


def stands(page: Page, step: int) -> None:
    """Waits until that step is shown, and the page beside it rests: its questions are those of the step."""
    shows(page, step)
    settled(page)


def asked(chapter: Chapter) -> tuple[int, Predict]:
    """The first question for a number, and the step at which it stands."""
    return next(
        (n, question) for n, step in enumerate(chapter.steps.values()) for question in step.questions
        if isinstance(question, Predict) and not question.changes
    )  # fmt: skip


@pytest.mark.parametrize("chapter", chapters().values(), ids=lambda chapter: chapter.number)
def test_a_lesson_is_played_with_the_keyboard(page: Page, whole_app: str, chapter: Chapter) -> None:
    at, question = asked(chapter)
    opened(page, whole_app, chapter.number, at - 1)
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(rf"step={at + 1}\b"))
    stands(page, at)

    veiled = page.locator(f"td[data-key='{question.place}']")
    expect(veiled).to_have_text("?")
    field = page.get_by_role("spinbutton", name="Your guess").first
    field.focus()
    truth = worked(chapter.work).value(question.place)
    page.keyboard.type(f"{truth:.4f}")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Right", exact=False).first).to_be_visible()
    expect(veiled).not_to_have_text("?")
    expect(page.get_by_text(re.compile(r"1 of 1 predicted right"))).to_be_visible()

    sheet = worked(chapter.work)
    editable, back = page.locator(f"{TRACER} td.editable[data-key]"), 0
    page.locator(f"{TRACER} h3").focus()
    while not editable.count():  # nothing on this step was given: one of the steps before has it
        page.keyboard.press("ArrowLeft")
        back += 1
        shows(page, at - back)
    settled(page)
    shown = editable.first
    key = str(shown.get_attribute("data-key"))
    changed = round(sheet.value(key) + 0.25, 4)
    shown.focus()
    page.keyboard.type(str(changed))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("edit="))
    settled(page)
    page.locator(f"{TRACER} h3").focus()
    while back:
        page.keyboard.press("ArrowRight")
        back -= 1
        shows(page, at - back)
    settled(page)
    after = worked(chapter.work, {key: changed}).numbers[question.place]
    expect(veiled).to_have_text("?")  # other numbers: it is asked anew
    page.get_by_role("spinbutton", name="Your guess").first.focus()
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    expect(veiled).not_to_have_text("?")
    veiled.focus()
    page.keyboard.press("Enter")
    assert after.made is not None
    sentence = page.locator(f"{TRACER} .card .sentence").first
    expect(sentence).to_have_text(in_full(after.key, after.made, after.value))
    page.keyboard.press("Escape")
    expect(veiled).to_be_focused()

    page.locator(f"{TRACER} h3").focus()
    page.keyboard.press("End")
    expect(page.locator(TRACER)).to_have_attribute("data-step", str(len(chapter.steps) - 1))
    expect(page.get_by_role("heading", name=list(chapter.steps)[-1])).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Now on my series").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/inside\?run=[0-9a-f]{16}"))


def test_blanks_are_filled_in_and_held_to_the_engine(page: Page, whole_app: str) -> None:
    opened(page, whole_app, 60, 1)
    slider = page.get_by_role("slider", name=re.compile("Share of the numbers"))
    slider.focus()
    page.keyboard.press("End")
    blank = page.get_by_role("textbox", name="z[1]: your number")
    blank.fill("0.2")
    page.keyboard.press("Enter")
    expect(blank).to_have_class(re.compile("wrong"))
    blank.fill("0,15")
    page.keyboard.press("Enter")
    expect(page.locator("td.right")).to_have_text("0.15")
    expect(page.locator(".fading output")).to_have_text("100 % · 1 of 2 found here")
    page.locator("td[data-key='z[1]']").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("td[data-key='h[1]']")).to_be_focused()


def test_a_card_opens_down_to_what_was_given(page: Page, whole_app: str) -> None:
    opened(page, whole_app, 60, 2)
    page.locator("td[data-key='h[2]']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card .sentence").first).to_contain_text("?")  # it is asked for
    page.keyboard.press("ArrowLeft")  # the card is no cell: the arrow walks a step back
    expect(page.locator(TRACER)).to_have_attribute("data-step", "1")
    page.locator("td[data-key='h[1]']").focus()
    page.keyboard.press("Enter")
    page.locator(".card summary").first.focus()
    page.keyboard.press("Enter")
    inner = page.locator(".card details .operands")
    expect(inner).to_contain_text("weight of the input")
    expect(inner).to_contain_text("the sequence")

    page.locator("td[data-key='x[1]']").focus()
    page.keyboard.type("0.4")
    page.keyboard.press("Enter")
    expect(page.locator(".card .sentence").first).to_contain_text("0.3 ")  # 0.5 · 0.4 + 0.1
    expect(inner).to_contain_text("the sequence")  # other numbers, and what was unfolded stays so


def test_an_image_is_drawn_with_keys_or_pointer_and_the_address_keeps_it(page: Page, whole_app: str) -> None:
    step = [*chapters()[54].steps].index("A larger image")
    opened(page, whole_app, 54, step)
    pixel = page.locator("td[data-key='X[4, 4]']")
    expect(pixel).to_have_text("0")
    pixel.focus()
    page.keyboard.press("Space")
    expect(pixel).to_have_text("1")
    expect(page).to_have_url(re.compile("edit="))
    settled(page)
    corners = [page.locator(f"td[data-key='X[1, {column}]']").bounding_box() for column in (1, 3)]
    (left, top), (right, _) = ((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in corners if box)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, top, steps=8)
    page.mouse.up()
    for column in (1, 2, 3):
        expect(page.locator(f"td[data-key='X[1, {column}]']")).to_have_text("1")
    expect(page).to_have_url(re.compile(r"X%5B1%2C\+3%5D|X\[1,(\+|%20| )3\]"))
    page.reload()
    expect(pixel).to_have_text("1")
    expect(page.locator("td[data-key='X[1, 2]']")).to_have_text("1")
