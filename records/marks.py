"""The run's tag, where a person can see it: a mark in every text the suite writes, and in every appointment's time.

A mark ends in two check characters, so that other people's texts that look like one are not taken for one.
"""

import re
import time
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from config.errors import SetupError

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
TAG = re.compile(r"[a-z0-9]{1,12}")
MARK = re.compile(r"(?<![a-z0-9])lt-([a-z0-9]{1,12})-([a-z0-9]{2})(?![a-z0-9])")
SHORT_MARK = re.compile(r"(?<![a-z0-9])lt([a-z0-9]{6})([a-z0-9]{2})(?![a-z0-9])")
"""Where a column has room for ten characters only: what the tag comes to instead of the tag."""
APPOINTMENT_CHECK = 59
"""An appointment has no text. Its second and millisecond, the same at start and end, hold the mark: a number with a
certain remainder. The CMS's own people book whole minutes."""

VISIT = timedelta(minutes=30)
"""How long every appointment of the suite is."""


@dataclass(frozen=True)
class Mark:
    """The mark of one run. `tag` is 1 to 12 small letters or digits."""

    tag: str

    @cached_property
    def text(self) -> str:
        return f"lt-{self.tag}-{check_of(self.tag)}"

    @cached_property
    def short(self) -> str:
        """The mark in ten characters; two runs in two thousand million share one."""
        sum_of_tag = digest_of(self.tag)
        return f"lt{sum_of_tag}{check_of(sum_of_tag)}"

    @cached_property
    def instant(self) -> tuple[int, int]:
        """The second, and the microseconds (whole milliseconds), of every appointment of the run."""
        number = (1 + zlib.crc32(self.tag.encode()) % 999) * APPOINTMENT_CHECK  # never a whole second
        return number // 1000, number % 1000 * 1000

    def on(self, moment: datetime) -> datetime:
        """The minute of `moment`, marked."""
        second, microsecond = self.instant
        return moment.replace(second=second, microsecond=microsecond)

    def in_text(self, text: str | None) -> bool:
        return self.tag in tags_in(text) or self.short in short_marks_in(text)

    def in_times(self, start: datetime, end: datetime | None) -> bool:
        return end is not None and all((time.second, time.microsecond) == self.instant for time in (start, end))


class AnyMark:
    """Every run's mark: what the remains of earlier runs are found by."""

    text = "lt-"
    short = "lt"

    def in_text(self, text: str | None) -> bool:
        return bool(tags_in(text) or short_marks_in(text))

    def in_times(self, start: datetime, end: datetime | None) -> bool:
        if end is None or end - start != VISIT:
            return False
        number = start.second * 1000 + start.microsecond // 1000
        return number % APPOINTMENT_CHECK == 0 and start.microsecond != 0


def tags_in(text: str | None) -> set[str]:
    """The tags whose marks stand in the text, in whatever case the API gives it back."""
    found = MARK.findall((text or "").casefold())
    return {tag for tag, check in found if check == check_of(tag)}


def short_marks_in(text: str | None) -> set[str]:
    """The short marks that stand in the text, in small letters."""
    found = SHORT_MARK.findall((text or "").casefold())
    return {f"lt{digest}{check}" for digest, check in found if check == check_of(digest)}


def digest_of(tag: str) -> str:
    """Six characters that stand for the tag."""
    number, text = zlib.crc32(tag.encode()) % len(DIGITS) ** 6, ""
    for _ in range(6):
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text


def check_of(tag: str) -> str:
    first, second = divmod(zlib.crc32(tag.encode()) % len(DIGITS) ** 2, len(DIGITS))
    return DIGITS[first] + DIGITS[second]


def tag_of_now() -> str:
    """The seconds since 1970 to the base of 36: short, and in the order of time."""
    seconds, text = int(time.time()), ""
    while seconds:
        seconds, digit = divmod(seconds, len(DIGITS))
        text = DIGITS[digit] + text
    return text


def checked_tag(tag: str) -> str:
    """The tag as given. Raises SetupError when it cannot be one."""
    if not TAG.fullmatch(tag):
        raise SetupError(f"--run-tag {tag!r} cannot be used", "take 1 to 12 small letters and digits, such as nightly7")
    return tag
