"""How the single file is made, and what it starts."""
