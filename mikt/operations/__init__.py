"""What operators need: checks of the running portal, and backups that are proven by restoring them."""
