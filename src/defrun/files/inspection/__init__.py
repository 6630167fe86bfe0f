"""What files hold, as tables: `defrun inspect`."""
