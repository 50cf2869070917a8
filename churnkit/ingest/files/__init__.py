"""Bytes -> a raw table: kind, encoding, dialect, workbook; nothing is understood yet."""
