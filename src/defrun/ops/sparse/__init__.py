"""Sparse tensors: what is computed on `SparseTensor`, on the device where the result's size is known beforehand."""
