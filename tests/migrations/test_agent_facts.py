"""What is known of an agent: what its settings mean, as it may be shown."""

from __future__ import annotations

import pytest

from migrator.checking import read_document
from migrator.document.limits import Limits
from migrator.document.model import Document
from migrator.migrations.agent_facts import AgentFacts, facts_of
from migrator.section import read_configuration


def _agent(text: str) -> AgentFacts:
    document = read_document("x.xml", text.encode(), Limits())
    assert isinstance(document, Document)
    configuration = read_configuration(document)
    assert configuration is not None
    return facts_of(configuration)


@pytest.mark.parametrize(
    ("name", "settings", "value"),
    [
        ("HostPort", "<HostPort>587-STARTTLS</HostPort>", "587-starttls"),
        ("HostPort", "<HostPort>0465</HostPort>", "465"),
        ("HostPort", "<Host>smtp.example.com</Host>", "25"),
        ("HostPort", "<HostPort>smtp</HostPort>", "smtp"),
        ("LoginMethod", "<LoginMethod>LOGIN</LoginMethod>", "AuthLoginMethod"),
        ("LoginMethod", "<LoginMethod>NTLM</LoginMethod>", "NTLM"),
        ("LoginMethod", "<LoginMethod>Basic</LoginMethod>", "Basic"),
        ("Helo", "<Helo>dma.example.com</Helo>", "dma.example.com"),
        ("Host", "<Host>correct-horse</Host><Password>correct-horse</Password>", "••••"),
        ("Host", "", ""),
    ],
)
def test_a_setting_is_shown_as_what_it_means(name: str, settings: str, value: str) -> None:
    agent = _agent(f"<DataMiner><SMTP>{settings}</SMTP></DataMiner>")
    assert agent.get(name) == value
    assert agent.has_section


def test_an_agent_without_a_section_has_no_settings() -> None:
    agent = _agent("<DataMiner id='7'/>")
    assert (agent.identity, agent.settings, agent.server, agent.has_section) == ("7", (), "", False)


@pytest.mark.parametrize(
    ("host", "server"),
    [
        ("smtp.example.com", "smtp.example.com"),
        ("smtp.example.com:587", "smtp.example.com"),
        ("smtps://smtp.example.com", "smtp.example.com"),
        ("the mail server", "the mail server"),
        ("", ""),
    ],
)
def test_the_server_is_what_a_host_names(host: str, server: str) -> None:
    assert _agent(f"<SMTP><Host>{host}</Host></SMTP>").server == server


@pytest.mark.parametrize(
    ("attributes", "identity"),
    [('build="9" id="7"', "7"), ('xmlns:x="u" x:id="9" id="7"', "7"), ('build="9"', None), ('ID="7"', None)],
)
def test_an_agent_is_told_by_the_id_of_its_root(attributes: str, identity: str | None) -> None:
    assert _agent(f"<DataMiner {attributes}><SMTP/></DataMiner>").identity == identity
