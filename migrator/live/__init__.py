"""Connecting to a mail server: what it is, what it offers, whether it lets us in and takes a mail."""

import migrator

EXTRA = f'pip install "dmsmtp-{migrator.__version__}-py3-none-any.whl[live]"'
"""What installs the libraries needed here: from our own file, and not what has our name somewhere else."""
