"""The headers that every answer carries: those of Helmet and of CORS, and the ETag."""

from base64 import b64encode
from hashlib import sha1

from flask import Response

_CONTENT_SECURITY_POLICY = (
    "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';"
    "img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';"
    "style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests"
)
_FIXED = (
    ("Content-Security-Policy", _CONTENT_SECURITY_POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Origin-Agent-Cluster", "?1"),
    ("Referrer-Policy", "no-referrer"),
    ("Strict-Transport-Security", "max-age=15552000; includeSubDomains"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-DNS-Prefetch-Control", "off"),
    ("X-Download-Options", "noopen"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("X-Permitted-Cross-Domain-Policies", "none"),
    ("X-XSS-Protection", "0"),
    ("Access-Control-Allow-Origin", "http://localhost:3000"),
    ("Vary", "Origin"),
    ("Access-Control-Allow-Credentials", "true"),
)


def add_headers(response: Response) -> Response:
    """Runs after every request, and after whatever else may change the body: the ETag is that of what is sent."""
    response.headers.extend(_FIXED)
    content = response.get_data()
    if content:
        digest = b64encode(sha1(content, usedforsecurity=False).digest()).decode().rstrip("=")
        response.headers["ETag"] = f'W/"{len(content):x}-{digest}"'
    return response
