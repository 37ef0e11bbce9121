"""Countries side by side, with their action plans and gaps, as far as the reader sees them."""
