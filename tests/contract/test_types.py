"""PostgreSQL's types and JavaScript's values: what they read, how they keep it, and what they refuse."""

from typing import Any

import pytest

from sandbox.error_answers import ApiError
from sandbox.javascript import is_truthy, scalar_text, stringify, template_text, type_name
from sandbox.postgres_times import date, timestamp, timestamptz
from sandbox.postgres_types import Column, bigint, integer, numeric, parameter

LONGEST = "99999-12-31"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5, "5"),
        (5.0, "5"),
        (-0.5, "-0.5"),
        (2**63, "9223372036854776000"),
        (1e21, "1e+21"),
        (0.00001, "0.00001"),
        (1e-7, "1e-7"),
        (10**400, "Infinity"),
    ],
)
def test_numbers_are_written_as_javascript_does(number: float, text: str) -> None:
    assert scalar_text(number) == text


def test_values_have_javascripts_truth_names_and_texts() -> None:
    assert [is_truthy(value) for value in (None, "", 0, False, [], {}, " ")] == [False] * 4 + [True] * 3
    assert [type_name(value) for value in (None, [], True, 1.5, "")] == [
        "object",
        "object",
        "boolean",
        "number",
        "string",
    ]
    assert template_text(["a", None, ["b", {}]]) == "a,,b,[object Object]"
    assert stringify({"a": [1.0, "ñ\n", None, True]}) == '{"a":[1,"ñ\\n",null,true]}'


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (None, None),
        (True, "true"),
        ([1, None, 'a"b\\', ["c"], {"d": 1}], '{"1",NULL,"a\\"b\\\\",{"c"},"{\\"d\\":1}"}'),
        ({"a": 1}, '{"a":1}'),
        ("\ud83d", "\ufffd"),
    ],
)
def test_the_driver_sends_texts(value: Any, sent: str | None) -> None:
    assert parameter(value) == sent


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        (integer, " +7 ", 7),
        (integer, None, None),
        (bigint, "-0", 0),
        (numeric, "999.994", "999.99"),
        (numeric, 0.125, "0.13"),
        (numeric, "NaN", "NaN"),
        (date, "2028-02-29", "2028-02-29T00:00:00.000Z"),
        (date, "20270301", "2027-03-01T00:00:00.000Z"),
        (date, "2027-03-01T15:00:00-06:00", "2027-03-01T00:00:00.000Z"),
        (timestamp, "2027-3-1 15:04", "2027-03-01T15:04:00.000Z"),
        (timestamp, "2027-03-01T15:00:00.1239-06:00", "2027-03-01T15:00:00.123Z"),
        (timestamp, LONGEST, "+099999-12-31T00:00:00.000Z"),
        (timestamptz, "2027-03-01T15:00:00-06:00", "2027-03-01T21:00:00.000Z"),
        (timestamptz, "2027-03-01T15:00:00+0530", "2027-03-01T09:30:00.000Z"),
        (timestamptz, "epoch", "1970-01-01T00:00:00.000Z"),
    ],
)
def test_a_type_keeps_what_it_reads(column: Column, value: Any, kept: Any) -> None:
    assert column(value) == kept


@pytest.mark.parametrize(
    ("column", "value", "error"),
    [
        (integer, "", 'invalid input syntax for type integer: ""'),
        (integer, "\uff11", 'invalid input syntax for type integer: "\uff11"'),
        (integer, 1.5, 'invalid input syntax for type integer: "1.5"'),
        (integer, 2**31, 'value "2147483648" is out of range for type integer'),
        (bigint, "9" * 5000, f'value "{"9" * 5000}" is out of range for type bigint'),
        (numeric, "tall", 'invalid input syntax for type numeric: "tall"'),
        (numeric, "999.999", "numeric field overflow"),
        (numeric, "Infinity", "numeric field overflow"),
        (date, "2027-02-29", 'date/time field value out of range: "2027-02-29"'),
        (timestamp, "1700000000", 'date/time field value out of range: "1700000000"'),
        (timestamp, "2027-03-01 25:00", 'date/time field value out of range: "2027-03-01 25:00"'),
        (timestamp, "soon", 'invalid input syntax for type timestamp: "soon"'),
        (timestamptz, "", 'invalid input syntax for type timestamp with time zone: ""'),
        (timestamp, "a\0b", 'invalid byte sequence for encoding "UTF8": 0x00'),
        (timestamptz, "2027-03-01T15:00:00+16", 'time zone displacement out of range: "2027-03-01T15:00:00+16"'),
    ],
)
def test_a_type_says_what_it_cannot_read(column: Column, value: Any, error: str) -> None:
    with pytest.raises(ApiError) as refused:
        column(value)
    assert (refused.value.status, refused.value.error) == (500, error)


def test_words_for_times_sort_where_they_belong() -> None:
    times = ["-infinity", "1999-01-01", "yesterday", "today", "now", "tomorrow", "infinity"]
    kept = [timestamptz(word) for word in times]
    assert kept == sorted(kept)
    assert date("tomorrow") == timestamp("tomorrow")
