"""dmsmtp: validate, lint and explain the outgoing-mail (SMTP) section of DataMiner.xml."""

__version__ = "0.1.0"
