"""The mark: every run finds its own, and nobody else's text is taken for one."""

from datetime import UTC, datetime, timedelta

import pytest

from api import schemas
from config.errors import SetupError
from records.mark_fields import carries, lasting
from records.marks import AnyMark, Mark, checked_tag, tag_of_now, tags_in

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_a_mark_is_found_in_any_text_and_case():
    mark = Mark("nightly7")
    assert mark.in_text(f"Ana López {mark.text}")
    assert mark.in_text(f"https://files.example.com/{mark.text.upper()}-1f")
    assert AnyMark().in_text(f"{mark.text}-0a1b")


@pytest.mark.parametrize("text", ["lt-nightly7-zz", "alt-result-ok", "lt-", "xlt-nightly7", "", None, "lt-nightly7"])
def test_what_only_looks_like_a_mark_is_none(text):
    assert not Mark("nightly7").in_text(text)
    assert not AnyMark().in_text(text)


def test_a_run_does_not_take_another_runs_mark_for_its_own():
    assert not Mark("a").in_text(Mark("ab").text)
    assert not Mark("ab").in_text(Mark("a").text)


@pytest.mark.parametrize("tag", ["a", "nightly7", "zzzzzzzzzzzz", *map(str, range(200))])
def test_an_appointments_times_carry_the_mark_and_never_a_whole_second(tag):
    mark = Mark(tag)
    start, end = mark.on(NINE), mark.on(NINE + timedelta(minutes=30))
    assert start.microsecond % 1000 == 0 != start.microsecond
    assert mark.in_times(start, end)
    assert AnyMark().in_times(start, end)


@pytest.mark.parametrize("tag", ["a", "nightly7", "zzzzzzzzzzzz", *map(str, range(200))])
def test_a_short_mark_has_ten_characters_and_is_its_runs_own(tag):
    mark = Mark(tag)
    assert len(mark.short) == 10
    assert mark.in_text(mark.short.upper())
    assert AnyMark().in_text(mark.short)
    assert not Mark("another").in_text(mark.short)


@pytest.mark.parametrize("text", ["AB Rh+", "O Negativo", "ltabcdefgh", "lt", "ltd company", "resultado1"])
def test_other_peoples_short_texts_are_no_marks(text):
    assert not AnyMark().in_text(text)


def test_other_peoples_appointments_carry_none():
    marked = Mark("a").on(NINE)
    others = [(NINE, NINE + timedelta(minutes=30)), (marked, NINE), (marked, None), (marked, marked.replace(second=59))]
    for start, end in others:
        assert not Mark("a").in_times(start, end)
        assert not AnyMark().in_times(start, end)
    assert not Mark("b").in_times(marked, marked)


def test_the_tag_of_now_can_be_a_tag_and_is_found():
    tag = checked_tag(tag_of_now())
    assert tags_in(Mark(tag).text) == {tag}


@pytest.mark.parametrize("tag", ["", "Nightly", "a-b", "1234567890123", "ñ"])
def test_a_tag_that_cannot_be_one_is_named(tag):
    with pytest.raises(SetupError, match="cannot be used: take 1 to 12 small letters and digits"):
        checked_tag(tag)


def test_rows_are_told_apart_by_their_kinds_own_field():
    ours = schemas.Episode(1, 2, NINE, None, f"Fiebre {Mark('a').text}", "Ana")
    theirs = schemas.Episode(2, 2, NINE, None, "Fiebre", "Ana")
    assert carries(Mark("a"), ours)
    assert lasting([ours, theirs]) == [theirs]
