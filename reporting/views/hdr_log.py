"""latency.hlog: every successful answer of a run, as the public tools of HdrHistogram read it.

Format: HdrHistogram's log, version 1.3, with its compressed V2 encoding (hdrhistogram.org). It is written here because
the package that writes it has no build for Linux on ARM, where the suite is to be set up without a compiler.
"""

import base64
import struct
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from reporting.metrics.histogram import DIGIT_BITS
from reporting.metrics.latency_intervals import LatencyInterval

FILE_NAME = "latency.hlog"
SIGNIFICANT_DIGITS = 3
HIGHEST_US = 3_600_000_000
V2, COMPRESSED_V2 = 0x1C849313, 0x1C849314
EXACT_BELOW = 1 << DIGIT_BITS
HALF_OF_A_BUCKET = 1 << (DIGIT_BITS - 1)
HEAD = """#[Answer times in microseconds; a line without a tag is everything, one with a tag a role or an endpoint]
#[Histogram log format version 1.3]
#[StartTime: {started:.3f} (seconds since epoch)]
"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
"""


def hdr_log(intervals: Iterable[LatencyInterval], started: datetime) -> bytes:
    """Each interval is a line, its maximum in ms."""
    lines = [HEAD.format(started=started.timestamp()), *map(_line, intervals)]
    return "".join(lines).encode()


def _line(interval: LatencyInterval) -> str:
    tag = f"Tag={interval.tag.translate(NO_SEPARATORS)}," if interval.tag else ""
    longest = max(interval.times, default=0) / 1000
    return f"{tag}{interval.start:.3f},{interval.seconds:.3f},{longest:.3f},{encoded(interval.times)}\n"


NO_SEPARATORS = str.maketrans(", \t\r\n", "_____")


def encoded(times: Mapping[int, int]) -> str:
    """How often which time in µs was seen, in the compressed V2 encoding, as base64."""
    counts = b"".join(_with_gaps(times))
    head = struct.pack(">iiiiqqd", V2, len(counts), 0, SIGNIFICANT_DIGITS, 1, HIGHEST_US, 1.0)
    packed = zlib.compress(head + counts)
    return base64.b64encode(struct.pack(">ii", COMPRESSED_V2, len(packed)) + packed).decode()


def _with_gaps(times: Mapping[int, int]) -> list[bytes]:
    """The counts in the order of the scale; a gap of n steps that nothing fell into is -n."""
    counts: dict[int, int] = {}
    for taken, count in times.items():
        at = taken if taken < EXACT_BELOW else _place(taken)
        counts[at] = counts.get(at, 0) + count
    written, due = [], 0
    for at in sorted(counts):
        if at > due:
            written.append(_zigzag(due - at))
        written.append(_zigzag(counts[at]))
        due = at + 1
    return written


@lru_cache(maxsize=32_768)
def _place(microseconds: int) -> int:
    """The number of the step of the scale, from 0; those of all steps are remembered."""
    counted = min(microseconds, HIGHEST_US)
    bucket = max(0, counted.bit_length() - DIGIT_BITS)
    return bucket * HALF_OF_A_BUCKET + (counted >> bucket)


@lru_cache(maxsize=4096)
def _zigzag(value: int) -> bytes:
    """ZigZag LEB128: small numbers of either sign take few bytes."""
    rest = value << 1 if value >= 0 else (-value << 1) - 1
    written = bytearray()
    while rest > 0x7F:
        written.append(rest & 0x7F | 0x80)
        rest >>= 7
    written.append(rest)
    return bytes(written)
