"""Results of earlier rounds, brought in by a file: reading it, showing it, and entering all of it or none."""
