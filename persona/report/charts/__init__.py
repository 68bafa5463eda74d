"""Charts: each file draws one, all in one style."""
