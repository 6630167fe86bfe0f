"""Records of named values, `Example` s and `SequenceExample` s, read into tensors."""
