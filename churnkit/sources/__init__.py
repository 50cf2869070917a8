"""Where a shop's new orders come from: folders, links, object storage, databases and shop systems."""
