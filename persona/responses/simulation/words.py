"""Verbatims made of the questionnaire's own words, so that any questionnaire has some."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from persona.questionnaire.model import Question, Questionnaire
from persona.questionnaire.texts import Texts
from persona.questionnaire.types.multiple import Multiple
from persona.questionnaire.variables import Measure, Variable
from persona.responses.simulation.answers import Cells
from persona.responses.simulation.people import People

_SILENT = 0.45
_OPENERS = {
    "en": (
        "{0}",
        "For me it comes down to this: {1}",
        "Most of all: {1}",
        "I would say {1}",
        "What counts is {1}",
        "Simply put, {1}",
    ),
    "pl": (
        "{0}",
        "Dla mnie sprowadza się to do jednego: {1}",
        "Przede wszystkim: {1}",
        "Krótko mówiąc: {1}",
        "Liczy się jedno: {1}",
        "Najważniejsze: {1}",
    ),
    "ru": (
        "{0}",
        "Для меня главное вот что: {1}",
        "Прежде всего: {1}",
        "Если коротко: {1}",
        "Важно одно: {1}",
        "Скажу так: {1}",
    ),
    "nl": (
        "{0}",
        "Voor mij komt het hierop neer: {1}",
        "Vooral: {1}",
        "Kort gezegd: {1}",
        "Wat telt: {1}",
        "Het belangrijkste: {1}",
    ),
}
_CLOSERS = {
    "en": ("", "", "The rest matters less.", "It was not always so.", "Please keep it that way."),
    "pl": ("", "", "Reszta jest mniej ważna.", "Nie zawsze tak było.", "Oby tak zostało."),
    "ru": ("", "", "Остальное не так важно.", "Так было не всегда.", "Пусть так и будет."),
    "nl": ("", "", "De rest is minder belangrijk.", "Dat was niet altijd zo.", "Houd dat zo."),
}

_OTHER = {
    "en": ("it depends", "something of my own", "hard to put a name to", "a bit of everything"),
    "pl": ("to zależy", "coś własnego", "trudno to nazwać", "wszystkiego po trochu"),
    "ru": ("по-разному", "что-то своё", "трудно назвать", "всего понемногу"),
    "nl": ("dat hangt ervan af", "iets eigens", "moeilijk te benoemen", "van alles een beetje"),
}

_ANY = {
    "en": (
        "It depends on the day",
        "I have not thought much about it",
        "My family comes first",
        "I take my time with such things",
        "Mostly the same as everybody else",
        "There was no special reason",
        "It should be simpler",
        "I would do it again",
    ),
    "pl": (
        "To zależy od dnia",
        "Nie myślę o tym wiele",
        "Najpierw jest rodzina",
        "Nie spieszę się z takimi sprawami",
        "Mniej więcej tak jak wszyscy",
        "Bez szczególnego powodu",
        "Powinno być prościej",
        "Drugi raz tak samo",
    ),
    "ru": (
        "Зависит от дня",
        "Я об этом мало думаю",
        "Семья прежде всего",
        "Я с таким не спешу",
        "Примерно как у всех",
        "Без особой причины",
        "Надо бы проще",
        "Второй раз так же",
    ),
    "nl": (
        "Dat hangt van de dag af",
        "Daar heb ik niet veel over nagedacht",
        "Mijn gezin gaat voor",
        "Ik neem de tijd voor zulke dingen",
        "Ongeveer zoals iedereen",
        "Zonder bijzondere reden",
        "Het moet eenvoudiger",
        "Ik zou het weer doen",
    ),
}


def verbatim_cells(
    question: Question, questionnaire: Questionnaire, people: People, languages: Sequence[str]
) -> Cells:
    """What respondents write: about half of them, on what their segment stands high on."""
    rng = people.rng(question.id)
    topics = _topics(questionnaire)
    if not topics:
        return [_remark(language, rng) for language in languages]
    ranked = [
        sorted(topics, key=lambda v: (-people.plan.shift(v.id)[s], v.id))[
            : max(3, len(topics) // 3)
        ]
        for s in range(people.plan.k)
    ]
    cells: Cells = []
    for row in range(people.n):
        choices = ranked[int(people.segment[row])]
        picked = choices[int(rng.integers(len(choices)))]
        sentence = _sentence(picked.text, languages[row], rng)
        cells.append(None if rng.random() < _SILENT else sentence)
    return cells


def other_words(name: str, people: People, languages: Sequence[str]) -> list[str]:
    """What each respondent would write behind "please specify"."""
    rng = people.rng(name)
    picked = [_OTHER.get(language, _OTHER["en"]) for language in languages]
    return [words[int(rng.integers(len(words)))] for words in picked]


def _topics(questionnaire: Questionnaire) -> list[Variable]:
    """Items and options that say something of what a respondent wants."""
    topics: list[Variable] = []
    for question in questionnaire.questions:
        closed = {
            str(option.code)
            for option in (question.options if isinstance(question, Multiple) else ())
            if option.exclusive or option.other
        }
        for variable in questionnaire.variables_of(question.id):
            says = variable.measure in (Measure.INTERVAL, Measure.BINARY) and variable.item
            wants = questionnaire.section_of(question.id).block == "expects"
            if says and wants and not variable.reverse and variable.item not in closed:
                topics.append(variable)
    return topics


def _remark(language: str, rng: np.random.Generator) -> object:
    """A remark that fits any question, where the questionnaire has no closed ones to speak of."""
    remark = _sentence({language: str(rng.choice(_ANY.get(language, _ANY["en"])))}, language, rng)
    return None if rng.random() < _SILENT else remark


def _sentence(text: Texts, language: str, rng: np.random.Generator) -> str:
    spoken = language if language in text else next(iter(text))
    words = text[spoken].rstrip(".!? ")
    openers = _OPENERS.get(spoken, ("{0}",))
    closers = _CLOSERS.get(spoken, ("",))
    opener = openers[int(rng.integers(len(openers)))]
    closer = closers[int(rng.integers(len(closers)))]
    # "I" and abbreviations keep their capital
    second = words[1:2]
    keeps = not second or second == " " or second.isupper() or second == "'"
    lowered = words if keeps else words[0].lower() + words[1:]
    return f"{opener.format(words, lowered)}. {closer}".strip()
