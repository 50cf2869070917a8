"""Whether forecasts came true, and whether the shop is still the one that they were learned from."""
