"""What every request of the API passes on its way to a route, and every answer on its way back."""
