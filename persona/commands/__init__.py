"""The commands for the time after a study: new people, the next wave, lists for other systems."""
