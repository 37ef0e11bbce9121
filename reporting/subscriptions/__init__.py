"""Notices of publications: who subscribes to them without an account, and whom they go to."""
