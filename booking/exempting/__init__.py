"""Exemption (減免): applied for or granted by itself, decided with its reason, taken back; and what it sums up to."""
