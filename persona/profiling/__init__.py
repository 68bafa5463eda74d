"""Segments described and compared: crosstabs, profiles, value, targets and personas."""
