"""Microsoft Forms: one header row in the owner's language; several answers end in a semicolon."""

from persona.responses.importers.profile import NOT_SUBMITTED, Profile, names, register_profile

_COMPLETION = (
    "Completion time",
    "Godzina ukończenia",
    "Hora de finalización",
    "Fertigstellungszeit",
    "Heure de fin",
    "Tijd van voltooien",
    "Время выполнения",
)
_START = (
    "Start time",
    "Godzina rozpoczęcia",
    "Hora de inicio",
    "Startzeit",
    "Heure de début",
    "Begintijd",
    "Время создания",
)

MS_FORMS = register_profile(
    Profile(
        name="ms_forms",
        title="Microsoft Forms",
        marks=tuple(names(a, b) for a, b in zip(_START, _COMPLETION, strict=True)),
        system=names(
            *_START,
            *_COMPLETION,
            "ID",
            "Email",
            "Name",
            "Last modified time",
            "Language",
            "Adres e-mail",
            "Nazwa",
            "Godzina ostatniej modyfikacji",
            "Correo electrónico",
            "Nombre",
            "E-Mail",
            "E-mail",
            "Naam",
            "Электронная почта",
            "Имя",
            "Total points",
            "Quiz feedback",
            "Grade posted time",
        ),
        system_patterns=r"(Points|Feedback|Punkty|Opinia) - .+",
        states={normal_header: NOT_SUBMITTED for normal_header in names(*_COMPLETION)},
    )
)
