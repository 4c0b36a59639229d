"""The command line: options to settings, results to exit codes. It does no work of its own."""
