"""What a study, or a file of its own, says of audiences: consent, columns, holdout."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from persona.questionnaire.parts import Part


class Contacts(Part):
    """A file with e-mail addresses, telephone numbers and consent, joined by key.

    Parameters
    ----------
    file : str
        Path beside the study file.
    sheet : str, optional
    key : str, optional
        Header of its column with the key; by default the column whose cells are respondents.
    to : str, optional
        Where the answers hold the key: a question or a header; default: the respondents' ids.
    """

    file: str
    sheet: str | None = None
    key: str | None = None
    to: str | None = None


class AudienceOptions(Part):
    """Rules for lists of people, under ``audiences:`` of a study file or in a file of its own.

    Parameters
    ----------
    consent : str, optional
        The column that holds the answer to "may we contact you?". There is no list without.
    consent_yes, consent_no : tuple of str
        Further words that say yes or no.
    contacts : Contacts, optional
    map : mapping of field to header
        Where headers alone do not say; an empty header leaves the field out.
    country_code : int, optional
        Of telephone numbers written without one.
    language : str, optional
        Of the names of segments; default: the first language of the study.
    least : int, optional
        Fewest people of a segment that is handed on; default: the study's ``suppress_below``.
    certain_from : float
        Probability of membership from which a person belongs to the segment.
    include_uncertain : bool
    holdout : float
        Share of each segment that is kept back, to compare with later.
    seed : int, optional
        Of the holdout; default: the study's seed.
    at : date, optional
        The day that is written as the moment of assignment; default: the study's date, or today.
    settings : mapping of profile to {setting: value}
    """

    consent: str | None = None
    consent_yes: tuple[str, ...] = ()
    consent_no: tuple[str, ...] = ()
    contacts: Contacts | None = None
    map: Mapping[str, str] = Field(default_factory=dict)
    country_code: Annotated[int, Field(ge=1, le=999)] | None = None
    language: str | None = None
    least: Annotated[int, Field(ge=1)] | None = None
    certain_from: Annotated[float, Field(ge=0, le=1)] = 2 / 3
    include_uncertain: bool = False
    holdout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    seed: Annotated[int, Field(ge=0)] | None = None
    at: dt.date | None = None
    settings: Mapping[str, Mapping[str, int | str]] = Field(default_factory=dict)
