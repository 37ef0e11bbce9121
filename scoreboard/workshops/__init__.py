"""Workshops: `sessions` leads them, `joining` and `rating` are for phones, `recording` writes the answer."""
