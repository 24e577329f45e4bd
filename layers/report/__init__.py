"""The printable report: one HTML file without a script, with every figure's range, sources and the rows behind it."""

from layers.report.page import build_report, write_report

__all__ = ["build_report", "write_report"]
