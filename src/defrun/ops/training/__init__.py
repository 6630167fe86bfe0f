"""Updates of optimizers: one node each, which reads a variable and its slots and writes them."""
