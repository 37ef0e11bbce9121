"""What is published, for pages that go over cycles: the read model, and what pages show of it."""
