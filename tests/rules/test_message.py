"""M rules: rows are sections with one mistake, its place marked, or that only look as if they had one."""

from __future__ import annotations

import pytest

from migrator.diagnostic import Safety, Severity
from tests.rules.tables import codes, fixed, only, section


class TestInvalidMaxSubjectLength:
    @pytest.mark.parametrize(
        ("written", "number"),
        [
            ("078", "78"),
            ("000", "0"),
            ("00", "0"),
            ("+78", "78"),
            ("+0", "0"),
            ("+078", "78"),
            (" 078 ", "78"),
            ("\uff17\uff18", "78"),
            ("0" * 40 + "255", "255"),
        ],
    )
    def test_one_reading_is_written(self, written: str, number: str) -> None:
        text = section(MaxSubjectLength=f"«{written}»")
        one = only(text, "M604")
        assert one.severity is Severity.ERROR
        assert one.fix is not None
        assert one.fix.safety is Safety.SAFE
        assert fixed(text, "M604") == section(MaxSubjectLength=number)
        assert "S109" not in codes(text)

    @pytest.mark.parametrize(
        "written",
        [
            *("-1", "-0", "- 1", "++78", "78.0", "78,5", "7 8", "1e3", "0x4E", "1_000", "78 characters"),
            *("unlimited", "\u00b2", "7" * 64 + "x", "0" * 5000 + "1"),
        ],
    )
    def test_no_reading(self, written: str) -> None:
        one = only(section(MaxSubjectLength=f"«{written}»"), "M604")
        assert one.severity is Severity.ERROR
        assert one.message.endswith("is not a whole number of 0 or more")
        assert one.fix is None

    @pytest.mark.parametrize("written", ["", "  ", "\n", "<!-- 78 -->"])
    def test_empty(self, written: str) -> None:
        text = section(MaxSubjectLength=written)
        one = only(text.replace("<MaxSubjectLength>", "<«MaxSubjectLength»>", 1), "M604")
        assert (one.message, one.fix) == ("MaxSubjectLength is empty", None)
        assert codes(text) == ["M604"]

    @pytest.mark.parametrize(
        "written",
        [
            *("0", "1", "78", "255", "998", "10", "9" * 5000),
            *(" 78", "78\n"),  # S109
            *("<![CDATA[78]]>", "&#55;8", "7<!-- -->8"),
        ],
    )
    def test_near_miss(self, written: str) -> None:
        assert "M604" not in codes(section(MaxSubjectLength=written))

    def test_near_miss_missing(self) -> None:
        assert "M604" not in codes(section())
