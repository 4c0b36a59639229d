"""The configuration file: `dmsmtp.toml`, or the table `tool.dmsmtp` of a `pyproject.toml`.

Which keys there are, with their types and choices, stands in `schemas/config.schema.json` alone.
"""
