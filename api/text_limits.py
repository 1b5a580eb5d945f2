"""How long a text may be in each field that is written: past it the API answers 500 (`value too long for type ...`)."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from api.endpoint import Endpoint
from api.endpoints import ENDPOINTS


def _limits(body: Any) -> Iterator[tuple[str, int]]:
    for field in msgspec.structs.fields(body) if body else ():
        parts = getattr(msgspec.inspect.type_info(field.type), "types", (msgspec.inspect.type_info(field.type),))
        for part in parts:
            if limit := getattr(part, "max_length", None):
                yield field.name, limit


TEXT_LIMITS: Mapping[Endpoint[Any], Mapping[str, int]] = {
    endpoint: limits
    for endpoint in ENDPOINTS
    if endpoint.method == "POST" and (limits := dict(_limits(endpoint.takes)))
}
"""By the route that creates; the one that updates has the same. What is not listed has no limit."""
