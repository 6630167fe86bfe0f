"""Cells one by one."""
