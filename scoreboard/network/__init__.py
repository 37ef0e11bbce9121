"""The workspace between rounds, in which people learn from each other."""
