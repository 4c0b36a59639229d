"""From one format to another: read into a neutral tree, write it as XML, JSON, YAML or a message's fields."""
