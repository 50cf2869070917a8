"""Text in a cell -> a value: numbers, dates, customer ids, status words."""
