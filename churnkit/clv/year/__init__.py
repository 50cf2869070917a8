"""What customers bring in a year: learned from whole years where there are any, carried forward with care elsewhere."""
