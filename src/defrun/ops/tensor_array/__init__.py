"""Arrays of tensors that a run writes and reads element by element: `TensorArray`, its op types, and stacks."""
