"""The embedded CMS: a stand-in that answers like the deployed one, for trying and testing the suite."""

# Nothing is imported here: `python -m sandbox` runs this file before it can patch the standard library for gevent.
