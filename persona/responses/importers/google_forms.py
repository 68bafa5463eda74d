"""Google Forms, through Sheets or as downloaded: one header row of full question texts."""

from persona.responses.importers.profile import Profile, names, register_profile

GOOGLE_FORMS = register_profile(
    Profile(
        name="google_forms",
        title="Google Forms",
        first=names(
            "Timestamp",
            "Sygnatura czasowa",
            "Zeitstempel",
            "Horodateur",
            "Marca temporal",
            "Informazioni cronologiche",
            "Carimbo de data/hora",
            "Tijdstempel",
            "Отметка времени",
        ),
        cells=r"\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d{2}:\d{2} [AP]M [A-Z]{3,4}([-+]\d{1,2}(:\d{2})?)?",
        sheets=r"(?i)(form responses|odpowiedzi|formularantworten|antwoorden|ответы).*\d+",
        headers=(r"(?P<text>.+?)\s*\[(?P<option>[^\[\]]+)\]\s*",),
        system=names(
            "Timestamp",
            "Sygnatura czasowa",
            "Zeitstempel",
            "Horodateur",
            "Marca temporal",
            "Informazioni cronologiche",
            "Carimbo de data/hora",
            "Tijdstempel",
            "Отметка времени",
            "Email Address",
            "Username",
            "Adres e-mail",
            "E-Mail-Adresse",
            "E-mailadres",
            "Адрес электронной почты",
            "Score",
            "Wynik",
        ),
        system_patterns=r"(Column|Kolumna|Spalte|Kolom|Столбец) \d+",
    )
)
