"""What an applicant is asked: what some rule of the room can look at."""
