"""Arrays only: nothing in here knows a survey word."""
