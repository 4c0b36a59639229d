"""The registry of migration steps, in the order in which they are told; a step's body mentions no version."""

from __future__ import annotations

from migrator.migrations import login, secrets, structure, transport, versions
from migrator.migrations.model import Step, StepKind, Wish, of_rule
from migrator.rules.versions import faultless_from
from migrator.values.login_method import oauth_since
from migrator.values.version import since

_OAUTH = oauth_since()
_NAMESPACED = since({"main": ["10.0.0 CU3"], "feature": "10.0.8"})
_PASSWORDS = ("P501", "P502")
_CLEAR_TEXT = ("H208", "H211", "A306", "O404")

STEPS: tuple[Step, ...] = (
    # spellings
    of_rule("section-name", "S111"),
    of_rule("setting-names", "S101"),
    of_rule("setting-namespace", "S110"),
    of_rule("white-space", "S109"),
    of_rule("login-method-names", "A301"),
    of_rule("host-extras", "H203"),
    of_rule("port-spelling", "H204"),
    of_rule("port-digits", "H215"),
    of_rule("port-suffix-case", "H207"),
    of_rule("redundant-port-suffix", "H206"),
    of_rule("subject-length-digits", "M604"),
    of_rule("from-display-name", "M606"),
    # structure
    Step(
        "duplicate-section",
        StepKind.SAFE,
        structure.duplicate_section,
        ("S104", "D004"),
        plan=structure.duplicate_section,
    ),
    Step(
        "misplaced-section",
        StepKind.SAFE,
        structure.misplaced_section,
        ("S105",),
        plan=structure.misplaced_section,
    ),
    Step(
        "duplicate-setting",
        StepKind.SAFE,
        structure.duplicate_setting,
        ("S102", "D004"),
        plan=structure.duplicate_setting,
    ),
    Step(
        "missing-section",
        StepKind.MANUAL,
        structure.missing_section,
        ("S103",),
        wording=structure.missing_section,
    ),
    # ports
    of_rule("provider-port", "P503", settles=(*_CLEAR_TEXT, "H209", "H210", "H212")),
    Step(
        "provider-in-clear-text",
        StepKind.UNSAFE,
        transport.provider_in_clear_text,
        (*_CLEAR_TEXT, "H214"),
        plan=transport.provider_in_clear_text,
        in_place_of_all=True,
    ),
    of_rule("implicit-tls-on-587", "H209"),
    of_rule("starttls-on-465", "H210"),
    Step(
        "clear-text",
        StepKind.MANUAL,
        transport.clear_text,
        (*_CLEAR_TEXT, "H212"),
        wording=transport.clear_text,
    ),
    # logins
    of_rule("unused-credentials", "A305"),
    of_rule("provider-user", "P504"),
    of_rule("provider-login-method", "P505"),
    Step(
        "password-login",
        StepKind.MANUAL,
        login.password_login,
        _PASSWORDS,
        wording=login.password_login,
        since=_OAUTH,
    ),
    Step(
        "password-login-without-oauth",
        StepKind.MANUAL,
        login.password_login_without_oauth,
        _PASSWORDS,
        wording=login.password_login_without_oauth,
        until=_OAUTH,
    ),
    # what an older version does not know, or does wrong
    Step(
        "login-method-unknown",
        StepKind.MANUAL,
        versions.login_method_unknown,
        ("V801",),
        wording=versions.login_method_unknown,
        settles=("A303", "O401", "O402", "O403", "O408", "O409"),
        until=_OAUTH,
    ),
    Step(
        "setting-unknown",
        StepKind.MANUAL,
        versions.setting_unknown,
        ("V802",),
        wording=versions.setting_unknown,
        is_complete=True,
        settles=("O406", "O407", "O411"),
        until=_OAUTH,
    ),
    Step(
        "affected-release",
        StepKind.MANUAL,
        versions.affected_release,
        ("V803",),
        wording=versions.affected_release,
        until=faultless_from(),
    ),
    # on request
    Step(
        "secrets-to-variables",
        StepKind.SAFE,
        secrets.secrets_to_variables,
        ("X701",),
        plan=secrets.secrets_to_variables,
        wish=Wish.SECRETS_TO_VARIABLES,
    ),
    Step(
        "add-namespace",
        StepKind.SAFE,
        structure.add_namespace,
        plan=structure.add_namespace,
        since=_NAMESPACED,
        wish=Wish.ADD_NAMESPACE,
    ),
    Step(
        "remove-namespace",
        StepKind.SAFE,
        structure.remove_namespace,
        plan=structure.remove_namespace,
        wish=Wish.REMOVE_NAMESPACE,
    ),
)
"""All steps."""

BY_NAME = {step.name: step for step in STEPS}
