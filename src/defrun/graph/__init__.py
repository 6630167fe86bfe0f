"""The graph room: Graph, Operation, Tensor, scopes, op definitions and their registry."""
