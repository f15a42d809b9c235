"""What the treasurer sees and does: tables, what is unpaid, closed years, files, sums that agree."""
