"""Changing a booking on pages: the same steps for the applicant and for staff."""
