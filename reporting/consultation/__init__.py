"""The right of reply: each country reads the built draft where it concerns it, comments, and gets an answer."""
