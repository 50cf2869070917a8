"""What was found -> sections of a report: which figures, in which words, in which order."""
