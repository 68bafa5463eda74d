"""Nextcloud Forms: three columns of its own, then question texts."""

from persona.responses.importers.profile import Profile, names, register_profile

NEXTCLOUD = register_profile(
    Profile(
        name="nextcloud",
        title="Nextcloud Forms",
        marks=(
            names("User ID", "User display name", "Timestamp"),
            names("Benutzer-ID", "Anzeigename", "Zeitstempel"),
            names("ID użytkownika", "Wyświetlana nazwa użytkownika", "Znacznik czasu"),
        ),
        system=names(
            "User ID",
            "User display name",
            "Timestamp",
            "Benutzer-ID",
            "Anzeigename",
            "Zeitstempel",
            "ID użytkownika",
            "Wyświetlana nazwa użytkownika",
            "Znacznik czasu",
        ),
    )
)
