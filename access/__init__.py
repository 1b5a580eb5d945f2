"""Asks the API who may do what, cell by cell of config/access.toml, and says where its answer differs."""
