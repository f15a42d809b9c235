"""Payment slips (納付書) and the bank's lists of what was paid with them."""
