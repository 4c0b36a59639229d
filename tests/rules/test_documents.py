"""D004 and D005: rows are files with a key twice, and files that are no configuration, the place marked."""

from __future__ import annotations

import pytest

from migrator.checking import CheckSettings, check
from migrator.definition import NAMESPACE
from tests.rules.tables import codes, findings, only

SECRET = "Kx7QvWz93TmPbY2d"
OTHER = "urn:example:other"


class TestNotAConfiguration:
    @pytest.mark.parametrize(
        ("text", "message", "help_"),
        [
            ("<«Configuration»><SMTP/></Configuration>", "neither DataMiner nor SMTP", "DataMiner.xml"),
            ("<«DMA»><SMTP/></DMA>", "the root is DMA, neither", "DataMiner.xml"),  # a name of DataMiner.xml
            ("<«Host»>a</Host>", "the root is Host, neither", "DataMiner.xml"),
            ("<«DMS»><Cluster/></DMS>", "this is DMS.xml", "in DataMiner.xml"),
            ("<«dms»><Cluster/></dms>", "another element", "DataMiner.xml"),
            ("<«smtp»><Host>a</Host></smtp>", "not written SMTP", "write SMTP"),
            ("<«Dataminer»><SMTP/></Dataminer>", "not written DataMiner", "write DataMiner"),
            ("<«DataMinner»><SMTP/></DataMinner>", "another element", "was DataMiner meant?"),
            (f'<«dataMiner» xmlns="{OTHER}"/>', "not written DataMiner", "write DataMiner"),
            (f'<«DataMiner» xmlns="{OTHER}"><SMTP/></DataMiner>', "is DataMiner in a namespace", NAMESPACE),
            (f'<«SMTP» xmlns="{OTHER}"><Host>a</Host></SMTP>', "is SMTP in a namespace", NAMESPACE),
        ],
    )
    def test_another_root(self, text: str, message: str, help_: str) -> None:
        one = only(text, "D005")
        assert message in one.message
        assert one.help is not None
        assert help_ in one.help
        assert codes(text) == ["D005"]

    def test_the_name_of_the_root_may_be_a_secret(self) -> None:
        assert SECRET not in str(check("x", f"<{SECRET}/>".encode(), CheckSettings()).diagnostics)

    @pytest.mark.parametrize(
        ("text", "message", "help_"),
        [
            ('{"«smtp»": {"Host": "a"}}', "neither SMTP nor DataMiner", "was SMTP meant?"),
            ('{"x": 1, "«Dataminer»": {}, "Smtp": {}}', "neither SMTP nor DataMiner", "was DataMiner meant?"),
            ("x:\n  SMTP:\n    Host: a\n«STMP»: {}\n", "neither SMTP nor DataMiner", "was SMTP meant?"),
            ('{"SMTP": {}, "«DataMiner»": {}}', "side by side", "keep one"),
            ("DataMiner:\n  SMTP: {}\n«SMTP»:\n  Host: a\n", "side by side", "keep one"),
            ("SMTP: {}\nSMTP: {}\n«DataMiner»: {}\n", "side by side", "keep one"),
            ('{"«SMTP»": []}', "SMTP holds no mapping", "keys with values"),
            (
                '{"x": {}, "«DataMiner»": "smtp.example.com"}',
                "DataMiner holds no mapping",
                "keys with values",
            ),
            ("«SMTP»:\n- Host: a\n", "SMTP holds no mapping", "keys with values"),
            ("«SMTP»: a\nSMTP: b\n", "SMTP holds no mapping", "keys with values"),
        ],
    )
    def test_another_mapping(self, text: str, message: str, help_: str) -> None:
        one = only(text, "D005")
        assert message in one.message
        assert one.help is not None
        assert help_ in one.help
        assert codes(text) == ["D005"]

    @pytest.mark.parametrize(
        "text",
        [
            "{}",
            '{"Host": "smtp.example.com", "From": "dma@example.com"}',
            "Host: a\n",
            "[]",
            '[{"SMTP": {}}]',
        ],
    )
    def test_nothing_that_could_be_meant(self, text: str) -> None:
        (one,) = check("x", text.encode(), CheckSettings()).diagnostics
        assert one.code == "D005"
        assert "neither SMTP nor DataMiner" in one.message
        assert one.help == "write the settings under the key SMTP"
        assert one.span is not None
        assert one.span.start.offset == 0

    @pytest.mark.parametrize(
        "text",
        [
            "<SMTP/>",
            "<DataMiner/>",
            f'<x:SMTP xmlns:x="{NAMESPACE}"/>',
            '{"SMTP": {}}',
            '{"x": {}, "DataMiner": {}}',
            "SMTP: {}\nSMTP: a\n",
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "D005" not in codes(text)


class TestDuplicateKey:
    @pytest.mark.parametrize(
        ("text", "place", "first"),
        [
            ('{"SMTP": {"Host": "a", "«Host»": "b"}}', "SMTP/Host", '"Host'),
            ('{"SMTP": {"x": {"y": 1, "«y»": 2}}}', "SMTP/x/y", '"y'),
            ('{"SMTP": {"Password": "a", "«Password»": "b"}}', "SMTP/Password", '"Password'),
            ('{"SMTP": {}, "«SMTP»": {}}', "SMTP", '"SMTP'),
            ('{"SMTP": {}, "x": [{"@y": 1, "«@y»": 1}]}', "x/@y", '"@y'),
            ('{"SMTP": {"OAuthTokenEndpoint": {"y": 1, "«y»": 2}}}', "SMTP/OAuthTokenEndpoint/y", '"y'),
            ('{"SMTP": {"@OAuthTokenEndpoint": {"y": 1, "«y»": 2}}}', "SMTP/@OAuthTokenEndpoint/y", '"y'),
        ],
    )
    def test_says_where_the_first_is(self, text: str, place: str, first: str) -> None:
        one = only(text, "D004")
        (before,) = one.related
        assert one.place == place
        assert one.message == f"{place.rpartition('/')[2]} is there more than once"
        assert before.span is not None
        assert before.span.start.offset == text.index(first) + 1

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            (f'{{"SMTP": {{"«Password»": {{"{SECRET}": 1, "{SECRET}": 2}}}}}}', "SMTP/Password"),
            (f'{{"SMTP": {{"«Password»": [{{"{SECRET}": 1, "{SECRET}": 2}}]}}}}', "SMTP/Password"),
            (f'{{"SMTP": {{"«OAuthClientSecret»": {{"Host": {{"a": "{SECRET}", "a": 2}}}}}}}}', "SMTP/OAuth"),
            (f"SMTP:\n  «Pasword»:\n    Secret:\n      {SECRET}: 1\n      {SECRET}: 1\n", "SMTP/Pasword"),
            (f'{{"SMTP": {{}}, "x": {{"«@password»": {{"{SECRET}": 1, "{SECRET}": 1}}}}}}', "x/@password"),
        ],
    )
    def test_inside_a_secret_it_points_at_the_secret(self, text: str, place: str) -> None:
        one = only(text, "D004")
        assert (one.place or "").startswith(place)
        assert "inside" in one.message
        assert one.related == ()
        assert SECRET not in str(one)

    def test_each_is_said(self) -> None:
        secrets = '"Password": {"a": 1, "a": 2}, "OAuthClientSecret": {"a": 1, "a": 2}'
        text = f'{{"SMTP": {{{secrets}, "Host": "a", "Host": "b", "x": {{"y": 1, "y": 2}}}}}}'
        found = [one.place for one in findings(text) if one.code == "D004"]
        assert found == ["SMTP/Password", "SMTP/OAuthClientSecret", "SMTP/Host", "SMTP/x/y"]

    @pytest.mark.parametrize(
        "text",
        [
            '{"SMTP": {"Host": "a", "host": "b"}}',
            '{"SMTP": {"Host": "a", "x": {"Host": "b"}}}',
            '{"SMTP": {"x": [{"y": 1}, {"y": 2}]}}',
            "<SMTP><Host>a</Host><Host>b</Host></SMTP>",  # S102
        ],
    )
    def test_near_miss(self, text: str) -> None:
        assert "D004" not in codes(text)
