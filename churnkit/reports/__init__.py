"""Results -> HTML, PDF, CSV and Excel; nothing is computed here."""
