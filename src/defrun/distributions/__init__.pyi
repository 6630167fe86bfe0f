"""`tf.distributions`: names, and nothing else. Written by tools/face.py."""

from defrun.distributions.bernoulli import Bernoulli as Bernoulli
from defrun.distributions.beta import Beta as Beta
from defrun.distributions.categorical import Categorical as Categorical
from defrun.distributions.dirichlet import Dirichlet as Dirichlet
from defrun.distributions.distribution import (
    Distribution as Distribution, FULLY_REPARAMETERIZED as FULLY_REPARAMETERIZED,
    NOT_REPARAMETERIZED as NOT_REPARAMETERIZED, ReparameterizationType as ReparameterizationType,
)
from defrun.distributions.divergence import RegisterKL as RegisterKL, kl_divergence as kl_divergence
from defrun.distributions.gamma import Exponential as Exponential, Gamma as Gamma
from defrun.distributions.laplace import Laplace as Laplace
from defrun.distributions.multinomial import DirichletMultinomial as DirichletMultinomial, Multinomial as Multinomial
from defrun.distributions.normal import Normal as Normal
from defrun.distributions.student_t import StudentT as StudentT
from defrun.distributions.uniform import Uniform as Uniform
