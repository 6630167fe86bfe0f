"""Variables and what makes them."""
