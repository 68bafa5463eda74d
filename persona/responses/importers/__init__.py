"""Importers, one source a file; importing this package registers them in the order of asking."""

from persona.responses.importers import (  # isort: skip  # the first that recognises a sheet reads it
    definitions,
    qualtrics,
    sosci,
    unipark,
    ms_forms,
    nextcloud,
    typeform,
    alchemer,
    surveymonkey,
    google_forms,
    kobo,
    limesurvey,
    plain,
)
from persona.responses.importers.base import IMPORTERS, Importer, View

__all__ = [
    "IMPORTERS",
    "Importer",
    "View",
    "alchemer",
    "definitions",
    "google_forms",
    "kobo",
    "limesurvey",
    "ms_forms",
    "nextcloud",
    "plain",
    "qualtrics",
    "sosci",
    "surveymonkey",
    "typeform",
    "unipark",
]
