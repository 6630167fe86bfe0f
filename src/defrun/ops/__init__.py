"""The op room: each op whole in one place, in one file per family."""
