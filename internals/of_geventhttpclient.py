"""What is used of geventhttpclient beyond its documentation."""

from geventhttpclient.url import URL

__all__ = ["URL"]
