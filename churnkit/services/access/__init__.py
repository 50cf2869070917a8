"""People, keys and links: who may open a workspace."""
