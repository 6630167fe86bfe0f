"""Linear algebra beyond products: systems of equations, decompositions, functions of matrices."""
