"""Locust's own files: what cannot be written is told in one line, and costs neither the verdict nor its exit code.

Locust writes its CSV files in a greenlet, and the others in its main function, where an OSError ends the process with a
traceback before anybody has heard of the verdict.
"""

from locust.env import Environment

import json
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import gevent

from config.options import options_of
from internals.of_locust import (
    CSV_ROWS,
    CsvWriter,
    fill_in_html_filename,
    html_report,
    rows_as_json,
    without_json,
)
from reporting.views.run_files import write

OnFailure = Callable[[OSError], None]

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def take_over(environment: Environment, on_failure: OnFailure) -> Callable[[], None]:
    """Takes what Locust writes in the end out of its hands; what is returned writes it, or raises OSError."""
    options = options_of(environment)
    html, json_file = options.html_file, options.json_file
    options.html_file = None
    options.json_file = Path(json_file).name if json_file else None  # Locust makes its folder, and prints tables for it
    without_json()
    _guard_csv(on_failure)

    def write_them() -> None:
        if html:
            options.html_file = html
            fill_in_html_filename(options)
            path, options.html_file = Path(options.html_file), None
            write(path, html_report(environment, show_download_link=False).encode("utf-8", "backslashreplace"))
        if json_file:
            write(Path(f"{json_file}.json"), json.dumps(rows_as_json(environment), indent=4).encode())

    return write_them


def make_cells_safe() -> None:
    """From now on no cell of Locust's CSV files, nor of those that its web UI offers, is a formula."""
    for owner, name in CSV_ROWS:
        setattr(owner, name, _with_safe_cells(getattr(owner, name)))


def safe_cell(cell: Any) -> Any:
    """A spreadsheet takes a text that begins like a formula for one, and runs it; an apostrophe makes it a text."""
    if not isinstance(cell, str):
        return cell
    text = cell.encode("utf-8", "backslashreplace").decode()
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


class _SafeWriter:
    """Stands between Locust and its csv.writer."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def writerow(self, cells: Iterable[Any]) -> None:
        self._writer.writerow([safe_cell(cell) for cell in cells])


def _with_safe_cells(rows: Callable[..., None]) -> Callable[..., None]:
    original = getattr(rows, "__wrapped__", rows)

    @wraps(original)
    def safe(self: Any, csv_writer: Any, *args: Any) -> None:
        original(self, _SafeWriter(csv_writer), *args)

    return safe


def _guard_csv(on_failure: OnFailure) -> None:
    writer = CsvWriter
    original = getattr(writer.stats_writer, "__wrapped__", writer.stats_writer)

    @wraps(original)
    def stats_writer(self: Any) -> None:
        self.writing = gevent.getcurrent()
        try:
            original(self)
        except OSError as failure:
            on_failure(failure)

    def close_files(self: Any) -> None:
        """Locust lets the greenlet write on: while the process waits for its workers' end, into closed files."""
        if hasattr(self, "writing"):
            self.writing.kill()
        for name, file in vars(self).items():
            if name.endswith("_filehandle"):
                try:
                    file.close()
                except OSError as failure:
                    on_failure(failure)

    writer.stats_writer = stats_writer
    writer.close_files = close_files
