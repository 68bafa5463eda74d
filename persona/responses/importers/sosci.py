"""SoSci Survey: variables such as AB01_02, test interviews marked by their mode."""

from persona.responses.importers.profile import Profile, names, register_profile

SOSCI = register_profile(
    Profile(
        name="sosci",
        title="SoSci Survey",
        marks=(names("CASE", "QUESTNNR", "STARTED"),),
        headers=(r"(?P<code>[A-Z]{2}\d{2})_(?P<item>\d{2,3})",),
        system=names(
            *"CASE SERIAL REF QUESTNNR MODE LANGUAGE STARTED TIME_SUM MAILSENT LASTDATA FINISHED "
            "Q_VIEWER LASTPAGE MAXPAGE MISSING MISSREL TIME_RSI DEG_TIME DEG_MISS DEGRADE".split()
        ),
        system_patterns=r"TIME\d{3}|\w+_CP|\w+_RV\d*",
        states={
            "finished": {"0": "partial", "f": "partial", "false": "partial"},
            "mode": {"orgtest": "test", "pretest": "test", "debug": "test", "admin": "test"},
        },
        missing={
            "-9": "refused",
            "-1": "dont_know",
        },
    )
)
