"""The write side in the API: editions, countries and submissions, with the scoping and the verbs of the pages."""
