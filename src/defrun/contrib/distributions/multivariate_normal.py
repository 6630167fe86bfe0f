"""Multivariate normal distributions, by what a vector of standard normal numbers is multiplied with."""

from __future__ import annotations

import math
from typing import Any

from defrun.base.shapes import TensorShape, dimension_value
from defrun.distributions.distribution import FULLY_REPARAMETERIZED, Distribution
from defrun.distributions.divergence import RegisterKL
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.activation import softplus
from defrun.ops.arrange import matrix_transpose
from defrun.ops.array import identity
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import assert_equal, assert_none_equal
from defrun.ops.broadcast import broadcast_to
from defrun.ops.broadcast_shapes import broadcast_dynamic_shape, broadcast_static_shape
from defrun.ops.creation import ones, zeros
from defrun.ops.diagonal import matrix_band_part, matrix_diag, matrix_diag_part
from defrun.ops.elementary import abs as absolute
from defrun.ops.elementary import exp, log, sqrt
from defrun.ops.flow import with_dependencies
from defrun.ops.join import concat
from defrun.ops.linalg.decompositions import cholesky
from defrun.ops.linalg.solve import matrix_triangular_solve
from defrun.ops.math import square
from defrun.ops.matrix import matmul
from defrun.ops.random import random_normal
from defrun.ops.reduce import reduce_sum
from defrun.ops.slicing import newaxis


class _Scale:
    """What standard normal vectors are multiplied with: a diagonal [..., k], or triangles [..., k, k]."""

    def __init__(self, tensor: Tensor, diagonal: bool) -> None:
        self.tensor = tensor
        self.diagonal = diagonal
        self.axes = 1 if diagonal else 2

    def times(self, z: Tensor) -> Tensor:
        return self.tensor * z if self.diagonal else matmul(self.wide(z), z[..., newaxis])[..., 0]

    def solve(self, x: Tensor) -> Tensor:
        """Return the vectors that `times` makes `x` of."""
        if self.diagonal:
            return x / self.tensor
        dims = broadcast_dynamic_shape(shape_node(x), shape_node(self.tensor)[:-1])
        wide = broadcast_to(x, dims)
        return matrix_triangular_solve(self.wide(wide), wide[..., newaxis])[..., 0]

    def solve_columns(self, columns: Tensor) -> Tensor:
        """`solve` for the columns [..., m, k] of a matrix, given as its transpose."""
        inner = _Scale(
            self.tensor[..., newaxis, :] if self.diagonal else self.tensor[..., newaxis, :, :], self.diagonal
        )
        return inner.solve(columns)

    def wide(self, vectors: Tensor) -> Tensor:
        """The triangles, broadcast to the batch of `vectors`."""
        batch = broadcast_dynamic_shape(shape_node(vectors)[:-1], shape_node(self.tensor)[:-2])
        return broadcast_to(self.tensor, concat([batch, shape_node(self.tensor)[-2:]], 0))

    def log_abs_det(self) -> Tensor:
        return reduce_sum(log(absolute(self.diag())), -1)

    def diag(self) -> Tensor:
        return self.tensor if self.diagonal else matrix_diag_part(self.tensor)

    def dense(self) -> Tensor:
        return matrix_diag(self.tensor) if self.diagonal else self.tensor

    def covariance(self) -> Tensor:
        if self.diagonal:
            return matrix_diag(square(self.tensor))
        return matmul(self.tensor, self.tensor, transpose_b=True)

    def variance(self) -> Tensor:
        return square(self.tensor) if self.diagonal else reduce_sum(square(self.tensor), -1)


class _MultivariateNormal(Distribution):
    """``scale @ z + loc`` for standard normal vectors z."""

    def __init__(
        self,
        loc: Tensor | None,
        scale: _Scale,
        validate_args: bool,
        allow_nan_stats: bool,
        name: str,
        parameters: dict[str, Any],
    ) -> None:
        self._loc, self._factor = loc, scale
        if not scale.tensor.dtype.is_floating:
            raise TypeError(f"the scale must have a floating type, got {scale.tensor}")
        sizes = [dimension_value(t.shape[-1]) for t in (loc, scale.tensor) if t is not None and t.shape.ndims]
        if len({size for size in sizes if size not in (None, 1)}) > 1:
            raise ValueError(f"loc and scale are for vectors of different sizes: {sizes}")
        super().__init__(
            dtype=scale.tensor.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[t for t in (loc, scale.tensor) if t is not None],
            name=name,
        )

    @property
    def loc(self) -> Tensor | None:
        """The means, or None for 0."""
        return self._loc

    @property
    def scale(self) -> Any:
        """Not there yet: a linear operator."""
        raise NotImplementedError(f"{self.name}: tf.linalg.LinearOperator is not part of defrun yet")

    def _batch_shape(self) -> TensorShape:
        own = self._factor.tensor.shape.with_rank_at_least(self._factor.axes)[: -self._factor.axes]
        if self._loc is None:
            return own
        return broadcast_static_shape(own, self._loc.shape.with_rank_at_least(1)[:-1])

    def _batch_shape_tensor(self) -> Tensor:
        own = shape_node(self._factor.tensor)[: -self._factor.axes]
        return own if self._loc is None else broadcast_dynamic_shape(own, shape_node(self._loc)[:-1])

    def _event_shape(self) -> TensorShape:
        return self._factor.tensor.shape.with_rank_at_least(1)[-1:]

    def _event_shape_tensor(self) -> Tensor:
        return shape_node(self._factor.tensor)[-1:]

    def _whole_shape(self) -> Tensor:
        return concat([self.batch_shape_tensor(), self.event_shape_tensor()], 0)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        shape = concat([[n], self._whole_shape()], 0)
        found = self._factor.times(random_normal(shape, dtype=self.dtype, seed=seed))
        return found if self._loc is None else found + self._loc

    def _log_prob(self, x: Tensor) -> Tensor:
        z = self._factor.solve(x if self._loc is None else x - self._loc)
        logs = -0.5 * square(z) - 0.5 * math.log(2.0 * math.pi)
        return reduce_sum(logs, -1) - self._factor.log_abs_det()

    def _prob(self, x: Tensor) -> Tensor:
        return exp(self._log_prob(x))

    def _entropy(self) -> Tensor:
        each = 0.5 * math.log(2.0 * math.pi * math.e)
        total = reduce_sum(each * ones(self._whole_shape(), self.dtype), -1)
        return total + self._factor.log_abs_det()

    def _mean(self) -> Tensor:
        whole = self.batch_shape.concatenate(self.event_shape)
        if self._loc is None:
            return zeros(self._whole_shape(), self.dtype)
        if whole.is_fully_defined() and whole == self._loc.shape:
            return identity(self._loc)
        return identity(self._loc) + zeros(self._whole_shape(), self.dtype)

    def _mode(self) -> Tensor:
        return self._mean()

    def _covariance(self) -> Tensor:
        return self._factor.covariance()

    def _variance(self) -> Tensor:
        return self._factor.variance()

    def _stddev(self) -> Tensor:
        return absolute(self._factor.tensor) if self._factor.diagonal else sqrt(self._factor.variance())


@RegisterKL(_MultivariateNormal, _MultivariateNormal)
def _(a: _MultivariateNormal, b: _MultivariateNormal, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_mvn"):
        if a._factor.diagonal and b._factor.diagonal:
            spread = reduce_sum(square(a.stddev() / b.stddev()), -1)
        else:
            columns = matrix_transpose(a._factor.dense())  # one vector each
            spread = reduce_sum(square(b._factor.solve_columns(columns)), [-2, -1])
        size = reduce_sum(ones(a.event_shape_tensor(), a.dtype))
        apart = reduce_sum(square(b._factor.solve(b.mean() - a.mean())), -1)
        stretched = b._factor.log_abs_det() - a._factor.log_abs_det()
        return stretched + 0.5 * (spread - size + apart)


class MultivariateNormalDiag(_MultivariateNormal):
    """Independent normal numbers as one vector.

    Parameters
    ----------
    loc : Tensor [..., k], optional
        The means, 0 by default.
    scale_diag : Tensor [..., k], optional
        The standard deviations, not 0.
    scale_identity_multiplier : Tensor [...], optional
        Added to them; 1 if neither is given.
    validate_args : bool
        Check the standard deviations when run.
    allow_nan_stats : bool
    name : str

    Raises
    ------
    ValueError
        If neither `loc` nor `scale_diag` is given, or their sizes differ.
    """

    def __init__(
        self,
        loc: Any = None,
        scale_diag: Any = None,
        scale_identity_multiplier: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalDiag",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name) as name, name_scope("init", values=[loc, scale_diag, scale_identity_multiplier]):
            if loc is None and scale_diag is None:
                raise ValueError("Must specify `loc` or `scale_diag`: the size of a vector is not known.")
            center = None if loc is None else convert_to_tensor(loc, name="loc")
            factor = None
            if scale_identity_multiplier is not None:
                factor = convert_to_tensor(scale_identity_multiplier, name="scale_identity_multiplier")[..., newaxis]
            if scale_diag is not None:
                diag = convert_to_tensor(scale_diag, name="scale_diag")
                diag = diag if factor is None else diag + factor
            else:
                assert center is not None
                diag = ones(shape_node(center)[-1:], center.dtype.base_dtype)
                diag = diag if factor is None else diag * factor
            if validate_args:
                diag = with_dependencies([assert_none_equal(diag, zeros([], diag.dtype))], diag)
        super().__init__(center, _Scale(diag, True), validate_args, allow_nan_stats, name, parameters)


class MultivariateNormalDiagWithSoftplusScale(MultivariateNormalDiag):
    """`MultivariateNormalDiag` with the standard deviations ``softplus(scale_diag)``."""

    def __init__(
        self,
        loc: Any,
        scale_diag: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalDiagWithSoftplusScale",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[scale_diag]) as name:
            super().__init__(loc, softplus(scale_diag), None, validate_args, allow_nan_stats, name)
        self._parameters = parameters


class MultivariateNormalTriL(_MultivariateNormal):
    """A normal distribution of vectors, by a triangular root of its covariances.

    Parameters
    ----------
    loc : Tensor [..., k], optional
        The means, 0 by default.
    scale_tril : Tensor [..., k, k], optional
        Below the diagonal and on it, where it is not 0; the covariances are ``scale_tril @ transpose(scale_tril)``.
        The identity by default.
    validate_args : bool
        Check the diagonal when run.
    allow_nan_stats : bool
    name : str

    Raises
    ------
    ValueError
        If neither is given, or their sizes differ.
    """

    def __init__(
        self,
        loc: Any = None,
        scale_tril: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalTriL",
    ) -> None:
        parameters = dict(locals())
        if loc is None and scale_tril is None:
            raise ValueError("Must specify one or both of `loc`, `scale_tril`.")
        with name_scope(name) as name, name_scope("init", values=[loc, scale_tril]):
            center = None if loc is None else convert_to_tensor(loc, name="loc")
            if scale_tril is None:
                assert center is not None
                scale = _Scale(ones(shape_node(center)[-1:], center.dtype.base_dtype), True)
            else:
                scale = _Scale(matrix_band_part(convert_to_tensor(scale_tril, name="scale_tril"), -1, 0), False)
            if validate_args:
                checks = [assert_none_equal(scale.diag(), zeros([], scale.tensor.dtype))]
                scale = _Scale(with_dependencies(checks, scale.tensor), scale.diagonal)
        super().__init__(center, scale, validate_args, allow_nan_stats, name, parameters)


class MultivariateNormalFullCovariance(MultivariateNormalTriL):
    """A normal distribution of vectors, by its covariances.

    Parameters
    ----------
    loc : Tensor [..., k], optional
        The means, 0 by default.
    covariance_matrix : Tensor [..., k, k], optional
        Symmetric and positive definite; the identity by default.
    validate_args : bool
        Check that it is symmetric when run.
    allow_nan_stats : bool
    name : str
    """

    def __init__(
        self,
        loc: Any = None,
        covariance_matrix: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalFullCovariance",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name) as name, name_scope("init", values=[loc, covariance_matrix]):
            root = None
            if covariance_matrix is not None:
                matrix = convert_to_tensor(covariance_matrix, name="covariance_matrix")
                if validate_args:
                    matrix = with_dependencies([assert_equal(matrix, matrix_transpose(matrix))], matrix)
                root = cholesky(matrix)
        super().__init__(loc, root, validate_args, allow_nan_stats, name)
        self._parameters = parameters
