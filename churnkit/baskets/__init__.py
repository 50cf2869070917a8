"""What is bought together, what a customer lacks, and when the next order is due.

The modules are imported by name: they bring SciPy with them, which pages have no need of.
"""
