"""Importers, one source a file; importing this package registers them all in order of asking."""

from persona.responses.importers import plain
from persona.responses.importers.base import IMPORTERS, Importer, View

__all__ = ["IMPORTERS", "Importer", "View", "plain"]
