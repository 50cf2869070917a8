"""The data dictionary: every field, feature, column and file in words."""
