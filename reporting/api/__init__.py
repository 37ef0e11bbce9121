"""The read side's part of the API."""
