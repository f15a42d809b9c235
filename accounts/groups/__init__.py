"""Groups (団体): their people, rosters and invitations."""
