"""A small database of each release, from which the tests upgrade to what is in the folder now."""
