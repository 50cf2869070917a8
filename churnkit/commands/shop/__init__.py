"""``shop``: a shop's history and its runs, for whoever has the data folder, while no server runs on it."""
