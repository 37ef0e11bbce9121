"""What countries plan: steps that they promised, and their action plans."""
