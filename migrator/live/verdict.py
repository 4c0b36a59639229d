"""The verdict of `check`: whether mail will go out, and why, in one sentence."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from migrator.diagnostic import Severity
from migrator.live.session import NO_METHOD
from migrator.tuples import NamedTuple
from migrator.values.login_method import LoginMethod
from migrator.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.diagnostic import Diagnostic
    from migrator.observations import Observations
    from migrator.section import Section


class Answer(StrEnum):
    """What there is to say."""

    YES = "yes"
    PROBABLY = "probably"
    NO = "no"
    UNKNOWN = "unknown"


class Verdict(NamedTuple):
    """The answer, and why, in one sentence."""

    answer: Answer
    sentence: str


def verdict(
    section: Section | None,
    in_file: Sequence[Diagnostic],
    at_server: Sequence[Diagnostic],
    seen: Observations | None,
) -> Verdict:
    """Whether mail will go out, by what was found in the file and at the server.

    What the server does counts before what the file looks like: it is a proof, also where its finding is left
    out or made milder. Without a finding it is still no promise, as no mail was sent. What keeps a server
    from being asked, such as a missing section, keeps mail from going out, too.
    """
    errors = [one for one in (*at_server, *in_file) if one.severity is Severity.ERROR]
    if seen is None and not errors:
        errors = list(in_file[:1])
    if errors:
        more = len(errors) - 1
        others = f" (and {counted(more, 'more error')})" if more else ""
        why = errors[0].message.removesuffix(".")  # which may end with the words of a server
        return Verdict(Answer.NO, f"Will mail go out? No, because {why}{others}.")
    if section is None or seen is None:
        return Verdict(Answer.UNKNOWN, "Will mail go out? Nobody knows, because no server could be asked.")
    server = section.name(str(seen.server))
    if seen.trouble is not None:
        return Verdict(
            Answer.NO,
            f"Will mail go out? No, because the dialogue with {server} ends "
            f"at the stage {seen.trouble.stage}: {seen.trouble.kind.value}.",
        )
    warnings = sum(one.severity is Severity.WARNING for one in (*at_server, *in_file))
    doubts = f", with {counted(warnings, 'warning')}" if warnings else ""
    has_logins = seen.offers is not None and bool(seen.offers.mechanisms)
    if seen.logged_in is not None or (section.method is LoginMethod.NONE and not has_logins):
        let_in = "wants no login" if seen.logged_in is None else "takes the login"
        return Verdict(
            Answer.YES,
            f"Will mail go out? Yes, as far as can be seen without sending one{doubts}: "
            f"{server} answers, and {let_in}.",
        )
    if section.method is LoginMethod.NONE:
        unknown = "takes mail without a login is not known, as it offers logins (send-test-email shows it)"
    else:
        unknown = f"takes the login is not known, because {seen.untried or _why_untried(section)}"
    return Verdict(
        Answer.PROBABLY,
        f"Will mail go out? Probably{doubts}: {server} answers as the settings want it; "
        f"whether it {unknown}.",
    )


def _why_untried(section: Section) -> str:
    """Why no login was tried where the server has no part in that."""
    if section.method is None:
        return NO_METHOD
    if section.method is LoginMethod.AUTO and not section.has_credentials:
        return "there is neither User nor Password to log in with"
    return "it was not tried (--login tries it)"
