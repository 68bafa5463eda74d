"""Questionnaires: their model, their files, their types of question."""
