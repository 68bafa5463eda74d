"""Alchemer, once SurveyGizmo: options stand before their question in the header."""

from persona.responses.importers.profile import Profile, names, register_profile

ALCHEMER = register_profile(
    Profile(
        name="alchemer",
        title="Alchemer (SurveyGizmo)",
        marks=(names("Time Started", "Date Submitted", "Status"),),
        headers=(r"(?P<option>[^:]{1,200}):(?P<text>\S.{8,})",),
        system=names(
            "Response ID",
            "Time Started",
            "Date Submitted",
            "Status",
            "Contact ID",
            "Legacy Comments",
            "Comments",
            "Language",
            "Referer",
            "SessionID",
            "User Agent",
            "Extended Referer",
            "IP Address",
            "Longitude",
            "Latitude",
            "Country",
            "City",
            "State/Region",
            "Postal",
        ),
        states={
            "status": {"complete": "complete", "partial": "partial", "disqualified": "partial"}
        },
        other=names("Other - Write In", "Other - Write In (Required)"),
    )
)
