"""Formats that questionnaires come in from and go out to, one a file."""
