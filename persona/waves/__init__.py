"""The next waves of a study, read with the segments of the first."""
