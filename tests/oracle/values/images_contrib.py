"""Values of tf.contrib.image: projective transforms, warps, matches and components."""

import numpy as np

from tests.oracle.values.harness import Cases, P, R, U, V

cases = Cases()
_TRANSFORM = [0.9, 0.1, 1.2, -0.2, 1.1, 0.3, 0.01, -0.02]


def _image(tf):
    return __import__(tf.__name__ + ".contrib.image", fromlist=["image"])


def _shaped(x, *shape):
    x.set_shape(shape)
    return x


for _method in ("NEAREST", "bilinear"):
    cases(
        "transform_image_" + _method,
        lambda tf, x, m=_method: _image(tf).transform(_shaped(x, None, None, None, None), _TRANSFORM, m),
        R(2, 5, 6, 2),
    )
    cases(
        "transform_image_size_" + _method,
        lambda tf, x, t, m=_method: _image(tf).transform(
            _shaped(x, None, None, None, None), _shaped(t, None, 8), m, [3, 8]
        ),
        R(2, 5, 6, 2),
        V([_TRANSFORM, [1, 0, 0.2, 0, 1, -0.3, 0, 0]], "f"),
        gradient=False,
    )
    cases(
        "transform_image_types_" + _method,
        lambda tf, x, m=_method: _image(tf).transform(_shaped(x, None, None, None), _TRANSFORM, m),
        P(5, 6, 2),
        dtypes="eduil",
        gradient=False,
    )
    for _angle in (0.3, [0.7], -2.0):
        cases(
            "rotate_image_%s_%s" % (_method, str(_angle).strip("[]")),
            lambda tf, x, m=_method, a=_angle: _image(tf).rotate(_shaped(x, None, None, None), a, m),
            R(5, 6, 2),
            gradient=_method == "bilinear",
            tolerance=1e-4,
        )
    cases(
        "translate_image_" + _method,
        lambda tf, x, m=_method: _image(tf).translate(_shaped(x, None, None), [1.25, -0.5], m),
        R(5, 6),
    )
cases("transform_image_unknown", lambda tf, x: _image(tf).transform(x, _TRANSFORM), R(2, 5, 6, 2))
cases("transform_image_rank_5", lambda tf, x: _image(tf).transform(x, _TRANSFORM), R(2, 5, 6, 2, 1))
cases("transform_image_short", lambda tf, x: _image(tf).transform(x, _TRANSFORM[:7]), R(5, 6, 2))
cases("transform_image_three", lambda tf, x: _image(tf).transform(x, [_TRANSFORM] * 3), R(2, 5, 6, 2))
cases("transform_image_of_int16", lambda tf, x: _image(tf).transform(x, _TRANSFORM), R(5, 6, 2), dtypes="s")
cases("angles_to_projective_transforms", lambda tf, a: _image(tf).angles_to_projective_transforms(
    _shaped(a, None), 7.0, 9.0),
      R(3), tolerance=1e-4)  # fmt: skip
cases("translations_to_projective_transforms",
      lambda tf, t: _image(tf).translations_to_projective_transforms(_shaped(t, None, 2)), R(3, 2))  # fmt: skip
cases("compose_transforms", lambda tf, a, b: _image(tf).compose_transforms(
    _shaped(a, None, 8), _shaped(b, 8), _TRANSFORM),
      U(3, 8), U(8), tolerance=1e-4)  # fmt: skip
cases("matrices_to_flat_transforms", lambda tf, a: _image(tf).matrices_to_flat_transforms(_shaped(a, None, 3, 3)),
      P(2, 3, 3), tolerance=1e-4)  # fmt: skip

cases("dense_image_warp", lambda tf, x, f: _image(tf).dense_image_warp(
    _shaped(x, None, None, None, None), _shaped(f, None, None, None, 2)), R(2, 5, 6, 2), R(2, 5, 6, 2),
    tolerance=1e-4)  # fmt: skip
for _order in (1, 2, 3, 4, 6):
    cases(
        "interpolate_spline_%d" % _order,
        lambda tf, x, y, q, o=_order: _image(tf).interpolate_spline(
            _shaped(x, None, None, 2), _shaped(y, None, None, 3), _shaped(q, None, None, 2), o, 0.1
        ),
        V(np.random.RandomState(3).rand(2, 5, 2) * 3, "d"),
        R(2, 5, 3),
        V(np.random.RandomState(4).rand(2, 4, 2) * 3, "d"),
        dtypes="d",
        tolerance=1e-4,
    )
for _edge in (0, 1, 3):
    cases(
        "sparse_image_warp_%d" % _edge,
        lambda tf, x, a, b, e=_edge: list(
            _image(tf).sparse_image_warp(
                _shaped(x, 1, 6, 7, 2), _shaped(a, 1, 4, 2), _shaped(b, 1, 4, 2), num_boundary_points=e
            )
        ),
        R(1, 6, 7, 2),
        V([[[1, 1], [4, 1], [2, 4], [3.5, 5]]], "f"),
        V([[[1.5, 1], [4, 1.7], [2, 3], [3.5, 4]]], "f"),
        gradient=False,
        tolerance=3e-3,
    )

for _rows, _most in ((3.0, -1), (2.0, -1), (-1.0, 2)):
    cases(
        "bipartite_match_%s_%s" % (_rows, _most),
        lambda tf, d, r=_rows, k=_most: list(_image(tf).bipartite_match(d, [r], k)),
        R(3, 4),
        gradient=False,
    )
_AREAS = [
    [[1, 1, 0, 2, 2], [0, 1, 0, 2, 1], [1, 1, 1, 0, 1], [0, 2, 1, 1, 1]],
    [[0] * 5, [3] * 5, [0, 3, 0, 3, 0], [4] * 5],
]
cases("connected_components", lambda tf, x: _image(tf).connected_components(_shaped(x, None, None, None)),
      V(_AREAS, "f"), gradient=False)  # fmt: skip
cases("connected_components_one", lambda tf, x: _image(tf).connected_components(_shaped(x, None, None)),
      V(_AREAS[0], "i"), gradient=False)  # fmt: skip
cases("connected_components_bool", lambda tf, x: _image(tf).connected_components(_shaped(x, None, None) > 0),
      V(_AREAS[1], "i"), gradient=False)  # fmt: skip
cases("connected_components_rank_4", lambda tf, x: _image(tf).connected_components(x), R(1, 2, 3, 1))
