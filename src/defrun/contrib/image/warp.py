"""Images warped by a flow at each pixel, or at some."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.shapes import dimension_value
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.arrange import transpose
from defrun.ops.array import expand_dims, reshape, shape
from defrun.ops.asserts import assert_equal, assert_greater_equal, assert_less_equal
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.creation import meshgrid, ones_like, range_, zeros
from defrun.ops.diagonal import matrix_diag_part
from defrun.ops.elementary import log, sqrt, square
from defrun.ops.elementary import pow as power
from defrun.ops.gather import gather
from defrun.ops.join import concat, stack, unstack
from defrun.ops.limits import floor, maximum, minimum
from defrun.ops.linalg.solve import matrix_solve
from defrun.ops.matrix import eye, matmul
from defrun.ops.reduce import reduce_sum

_TINY = 1e-10

# -- a flow at each pixel --------------------------------------------------------------------------------------------


def dense_image_warp(image: Any, flow: Any, name: str = "dense_image_warp") -> Tensor:
    """Show at each pixel what is `flow` before it, interpolated between the four nearest pixels.

    Parameters
    ----------
    image : float Tensor [batch, height, width, channels]
        Two pixels high and wide at least.
    flow : float Tensor [batch, height, width, 2]
        Down and to the right.
    name : str, optional

    Returns
    -------
    Tensor [batch, height, width, channels]

    Raises
    ------
    ValueError
        If `image` is not of rank 4.
    InvalidArgumentError
        When run, if it is too small.
    """
    with name_scope(name):
        batch, height, width, channels = (shape(image)[axis] for axis in range(4))
        columns, rows = meshgrid(range_(width), range_(height))
        grid = expand_dims(cast(stack([rows, columns], axis=2), flow.dtype), axis=0)
        places = reshape(grid - flow, [batch, height * width, 2])
        return reshape(_interpolated(image, places), [batch, height, width, channels])


def _interpolated(grid: Any, places: Tensor) -> Tensor:
    """What `grid` has at `places` [batch, n, 2], between its pixels."""
    with name_scope("interpolate_bilinear"):
        grid, places = convert_to_tensor(grid), convert_to_tensor(places)
        if len(grid.shape) != 4:
            raise ValueError(f"the image must be of rank 4, got the shape {grid.shape}")
        batch, height, width, channels = sizes = [shape(grid)[axis] for axis in range(4)]
        checks = [
            assert_equal(len(places.shape), 3, message="Query points must be 3 dimensional."),
            assert_equal(shape(places)[2], 2, message="Query points must be size 2 in dim 2."),
        ]
        with control_dependencies(checks):
            count = shape(places)[1]
        checks = [
            assert_greater_equal(height, 2, message="Grid height must be at least 2."),
            assert_greater_equal(width, 2, message="Grid width must be at least 2."),
        ]
        with control_dependencies(checks):
            by_axis = unstack(places, axis=2)
        (top, bottom, down), (left, right, along) = (
            _around(by_axis[axis], sizes[axis + 1], grid.dtype, f"dim-{axis}") for axis in (0, 1)
        )
        fits = assert_less_equal(
            cast(batch * height * width, dtype=dtypes.float32),
            np.iinfo(np.int32).max / 8,
            message="The image is too large for indices of 32 bits",
        )
        with control_dependencies([fits]):
            pixels = reshape(grid, [batch * height * width, channels])
            start = reshape(range_(batch) * height * width, [batch, 1])

        def at(row: Tensor, column: Tensor, corner: str) -> Tensor:
            with name_scope(f"gather-{corner}"):
                return reshape(gather(pixels, start + row * width + column), [batch, count, channels])

        upper, upper_right = at(top, left, "top_left"), at(top, right, "top_right")
        lower, lower_right = at(bottom, left, "bottom_left"), at(bottom, right, "bottom_right")
        with name_scope("interpolate"):
            above = along * (upper_right - upper) + upper
            below = along * (lower_right - lower) + lower
            return down * (below - above) + above


def _around(places: Tensor, size: Tensor, dtype: Any, name: str) -> tuple[Tensor, Tensor, Tensor]:
    """The pixels on either side of each place along an axis, and how far it is from the first to the second."""
    with name_scope(name):
        last = cast(size - 2, places.dtype)
        lower = minimum(maximum(constant(0.0, dtype=places.dtype), floor(places)), last)
        first = cast(lower, dtypes.int32)
        second = first + 1
        far = cast(places - lower, dtype)
        least, most = constant(0.0, dtype=dtype), constant(1.0, dtype=dtype)
        return first, second, expand_dims(minimum(maximum(least, far), most), 2)


# -- a flow at some pixels -------------------------------------------------------------------------------------------


def interpolate_spline(
    train_points: Any,
    train_values: Any,
    query_points: Any,
    order: int,
    regularization_weight: float = 0.0,
    name: str = "interpolate_spline",
) -> Tensor:
    """Fit polyharmonic splines to values at some points and return what they are at others.

    Parameters
    ----------
    train_points : float Tensor [batch, n, d]
    train_values : float Tensor [batch, n, k]
    query_points : float Tensor [batch, m, d]
    order : int
        1 interpolates linearly in one dimension; 2 makes thin plates, 3 cubic splines in one dimension.
    regularization_weight : float
        How much smoothness counts against fitting.
    name : str, optional

    Returns
    -------
    float Tensor [batch, m, k]

    Raises
    ------
    ValueError
        If d or k is not known.
    """
    with name_scope(name):
        points, values = convert_to_tensor(train_points), convert_to_tensor(train_values)
        queries = convert_to_tensor(query_points)
        with name_scope("solve"):
            weights, plane = _fitted(points, values, order, regularization_weight)
        with name_scope("predict"):
            kernel = _kernel(_squared_distances(queries, points), order)
            padded = concat([queries, ones_like(queries[..., :1], points.dtype)], 2)
            return matmul(kernel, weights) + matmul(padded, plane)


def _fitted(points: Tensor, values: Tensor, order: int, smoothness: float) -> tuple[Tensor, Tensor]:
    batch, count, _ = unstack(shape(points), num=3)
    d, k = (dimension_value(t.shape[-1]) for t in (points, values))
    if d is None or k is None:
        raise ValueError(f"the last sizes of points and values must be known, got {points.shape} and {values.shape}")
    with name_scope("construct_linear_system"):
        kernel = _kernel(_squared_distances_within(points), order)
        if smoothness > 0:
            kernel += smoothness * expand_dims(eye(count, dtype=points.dtype), 0)
        plane = concat([points, ones_like(points[..., :1], dtype=points.dtype)], 2)
        left = concat([kernel, transpose(plane, [0, 2, 1])], 1)
        right = concat([plane, zeros([batch, d + 1, d + 1], points.dtype)], 1)
        system = concat([left, right], 2)
        wanted = concat([values, zeros([batch, d + 1, k], points.dtype)], 1)
    with name_scope("solve_linear_system"):
        found = matrix_solve(system, wanted)
        return found[:, :count, :], found[:, count:, :]


def _squared_distances(x: Tensor, y: Tensor) -> Tensor:
    of_x, of_y = reduce_sum(square(x), 2), reduce_sum(square(y), 2)
    return expand_dims(of_x, 2) - 2 * matmul(x, y, adjoint_b=True) + expand_dims(of_y, 1)


def _squared_distances_within(x: Tensor) -> Tensor:
    products = matmul(x, x, adjoint_b=True)
    squares = expand_dims(matrix_diag_part(products), 2)
    return squares - 2 * products + transpose(squares, [0, 2, 1])


def _kernel(r: Tensor, order: int) -> Tensor:
    """The spline's value at distances of which `r` are the squares."""
    with name_scope("phi"):
        safe = maximum(r, _TINY)
        if order == 1:
            return sqrt(safe)
        if order == 2:
            return 0.5 * r * log(safe)
        if order == 4:
            return 0.5 * square(r) * log(safe)
        return 0.5 * power(safe, 0.5 * order) * log(safe) if order % 2 == 0 else power(safe, 0.5 * order)


def sparse_image_warp(
    image: Any,
    source_control_point_locations: Any,
    dest_control_point_locations: Any,
    interpolation_order: int = 2,
    regularization_weight: float = 0.0,
    num_boundary_points: int = 0,
    name: str = "sparse_image_warp",
) -> tuple[Tensor, Tensor]:
    """Warp an image such that some points go to others, and what is between them along.

    Parameters
    ----------
    image : float Tensor [batch, height, width, channels]
        Of known shape.
    source_control_point_locations, dest_control_point_locations : float Tensor [batch, n, 2]
        y and x of each point.
    interpolation_order : int
    regularization_weight : float
        See `interpolate_spline`.
    num_boundary_points : int
        How many more points hold each edge where it is: 0 none, 1 the corners, 2 one between them, ...
    name : str, optional

    Returns
    -------
    warped_image : float Tensor [batch, height, width, channels]
    flow_field : float Tensor [batch, height, width, 2]
    """
    image = convert_to_tensor(image)
    source = convert_to_tensor(source_control_point_locations)
    goal = convert_to_tensor(dest_control_point_locations)
    flow = goal - source
    with name_scope(name):
        batch, height, width, _ = image.get_shape().as_list()
        grid = np.stack([*np.mgrid[:height, :width]], -1).reshape(height * width, 2)
        places = constant(_each(grid, batch), image.dtype)
        if num_boundary_points > 0:
            edge = _edge(height, width, num_boundary_points - 1)
            held = constant(_each(edge, int(source.shape[0])), dtype=goal.dtype)
            still = constant(np.zeros(held.shape.as_list()), dtype=goal.dtype)
            goal, flow = concat([goal, held], 1), concat([flow, still], 1)
        flows = interpolate_spline(goal, flow, places, interpolation_order, regularization_weight)
        flows = reshape(flows, [batch, height, width, 2])
        return dense_image_warp(image, flows), flows


def _each(values: np.ndarray[Any, Any], batch: int) -> np.ndarray[Any, Any]:
    return np.tile(values[None], [batch] + [1] * values.ndim)


def _edge(height: int, width: int, between: int) -> np.ndarray[Any, Any]:
    """The corners and as many points between them on each edge."""
    ys, xs = np.meshgrid(np.linspace(0, height - 1, between + 2), np.linspace(0, width - 1, between + 2), indexing="ij")
    outer = (xs == 0) | (xs == width - 1) | (ys == 0) | (ys == height - 1)
    return np.stack([ys[outer], xs[outer]], -1)
