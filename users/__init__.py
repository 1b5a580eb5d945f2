"""The people: one simulated user per role, with an account of its own and a session that stays signed in."""
