"""How something is put around one of the app's views."""

from collections.abc import Callable

from flask import Flask, Response


def wrap_view(app: Flask, view: str, around: Callable[..., Response]) -> None:
    """Has `around` serve this view, with the real one as its first argument."""
    serve = app.view_functions[view]
    app.view_functions[view] = lambda **path: around(serve, **path)
