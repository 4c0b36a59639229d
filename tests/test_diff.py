"""What a change looks like: a unified diff without secrets."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrator.diff import masked_diff
from migrator.document.limits import Limits
from migrator.values.secret import MASK

SECRET = "correct-horse"
LINES = st.sampled_from(["<Host>a</Host>", "<Helo>b.c</Helo>", "<From>d@e</From>", "<User>f</User>", ""])


def section(lines: list[str], end: str = "\n") -> str:
    return end.join(["<SMTP>", *lines, "</SMTP>", ""])


def shown(before: str, after: str, path: str = "x.xml") -> str:
    return masked_diff(path, before.encode(), after.encode(), Limits())


def patched(text: str, diff: str) -> str:
    """The text with a unified diff applied."""
    lines, result, at = text.splitlines(keepends=True), [], 0
    for line in diff.splitlines(keepends=True)[2:]:
        if line.startswith("@@"):
            start, _, length = line.split()[1].removeprefix("-").partition(",")
            first = int(start) - (length != "0")
            result += lines[at:first]
            at = first
        elif line.startswith("+"):
            result.append(line[1:])
        else:
            assert lines[at] == line[1:]
            at += 1
            if line.startswith(" "):
                result.append(line[1:])
    return "".join([*result, *lines[at:]])


@settings(max_examples=60)
@given(st.lists(LINES, max_size=30), st.lists(LINES, max_size=30))
@example([""], ["", "<User>f</User>", ""])
def test_where_nothing_is_secret_it_leads_from_one_to_the_other(before: list[str], after: list[str]) -> None:
    one, other = section(before), section(after)

    assert (patched(one, shown(one, other)) if one != other else one) == other


def test_nothing_changed_is_no_diff() -> None:
    assert shown(section([]), section([])) == ""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_and_context(end: str) -> None:
    many = [f"<Helo>h{number}.a</Helo>" for number in range(20)]
    changed = [*many[:10], "<Host>new</Host>", *many[10:]]

    assert shown(section(many, end), section(changed, end)).splitlines() == [
        "--- x.xml",
        "+++ x.xml",
        "@@ -9,6 +9,7 @@",
        " <Helo>h7.a</Helo>",
        " <Helo>h8.a</Helo>",
        " <Helo>h9.a</Helo>",
        "+<Host>new</Host>",
        " <Helo>h10.a</Helo>",
        " <Helo>h11.a</Helo>",
        " <Helo>h12.a</Helo>",
    ]


@pytest.mark.parametrize(
    ("before", "after"), [("utf-16", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-8", "utf-16")]
)
def test_another_encoding_is_told(before: str, after: str) -> None:
    text = section(["<Host>a</Host>"])

    assert masked_diff("x.xml", text.encode(before), text.encode(after), Limits()) == (
        "# the same text, in another encoding or with another byte order mark\n--- x.xml\n+++ x.xml\n"
    )


def test_lines_of_what_cannot_be_read_are_counted_at_their_ends() -> None:
    before = "<SMTP>\n<Host>\u00c5\u010c\u0b0b\u0c0c</Host>\n".encode()  # some bytes are line ends elsewhere

    text = masked_diff("x.xml", before, section([]).encode(), Limits())

    assert "@@ -1,2 +1,2 @@" in text.splitlines()
    assert text.splitlines().count(f"-{MASK}") == 1


def test_changes_far_apart_are_two_hunks() -> None:
    many = [f"<Helo>h{number}.a</Helo>" for number in range(20)]
    changed = ["<Host>one</Host>", *many, "<Host>two</Host>"]

    text = shown(section(many), section(changed))

    assert [line for line in text.splitlines() if line.startswith("@@")] == [
        "@@ -1,4 +1,5 @@",
        "@@ -19,4 +20,5 @@",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"<Password>{SECRET}</Password>", ""),
        ("", f"<Password>{SECRET}</Password>"),
        (f"<Password>{SECRET}</Password>", "<Password>other-secret</Password>"),
        (f"<!-- {SECRET} --><Host>a</Host>", f"<!-- {SECRET} --><Host>b</Host>"),
        (f"<Password>{SECRET}</Password>\n<Helo>{SECRET}.a</Helo>", f"<Helo>{SECRET}.a</Helo>"),
        (f"<Helo>{SECRET}.a</Helo>", f"<Helo>{SECRET}.a</Helo>\n<Password>{SECRET}</Password>"),
        (f"<Pasword>{SECRET}</Pasword>", f"<Retries>{SECRET}</Retries>"),
    ],
)
def test_what_is_secret_on_one_side_is_shown_on_none(before: str, after: str) -> None:
    text = shown(section(before.split("\n")), section(after.split("\n")))

    assert SECRET not in text
    assert "other-secret" not in text
    assert text.startswith("# for reading, not for `patch`")


def test_a_file_of_one_line_is_shown_around_the_change() -> None:
    padding = "<DMA><DMAName>a</DMAName></DMA>" * 400
    before = f"<DataMiner>{padding}<SMTP><HostPort>587-STARTTLS</HostPort></SMTP>{padding}</DataMiner>"

    lines = shown(before, before.replace("STARTTLS", "starttls")).splitlines()

    assert len(lines) == 5
    assert all(len(line) < 500 for line in lines)
    assert "587-STARTTLS" in lines[3]
    assert "587-starttls" in lines[4]


def test_terminals_are_not_steered() -> None:
    text = shown("SMTP:\n  Host: a\n", 'SMTP:\n  Host: "\\u202e\\e[31m"\n', "x\x1b[0m.yaml")

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "x\\x1b[0m.yaml" in text


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(
    ("lines", "hunks"),
    [
        ([f"<Helo>{number if number % 10 else 'a'}</Helo>" for number in range(10_000)], 2),
        (["<Helo>a</Helo>"] * 10_000, 1),  # which hold nothing to go by
    ],
    ids=["some alike", "all alike"],
)
def test_a_long_file_is_compared_in_time(lines: list[str], hunks: int) -> None:
    before = section(["<Host>a</Host>", *lines, "<Host>a</Host>"])
    after = section(["<Host>b</Host>", *lines, "<Host>b</Host>"])

    started = time.process_time()
    text = shown(before, after)

    assert text.count("@@ -") == hunks
    assert time.process_time() - started < 10
