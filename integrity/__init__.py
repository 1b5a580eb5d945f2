"""Lets people meet on few records, and says which of the API's promises did not hold while they did."""
