"""What backs the numbers of an analysis, made where it was made."""
