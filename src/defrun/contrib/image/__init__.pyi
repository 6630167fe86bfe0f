"""`tf.contrib.image`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.image.components import (
    bipartite_match as bipartite_match, connected_components as connected_components,
)
from defrun.contrib.image.transforms import (
    angles_to_projective_transforms as angles_to_projective_transforms, compose_transforms as compose_transforms,
    flat_transforms_to_matrices as flat_transforms_to_matrices,
    matrices_to_flat_transforms as matrices_to_flat_transforms, rotate as rotate, transform as transform,
    translate as translate, translations_to_projective_transforms as translations_to_projective_transforms,
)
from defrun.contrib.image.warp import (
    dense_image_warp as dense_image_warp, interpolate_spline as interpolate_spline,
    sparse_image_warp as sparse_image_warp,
)
