"""Documents -> PDF with vector charts and embedded letters."""

from churnkit.reports.pdf.render import render_pdf

__all__ = ["render_pdf"]
