"""Text: everything about `string` tensors, whose elements are bytes. All of it runs on the host."""
