"""What holds for all inputs, tried by hypothesis: targets, cuts, accounts, budgets, percentiles, marks."""

from locust.runners import STATE_MISSING, STATE_RUNNING, WorkerNode, WorkerNodes

import gzip
import zlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from urllib.parse import parse_qsl, unquote, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as some

from api.endpoints import ENDPOINTS
from api.redaction import tellable
from api.transport.answer import Answer
from config.budget_file import METRICS, Budget
from records.marks import DIGITS, AnyMark, Mark, check_of, tags_in
from reporting.metrics.histogram import (
    COARSE_BITS,
    DIGIT_BITS,
    Histogram,
    milliseconds,
    percentile,
    rounded,
    step_of,
    total,
)
from reporting.metrics.measurements import Figures, Times
from reporting.metrics.recorder import Recorder
from reporting.verdict.budgets import FLOORS, judge
from tests.scripted_server import ok
from users.account_broker import DEALT, RETURNED, WANTED, MasterBroker
from users.accounts import Account, AccountPool

# What was found once is written into a test; what CI tries is the same each time, and no test is measured.
settings.register_profile("reproducible", derandomize=True, deadline=None, database=None, max_examples=100)
settings.load_profile("reproducible")

texts = some.text(some.characters(exclude_categories=["Cs"]), max_size=30)
values = some.one_of(some.integers(), texts, some.datetimes(timezones=some.just(UTC)))
tags = some.text(DIGITS, min_size=1, max_size=12)
times = some.dictionaries(some.integers(0, 200_000), some.integers(1, 50), max_size=20)


@given(some.sampled_from(ENDPOINTS), some.data())
def test_a_target_holds_every_value_and_no_value_changes_the_route(endpoint, data):
    params = {key: data.draw(values) for key in endpoint.path_keys}
    params |= data.draw(some.dictionaries(some.sampled_from(sorted(endpoint.query)), values)) if endpoint.query else {}
    target = endpoint.target(params)
    assert target.isascii()
    assert target.isprintable()
    assert " " not in target
    parts = urlsplit(f"http://x{target}")
    assert parts.fragment == ""
    template = endpoint.path.split("/")
    told = {key: value.isoformat() if isinstance(value, datetime) else str(value) for key, value in params.items()}
    found = parts.path.split("/")
    assert len(found) == len(template)
    for expected, given_part in zip(template, found, strict=True):
        assert unquote(given_part) == (told[expected[1:-1]] if expected.startswith("{") else expected)
    query = {key: value for key, value in told.items() if key not in endpoint.path_keys}
    assert dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))) == query


@given(
    body=some.binary(max_size=300),
    encoding=some.sampled_from(["gzip", "x-gzip", "deflate", "raw", "identity", "members"]),
    seconds=some.integers(0, 10**6),
    cuts=some.lists(some.integers(0, 600), max_size=8),
)
def test_an_answer_is_the_same_whatever_the_cuts(body, encoding, seconds, cuts):
    squeeze = zlib.compressobj(wbits=-15)
    sent = {
        "gzip": gzip.compress(body, mtime=0),
        "x-gzip": gzip.compress(body, mtime=0),
        "deflate": zlib.compress(body),
        "raw": squeeze.compress(body) + squeeze.flush(),
        "identity": body,
        "members": gzip.compress(body[:9], mtime=0) + gzip.compress(body[9:], mtime=0),
    }[encoding]
    name = {"raw": "deflate", "members": "gzip"}.get(encoding, encoding)
    message = ok(sent, f"Keep-Alive: max=5, timeout={seconds}\r\nContent-Encoding: {name}\r\n".encode())
    answer = Answer(10_000)
    edges = sorted({0, len(message), *(cut for cut in cuts if cut < len(message))})
    for start, end in pairwise(edges):
        answer.feed(message[start:end])
    assert answer.complete
    assert (answer.status_code, answer.body, answer.keep_alive_seconds) == (200, body, float(seconds))


class Wires:
    """A master's runner: workers come and go, and what they are sent is kept."""

    def __init__(self):
        self.sent = []
        self.clients = WorkerNodes()
        self.handlers = {}

    def register_message(self, kind, handler):
        self.handlers[kind] = handler

    def send_message(self, kind, data, client_id=None):
        assert kind == DEALT
        self.sent.append((client_id, data["account"]))

    def arrive(self, kind, worker, data):
        self.handlers[kind](environment=None, msg=SimpleNamespace(node_id=worker, data=data))


events = some.sampled_from(["ask", "ask", "ask", "return", "lose", "come"])
steps = some.lists(some.tuples(events, some.sampled_from("abc")), max_size=60)


@given(accounts=some.integers(1, 6), steps=steps)
def test_no_two_users_share_an_account_while_there_is_another(accounts, steps):
    """However workers come and go, and however late a lost one gives back what it had."""
    wires = Wires()
    MasterBroker(AccountPool([Account(f"u{number}", "x", "admin") for number in range(accounts)]), wires)
    held = {worker: [] for worker in "abc"}
    nodes = wires.clients
    for worker in "abc":
        nodes[worker] = WorkerNode(worker, STATE_RUNNING)
    for step, worker in steps:
        if step == "ask":
            in_hands = Counter(name for names in held.values() for name in names)
            wires.arrive(WANTED, worker, {"role": "admin", "ticket": 1})
            client, account = wires.sent[-1]
            assert client == worker
            assert account["role"] == "admin"
            if not nodes.missing and len(in_hands) < accounts and not ever_lost(steps):
                assert account["username"] not in in_hands
                assert account["shared_with"] == 0
            held[worker].append(account["username"])
        elif step == "return" and held[worker]:
            wires.arrive(RETURNED, worker, {"role": "admin", "username": held[worker].pop()})
        elif step in ("lose", "come"):
            nodes[worker].state = STATE_MISSING if step == "lose" else STATE_RUNNING
    for node in nodes.all:
        node.state = STATE_RUNNING
    for worker, names in held.items():
        for name in names:
            wires.arrive(RETURNED, worker, {"role": "admin", "username": name})
    assert all_dealt(wires, accounts) == {f"u{number}": 0 for number in range(accounts)}, "none may be lost"


def all_dealt(wires, number):
    """What one worker gets that asks for so many: their names, and how many had each already."""
    for _ in range(number):
        wires.arrive(WANTED, "a", {"role": "admin", "ticket": 1})
    return {account["username"]: account["shared_with"] for _, account in wires.sent[-number:]}


def ever_lost(steps):
    return any(step == "lose" for step, _ in steps)


@given(times, times, some.floats(0, 1_000_000), some.sampled_from(METRICS))
def test_a_budget_is_kept_exactly_when_its_value_keeps_its_limit(good, bad, limit, metric):
    histogram = Histogram(good.items(), bad.items())
    shares = Times(*(histogram.percentile(share) for share in (0.5, 0.95, 0.99)))
    figures = Figures(histogram.requests, histogram.failures, histogram.requests / 7, shares, Times())
    (judged,) = judge({("everything", ""): figures}, [Budget("everything", "", metric, limit)])
    if judged.value is None:
        assert not judged.ok
        assert judged.strain == float("inf")
        return
    assert judged.ok == (judged.value >= limit if metric in FLOORS else judged.value <= limit)
    if limit and judged.value:
        assert judged.ok == (judged.strain <= 1)


@given(some.sampled_from(METRICS), some.floats(0, 1_000))
def test_what_was_not_measured_keeps_no_budget_above_nothing(metric, limit):
    (judged,) = judge({}, [Budget("role", "admin", metric, limit)])
    assert judged.ok == (metric in FLOORS and limit == 0)


shares = some.sampled_from([0.5, 0.95, 0.99])


@given(some.lists(some.tuples(times, times), max_size=6), some.permutations(range(6)), shares)
def test_percentiles_of_what_was_merged_are_those_of_all_together(parts, order, share):
    histograms = [Histogram(good.items(), bad.items()) for good, bad in parts]
    merged = total(histograms[number] for number in order if number < len(histograms))
    together = Counter(taken for good, _ in parts for taken, count in good.items() for _ in range(count))
    assert merged.ok == together
    assert merged.percentile(share) == milliseconds(percentile(dict(together), share))
    assert merged.requests == sum(sum(good.values()) + sum(bad.values()) for good, bad in parts)
    if together:
        everything = sorted(together.elements())
        within = percentile(merged.ok, share)
        assert everything[0] <= within <= everything[-1]
        assert sum(taken <= within for taken in everything) >= share * len(everything) - 1e-6


@given(some.integers(0, 3_600_000_000), some.sampled_from([DIGIT_BITS, COARSE_BITS]))
def test_no_time_is_counted_far_from_where_it_was(microseconds, bits):
    step = rounded(microseconds, bits)
    assert step <= microseconds < step + step_of(microseconds, bits)
    assert step_of(microseconds, bits) <= max(1, microseconds / 2 ** (bits - 1))
    assert rounded(step, bits) == step


@given(some.floats(0, 3_600_000))
def test_the_recorder_counts_on_the_scale(milliseconds):
    recorder = Recorder()
    recorder.on_request("GET", "/", milliseconds)
    ((*_, ok, _, _),) = recorder.drain(everything=True)
    assert ok == [rounded(int(milliseconds * 1000 + 0.5)), 1]


@given(tags, tags, texts, texts)
def test_a_mark_is_found_in_every_text_and_never_taken_for_anothers(ours, theirs, before, after):
    text = f"{before} {Mark(ours).text} {after}"
    assert Mark(ours).in_text(text)
    assert AnyMark().in_text(text)
    assert Mark(theirs).in_text(text) == (theirs in {ours, *tags_in(f"{before} - {after}")})
    assert tags_in(Mark(ours).text + "x") <= {theirs}


@given(tags, some.text(DIGITS, min_size=2, max_size=2))
def test_what_only_looks_like_a_mark_is_taken_for_none(tag, check):
    text = f"lt-{tag}-{check}"
    assert Mark(tag).in_text(text) == AnyMark().in_text(text) == (check == check_of(tag))


@given(tags, some.datetimes(max_value=datetime(9000, 1, 1)), some.integers(1, 600))
def test_an_appointments_mark_is_its_own_runs(tag, moment, minutes):
    mark = Mark(tag)
    start = mark.on(moment)
    end = start + timedelta(minutes=minutes)
    assert mark.in_times(start, end)
    assert AnyMark().in_times(start, end) == (minutes == 30)
    assert not mark.in_times(start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0))


tokens = some.text(f"{DIGITS}._-", min_size=20, max_size=80)


@given(some.text(max_size=400), tokens, some.data())
def test_no_text_gives_a_token_away(text, token, data):
    start = data.draw(some.integers(0, len(token) - 8))
    at = data.draw(some.integers(0, len(text)))
    told = tellable(text[:at] + token[start:] + text[at:], f"x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    assert not any(token[place : place + 8] in told for place in range(len(token) - 7))
    assert told.isprintable()
    assert len(told) <= 200
