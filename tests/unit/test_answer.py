"""One answer, in whatever pieces and encodings it comes: whole in the end, or refused by name; never too large."""

import gzip
import zlib

import pytest

from api.failures import NoAnswer
from api.transport.answer import Answer, InvalidHttp
from tests.scripted_server import ok

PLAIN = b'{"id": 1}' * 20
LIMIT = 100_000


def zipped(content):
    """The same bytes at any time, since they name a test."""
    return gzip.compress(content, mtime=0)


def raw_deflate(content):
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeeze.compress(content) + squeeze.flush()


def fed(*pieces, limit=LIMIT):
    answer = Answer(limit)
    for piece in pieces:
        answer.feed(piece)
    assert answer.complete
    return answer


def encoded(body, encoding):
    return ok(body, b"Content-Encoding: %b\r\n" % encoding)


ZIPPED = ok(zipped(PLAIN), b"X-A: 1\r\nContent-Encoding: gzip\r\nkeep-alive: timeout=7, max=100\r\nX-B: \r\n")


def test_an_answer_survives_a_cut_at_any_byte():
    for cut in range(1, len(ZIPPED)):
        answer = fed(ZIPPED[:cut], ZIPPED[cut:])
        assert (cut, answer.body, answer.keep_alive_seconds) == (cut, PLAIN, 7.0)


def test_an_answer_may_come_byte_by_byte():
    answer = fed(*(ZIPPED[at : at + 1] for at in range(len(ZIPPED))))
    assert (answer.status_code, answer.body, answer.keep_alive_seconds) == (200, PLAIN, 7.0)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"gzip", zipped(PLAIN)),
        (b"GZip ", zipped(PLAIN)),
        (b"x-gzip", zipped(PLAIN)),
        (b"gzip", zipped(PLAIN[:50]) + zipped(b"") + zipped(PLAIN[50:])),
        (b"gzip", zipped(PLAIN) + b"\0" * 512),
        (b"deflate", zlib.compress(PLAIN)),
        (b"deflate", raw_deflate(PLAIN)),
        (b"identity", PLAIN),
        (b"", PLAIN),
    ],
)
def test_what_servers_do_to_a_body_is_undone(encoding, body):
    assert fed(encoded(body, encoding)).body == PLAIN


@pytest.mark.parametrize("encoding", [b"gzip", b"x-gzip", b"deflate"])
def test_no_content_is_no_content_in_any_encoding(encoding):
    assert fed(encoded(b"", encoding)).body == b""


@pytest.mark.parametrize("encoding", [b"br", b"zstd", b"gzip, br", b"x" * 4000, b"\x9b31m"])
def test_another_encoding_is_refused_by_its_name(encoding):
    with pytest.raises(NoAnswer, match=r"the answer is encoded as '.+', which was not asked for") as refused:
        _ = fed(encoded(PLAIN, encoding)).body
    assert repr(encoding.decode("latin-1"))[1:41].rstrip("'") in str(refused.value)
    assert len(str(refused.value)) < 120
    assert str(refused.value).isprintable()


def test_two_headers_of_one_name_are_one_list():
    answer = fed(ok(PLAIN, b"Content-Encoding: gzip\r\nContent-Encoding: br\r\n"))
    with pytest.raises(NoAnswer, match="'gzip, br'"):
        _ = answer.body


@pytest.mark.parametrize("encoding", [b"gzip", b"x-gzip", b"deflate"])
@pytest.mark.parametrize(
    "body",
    [b"not zipped", zipped(PLAIN)[:-9], zipped(PLAIN) + b"more", zipped(PLAIN) * 2 + b"\x1f"],
    ids=["not zipped", "cut off", "something behind it", "the beginning of a third"],
)
def test_a_broken_body_is_named(encoding, body):
    with pytest.raises(NoAnswer, match=f"the answer is not valid {encoding.decode()}"):
        _ = fed(encoded(body, encoding)).body


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate"])
@pytest.mark.parametrize("members", [1, 3])
def test_a_bomb_is_given_up_at_the_limit(encoding, members):
    bomb = zipped(b"\0" * (LIMIT // members + 1)) * members
    with pytest.raises(NoAnswer, match=f"larger than {LIMIT} bytes"):
        _ = fed(encoded(bomb, encoding)).body


def test_the_limit_itself_is_not_too_large():
    assert len(fed(encoded(zipped(b"\0" * LIMIT), b"gzip")).body) == LIMIT


def test_parts_without_number_are_given_up():
    with pytest.raises(NoAnswer, match="more than 100 zipped parts"):
        _ = fed(encoded(zipped(b"") * 1000, b"gzip")).body


@pytest.mark.parametrize("pieces", [1, 7])
def test_the_limit_counts_the_head_too(pieces):
    answer = ok(b"{}", b"X-Long: %b\r\n" % (b"x" * 2000))
    size = len(answer) // pieces + 1
    with pytest.raises(NoAnswer, match="larger than 2000 bytes"):
        fed(*(answer[at : at + size] for at in range(0, len(answer), size)), limit=2000)


def test_what_an_interim_answer_or_a_trailer_says_does_not_count():
    interim = b"HTTP/1.1 103 Early Hints\r\nContent-Encoding: br\r\nKeep-Alive: timeout=1\r\n\r\n"
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Encoding: br\r\n\r\n"
    answer = fed(interim + chunked)
    assert (answer.body, answer.keep_alive_seconds) == (b"{}", None)


def test_a_second_answer_to_one_request_is_not_taken_for_more_of_the_first():
    with pytest.raises(NoAnswer, match="more came than the answer"):
        fed(ok(b"1") + ok(b"2"))


@pytest.mark.parametrize(
    ("value", "seconds"), [(b"timeout=5", 5.0), (b"max=3,TIMEOUT=10", 10.0), (b"timeout=\xb2", None), (b"x", None)]
)
def test_only_a_number_of_seconds_keeps_alive(value, seconds):
    assert fed(ok(b"{}", b"Keep-Alive: %b\r\n" % value)).keep_alive_seconds == seconds


def test_no_head_is_valid_after_a_byte_that_none_may_hold():
    with pytest.raises(InvalidHttp):
        fed(ok(b"{}", b"X: a\x00b\r\n"))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (b"KEEP-ALIVE:timeout=7\r\n", 7.0),
        (b"Keep-Alive: max=3\r\nKeep-Alive: timeout=7\r\n", 7.0),
        (b"X-Keep-Alive: timeout=7\r\n", None),
        (b"X: Keep-Alive: timeout=7\r\n", None),
    ],
)
def test_a_header_is_found_however_it_is_written_and_no_other_is_taken_for_it(headers, seconds):
    whole = ok(PLAIN, headers)
    for cut in (len(whole), *range(1, len(whole) - len(PLAIN))):
        assert fed(whole[:cut], whole[cut:]).keep_alive_seconds == seconds


@pytest.mark.parametrize("interims", [1, 2])
def test_headers_of_interim_answers_are_not_those_of_the_answer(interims):
    interim = b"HTTP/1.1 103 Early Hints\r\nContent-Encoding: br\r\nKeep-Alive: timeout=99\r\n\r\n"
    whole = interim * interims + ok(PLAIN, b"Keep-Alive: timeout=7\r\n")
    for cut in range(1, len(whole)):
        answer = fed(whole[:cut], whole[cut:])
        assert (answer.body, answer.keep_alive_seconds) == (PLAIN, 7.0)


def test_what_a_body_looks_like_is_no_header():
    body = b"\r\nContent-Encoding: br\r\nKeep-Alive: timeout=99\r\n\r\n"
    answer = fed(ok(body, b"Keep-Alive: timeout=7\r\n"))
    assert (answer.body, answer.keep_alive_seconds) == (body, 7.0)


def test_line_ends_before_an_answer_do_not_hide_its_head():
    answer = fed(b"\r\n\r\n" + ZIPPED)
    assert (answer.body, answer.keep_alive_seconds) == (PLAIN, 7.0)
    cut_off = Answer(LIMIT)
    cut_off.feed(b"\r\n\r\n" + ZIPPED[:-1])
    cut_off.feed(b"")
    assert not cut_off.complete


def test_an_answer_without_a_length_ends_with_the_connection():
    answer = fed(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}", b"")
    assert (answer.body, answer.leaves_open) == (b"{}", False)


@pytest.mark.parametrize("coding", [b"chunked", b"gzip, Chunked"])
def test_an_answer_in_chunks_does_not(coding):
    answer = Answer(LIMIT)
    answer.feed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: %b\r\n\r\n2\r\n{}\r\n" % coding)
    answer.feed(b"")
    assert not answer.complete


def test_a_coding_that_only_ends_like_chunks_is_none():
    assert fed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: \xbdchunked\r\n\r\n{}", b"").body == b"{}"


def test_an_empty_header_says_nothing():
    assert fed(ok(zipped(PLAIN), b"Content-Encoding: \r\nContent-Encoding: gzip\r\n")).body == PLAIN


@pytest.mark.parametrize(("header", "open_"), [(b"", True), (b"Connection: close\r\n", False)])
def test_the_server_says_whether_the_connection_stays_open(header, open_):
    assert fed(ok(b"{}", header)).leaves_open is open_
