"""Find and read profiles: the shipped ones, and those a study brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from persona.audiences.profile import Profile, complaints
from persona.audiences.words import loose
from persona.errors import PersonaError, Problem, StudyError, error, note
from persona.questionnaire.building import read_document
from persona.questionnaire.cells import latin_look
from persona.questionnaire.complaints import Origin, translated
from persona.registry import nearest
from persona.resources import root

FOLDER = "audiences"


@dataclass(frozen=True)
class FoundProfile:
    """A profile, the file it stands in, and what there is to say about finding it."""

    profile: Profile
    path: Path
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Profiles:
    """Every profile there is for a study; ``problems`` are those of files that cannot be used."""

    found: tuple[FoundProfile, ...]
    problems: tuple[Problem, ...] = ()


def load_profile(path: Path) -> Profile:
    """Read one profile.

    Raises
    ------
    StudyError
        With every problem of the file and the line it stands in.
    """
    try:
        document = read_document(path)
    except PersonaError as trouble:
        raise StudyError(trouble.problems) from None
    origin = Origin(document)
    if not isinstance(document.data, dict):
        raise StudyError(
            error(
                "profile.not_a_mapping",
                "The file does not declare a profile.",
                **origin.at(),
                remedy="Start it with: persona: 1",
            )
        )
    version = document.data.get("persona", 1)
    if isinstance(version, int) and version > 1:
        raise StudyError(
            error(
                "profile.newer",
                "The profile is written in version {found} of the format; this persona reads "
                "version {known}.",
                **origin.at("persona"),
                remedy="Install a newer persona.",
                values={"found": version, "known": 1},
            )
        )
    try:
        profile = Profile.model_validate(document.data)
    except ValidationError as trouble:
        raise StudyError(translated(trouble, Profile, document.data, origin, None)) from None
    wrong = [
        error(
            "profile.contradicts",
            "{sentence}.",
            **origin.at(*place),
            values={"sentence": f"{sentence[:1].upper()}{sentence[1:]}"},
        )
        for place, sentence in complaints(profile)
    ]
    if wrong:
        raise StudyError(wrong)
    return profile


def all_profiles(folder: Path | None = None) -> Profiles:
    """The shipped profiles and those in ``audiences/`` of a study's folder, by their ids.

    A study's own profile comes in the place of a shipped one of the same id.
    """
    kept: dict[str, FoundProfile] = {}
    problems: list[Problem] = []
    for path in _paths(folder):
        try:
            profile = _loaded(path, path.stat().st_mtime_ns)
        except StudyError as trouble:
            problems += trouble.problems
            continue
        before = kept.get(profile.id)
        said = () if before is None else (_replaced(profile, path),)
        kept[profile.id] = FoundProfile(profile, path, said)
    return Profiles(tuple(kept[name] for name in sorted(kept)), tuple(problems))


@lru_cache(maxsize=64)
def _loaded(path: Path, _: int) -> Profile:
    """A profile, read once as long as its file does not change."""
    return load_profile(path)


def find_profile(name: str, folder: Path | None = None) -> FoundProfile:
    """The profile of a name or alias, in any spelling of blanks, dashes and capitals.

    Raises
    ------
    StudyError
        No profile has the name, or the file that may have it cannot be used.

    Examples
    --------
    >>> find_profile("Yandex Audience").profile.id
    'yandex_audience'
    """
    every = all_profiles(folder)
    wanted = _folded(name)
    names = {
        _folded(one): part
        for part in every.found
        for one in (*part.profile.aliases, part.profile.title, part.profile.id)
    }
    if wanted in names:
        return names[wanted]
    if every.problems:
        raise StudyError(every.problems)
    ids = [part.profile.id for part in every.found]
    close = nearest(wanted, names)
    near = names[close].profile.id if close else None
    raise StudyError(
        error(
            "profile.unknown",
            "There is no profile called {name!r}.",
            found=name,
            allowed=", ".join(ids),
            remedy=f"Did you mean {near!r}?"
            if near
            else "Take one of these, or write your own: audiences/NAME.yaml beside the study file.",
            values={"name": name},
        )
    )


def _folded(name: str) -> str:
    return latin_look(loose(name))


def _paths(folder: Path | None) -> Iterator[Path]:
    yield from sorted((root("reports") / FOLDER).glob("*.yaml"))
    if folder is not None and (folder / FOLDER).is_dir():
        own = [*(folder / FOLDER).glob("*.yaml"), *(folder / FOLDER).glob("*.yml")]
        yield from sorted(own)


def _replaced(profile: Profile, path: Path) -> Problem:
    return note(
        "profile.replaced",
        "The study's own profile {name!r} is used in place of the shipped one.",
        file=str(path),
        values={"name": profile.id},
    )
