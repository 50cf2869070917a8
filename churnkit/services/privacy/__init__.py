"""One person's data: taken out for them, erased, and kept out of later files."""
