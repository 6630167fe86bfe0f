"""Networks of several layers in one op, with their weights in one buffer, as cuDNN has them."""
