"""The definition of the SMTP section and of DataMiner.xml; installed as ``migrator.schemas``."""
