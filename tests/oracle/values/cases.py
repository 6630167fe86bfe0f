"""Every value case by name."""

from tests.oracle.values import arrays, elementwise, nn

FAMILIES = {"elementwise": elementwise.cases, "arrays": arrays.cases, "nn": nn.cases}
