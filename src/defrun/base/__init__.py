"""What everything else stands on: types, shapes, errors, nested structures, device names and logging."""
