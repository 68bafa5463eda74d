"""Unipark, Tivian EFS: codes of disposition tell who finished, negative codes what is missing."""

from persona.responses.importers.profile import Profile, names, register_profile

UNIPARK = register_profile(
    Profile(
        name="unipark",
        title="Unipark (EFS)",
        marks=(names("lfdn", "dispcode"), names("lfdn", "lastpage")),
        system=names(
            *"lfdn external_lfdn tester dispcode lastpage quality duration browser referer "
            "device_type quota page_history datetime date_of_last_access participant_browser "
            "hflip vflip output_mode javascript flash session_id language".split()
        ),
        system_patterns=r"(c|p)_\d{4}|rts\d+|hash",
        states={
            "dispcode": {
                "20": "partial",
                "21": "partial",
                "22": "partial",
                "37": "partial",
                "41": "partial",
            },
            "tester": {"1": "test"},
        },
        missing={"-77": "not_asked", "-66": "not_asked", "-99": "refused"},
    )
)
