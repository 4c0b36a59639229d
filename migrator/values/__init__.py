"""The values of the settings: what a text says, or what is wrong with it."""
