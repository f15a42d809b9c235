"""The basket (予約かご): several rooms, halls and dates collected, then applied for at once."""
