"""The workspace between rounds, and what people learn from each other: questions, good practice, resources."""
