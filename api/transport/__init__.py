"""One request on the wire: the client that carries the token and reports, and the connection under it."""
