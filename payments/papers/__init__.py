"""Numbered papers about money: receipts, proofs, invoices, decisions."""
