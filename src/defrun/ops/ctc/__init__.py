"""Connectionist temporal classification: losses of, and decoders for, label sequences without alignment."""
