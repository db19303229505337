"""What people bring by mistake: each is a sentence, none a traceback, none read as something it is not."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from engine.errors import Lesson
from engine.reading import limits
from engine.reading.timed import COUNT_ROWS
from tests.engine.reading.files import DAILY, DAYS, csv, taken
from tests.engine.reading.test_dialects import zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def bomb() -> bytes:
    """A zip of 60 KB that is 60 MB unpacked."""
    return zipped({"a.csv": b"0" * 60_000_000})


def lying_bomb() -> bytes:
    """The same, which says of itself that it is small."""
    data = bytearray(bomb())
    size = (60_000_000).to_bytes(4, "little")
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def locked_zip() -> bytes:
    data = bytearray(zipped({"a.csv": csv(DAILY)}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + place] |= 1
    return bytes(data)


BAD = {
    "empty": (b"", "is empty"),
    "blank": (b"\n\n  \n", "is empty"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "is a picture"),
    "document": (b"%PDF-1.7 ...", "is a PDF document"),
    "damaged workbook": (b"PK\x03\x04" + bytes(100), "is a damaged zip"),
    "old workbook": (OLE + bytes(600), "cannot be opened as a workbook"),
    "locked workbook": (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "is locked with a password"),
    "locked zip": (locked_zip(), "is locked with a password"),
    "bomb": (bomb(), "unpacked is 60 MB"),
    "lying bomb": (lying_bomb(), "“lying bomb.csv”"),
    "gz bomb": (gzip.compress(b"0" * 60_000_000), "unpacked is at least"),
    "cut gz": (gzip.compress(csv(DAILY))[:-12], "breaks off"),
    "packed twice": (gzip.compress(gzip.compress(csv(DAILY))), "is packed twice"),
    "empty zip": (zipped({}), "is a zip without a file"),
    "binary": (bytes(range(256)) * 20, "zero bytes"),
    "control": (bytes([1, 2, 3, 200, 201]) * 100, "control bytes"),
    "cut": ("date,v\n".encode("utf-16") + b"\x00", "breaks off"),
    "page": (b"<!DOCTYPE html><html><body>sign in</body></html>", "is a web page"),
    "xml": (b"<?xml version='1.0'?><a/>", "is an XML document"),
    "settings": (b'{"a": 1, "b": {"c": "d"}}', "JSON without a table"),
    "deep": (b"[" * 100_000, "nested too deep"),
    "damaged parquet": (b"PAR1" + bytes(50), "is a damaged Parquet file"),
    "text": (csv([*DAILY[:4], ("2020-01-05", "about seven"), *DAILY[5:]]), "Line 6 of “sales” reads “about seven”"),
    "infinite": (csv([*DAILY[:4], ("2020-01-05", "1e999"), *DAILY[5:]]), "Line 6 of “sales” reads “1e999”"),
    "words": (b"name\nann\nbob\ncid\n", "No column of “words.csv” holds numbers"),
    "dates only": (("date\n" + "\n".join(DAYS)).encode(), "Its only column is its time"),
    "short": (csv(DAILY[:2]), "has 2 rows"),
    "header": (b"date,sales\n", "has 0 rows"),
    "missing": (csv([(day, "NA") for day in DAYS]), "All 28 values of “sales” are missing"),
    "stacked": (csv([(day, place) for place in range(3) for day in DAYS]), "several series, one below the other"),
    "one stamp": (csv([("2020-01-01", 1.5)] * 20), "one stamp only"),
    "no such day": (csv([*DAILY, ("2020-02-30", 3)]), "Line 30 of “date” reads “2020-02-30”"),
    "two ways": (csv([("13/01/2020", 1), ("01/14/2020", 2), ("01/15/2020", 3)]), "cannot be read as time"),
    "ragged": (csv([("2020-01-01", 1, 5), ("2020-01-02", 2, 5), ("2020-01-03", 3, 7)]), "more fields than the header"),
    "columns": (csv([(1,) * 10_000] * 5, ",".join(f"c{place}" for place in range(10_000))), "10,000 columns"),
    "decimals": (b"1,5\n2,5\n3,5\n4,25\n", "one number with a decimal comma, or two columns"),
    "parts of a second": (csv([(f"2020-01-01 00:00:00.{m}00", m) for m in range(9)]), "less than a second apart"),
    "large": (b"1\n" * 26_000_000, "is 52 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_a_lesson(name: str) -> None:
    data, happened = BAD[name]
    with pytest.raises(Lesson) as caught:
        taken(data, f"{name}.csv")
    lesson = caught.value
    assert happened in f"{lesson.happened} {lesson.expected}"
    assert all(part.rstrip("”").endswith(".") for part in (lesson.happened, lesson.expected, lesson.mend))


def test_a_limit_says_how_to_raise_it(monkeypatch: pytest.MonkeyPatch) -> None:
    data = csv(DAILY) + b"\n" * 1_100_000
    monkeypatch.setenv(limits.MEGABYTES, "1")
    with pytest.raises(Lesson, match=f"{limits.MEGABYTES}=2"):
        taken(data)
    monkeypatch.setenv(limits.MEGABYTES, "2")
    assert len(taken(data).series) == 28


def test_a_workbook_that_unpacks_to_far_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(limits.MEGABYTES, "1")
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 20_000_000)
    with pytest.raises(Lesson, match="unpacked"):
        taken(written.getvalue(), "x.xlsx")


def test_a_column_of_markup_is_only_a_name() -> None:
    found = taken(csv(DAILY, "date,<script>alert(1)</script>"))
    assert found.observed.column == "<script>alert(1)</script>"
    assert len(found.series) == 28


def test_numbers_alone_are_counted_and_the_step_is_asked() -> None:
    data = csv([(5,), (7,), (6,), (9,)], "Y")
    found = taken(data, "heart.csv")
    assert (found.observed.time, found.series.name) == (COUNT_ROWS, "heart")
    assert [question.id for question in found.questions] == ["steps"]
    assert "The dates mean nothing" in found.series.repairs[0]
    assert taken(data, answers={"steps": "MS"}).series.period == 12


def test_an_answer_that_is_none_is_a_lesson() -> None:
    with pytest.raises(Lesson, match="“moon” was given as the answer to “steps”"):
        taken(csv([(5,), (7,), (6,)], "Y"), answers={"steps": "moon"})
    with pytest.raises(Lesson, match="“moon” was asked for as the repair of “fill”"):
        taken(csv([*DAILY[:9], *DAILY[10:]]), answers={"fill": "moon"})


def test_a_column_with_an_unclosed_quote_never_gives_a_wrong_number() -> None:
    data = b'date,v\n2020-01-01,"1\n2020-01-02,2\n2020-01-03,3\n2020-01-04,4\n'
    with pytest.raises(Lesson):
        taken(data)
