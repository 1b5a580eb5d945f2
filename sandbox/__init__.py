"""The embedded CMS: a stand-in that answers like the deployed one, for trying and testing the suite."""

from sandbox.app import create_app

__all__ = ["create_app"]
