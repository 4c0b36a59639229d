"""A folder of agents as the field has them: settings of Cube, of tools, of hands, in all formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "canary+on+tulips"  # shown nowhere
_OWN = ("smtp.example.com", "dma@example.com")
_MICROSOFT = ("smtp.office365.com", "noc@example.com")
_SENDGRID = ("smtp.sendgrid.net", "apikey")
_GOOGLE = ("smtp.gmail.com", "noc@example.com")

# Host and user, HostPort, LoginMethod, further lines, what comes in place of names
LEGACY: tuple[tuple[tuple[str, str], str, str, str, dict[str, str]], ...] = (
    (_OWN, "587-starttls", "AuthLoginMethod", "", {}),
    (_OWN, "587-STARTTLS", "LOGIN", "", {}),
    (_OWN, " 587-starttls ", "login", "", {}),
    (_OWN, "0587-starttls", "AuthLoginMethod", "", {"HostPort": "Port"}),
    (_OWN, "465-ssl", "Login", "", {"Host": "Server"}),
    (_OWN, "587 starttls", "CRAMMD5", "", {}),
    (_OWN, "587-tls", "AuthLoginMethod", "<MaxSubjectLength>078</MaxSubjectLength>", {}),
    (_OWN, "587-ssl", "AuthLoginMethod", "", {"User": "Username"}),
    (_OWN, "465-starttls", "AuthLoginMethod", "", {"From": "MailFrom"}),
    (_OWN, "587-starttls", "NoLogin", "", {}),
    (_OWN, "587-starttls", "None", "<Helo>dma7.example.com</Helo>", {}),
    (_MICROSOFT, "587", "LOGIN", "", {}),
    (_MICROSOFT, "465", "AuthLoginMethod", "", {}),
    (_MICROSOFT, "587-starttls", "AuthLoginMethod", "", {}),
    (_MICROSOFT, "587-starttls", "login", "<Helo>dma8.example.com</Helo>", {}),
    (_SENDGRID, "587", "AuthLoginMethod", "", {}),
    (_SENDGRID, "25", "LOGIN", "", {}),
    (_GOOGLE, "25", "AuthLoginMethod", "", {}),
    (_GOOGLE, "587-StartTLS", "LOGIN", "", {}),
    (_OWN, "587-starttls", "AuthLoginMethod", "<Host>smtp.example.com</Host>", {}),
)


def section(number: int) -> str:
    """The section of an agent as XML, with the settings in lines of their own."""
    (host, user), port, method, more, names = LEGACY[number % len(LEGACY)]
    values = {
        "Host": host,
        "HostPort": port,
        "LoginMethod": method,
        "User": user,
        "Password": PASSWORD,
        "From": "noc@example.com",
    }
    lines = [
        f"    <{names.get(name, name)}>{value}</{names.get(name, name)}>" for name, value in values.items()
    ]
    return "\n".join(["  <SMTP>", *lines, *([f"    {more}"] if more else []), "  </SMTP>"])


def content(number: int) -> tuple[str, bytes]:
    """The name and the bytes of an agent's file: in turn, XML of several kinds, YAML and JSON."""
    xml = section(number)
    agent = f"  <DMA>\n    <DMAName>Agent {number}</DMAName>\n  </DMA>"
    whole = f'<DataMiner id="{number}">\n{agent}\n{xml}\n</DataMiner>\n'
    match number % 7:
        case 0:
            return "DataMiner.xml", whole.replace("\n", "\r\n").encode("utf-16")
        case 1:
            return "DataMiner.xml", whole.encode("utf-8-sig")
        case 2 if "<Host>" in xml and xml.count("<Host>") == 1:
            return "agent.smtp.yaml", "".join(_yaml(xml)).encode()
        case 3:
            twice = whole.replace("</DataMiner>", f"{xml}\n</DataMiner>")
            return "DataMiner.xml", twice.encode("windows-1252")
        case _:
            return "DataMiner.xml", whole.encode()


def _yaml(xml: str) -> list[str]:
    import re

    found = re.findall(r"<(\w+)>([^<]*)</", xml)
    return ["SMTP:\n", *(f"  {name}: '{value}'  # kept\n" for name, value in found)]


def write_agents(folder: Path, number: int) -> list[Path]:
    """Write the files of so many agents, one folder each."""
    paths = []
    for one in range(1, number + 1):
        name, data = content(one)
        path = folder / f"agent-{one:02}" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        paths.append(path)
    return paths
