"""What is used of geventhttpclient beyond its documentation: its parser, which is C and calls back."""

from geventhttpclient._parser import HTTPParseError, HTTPResponseParser
from geventhttpclient.url import URL

__all__ = ["CALLBACKS", "URL", "HTTPParseError", "HTTPResponseParser"]

CALLBACKS = (
    *("_on_message_begin", "_on_status", "_on_header_field", "_on_header_value"),
    *("_on_headers_complete", "_on_body", "_on_message_complete"),
)
"""What the parser calls of its subclass, `_on_headers_complete` with a true answer for: there is no body."""
