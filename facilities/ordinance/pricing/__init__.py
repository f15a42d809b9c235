"""What a use costs: fees, surcharges, extras, bounds, exemption, as lines that add up."""
