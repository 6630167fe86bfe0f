"""`tf.contrib.distributions`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.distributions import bijectors as bijectors
from defrun.contrib.distributions.combined import (
    Independent as Independent, Mixture as Mixture, MixtureSameFamily as MixtureSameFamily,
)
from defrun.contrib.distributions.continuous import (
    Cauchy as Cauchy, Chi2 as Chi2, Chi2WithAbsDf as Chi2WithAbsDf, HalfNormal as HalfNormal,
    InverseGamma as InverseGamma,
    InverseGammaWithSoftplusConcentrationRate as InverseGammaWithSoftplusConcentrationRate, Logistic as Logistic,
)
from defrun.contrib.distributions.discrete import (
    Binomial as Binomial, Deterministic as Deterministic, Geometric as Geometric, NegativeBinomial as NegativeBinomial,
    Poisson as Poisson, VectorDeterministic as VectorDeterministic,
)
from defrun.contrib.distributions.multivariate_normal import (
    MultivariateNormalDiag as MultivariateNormalDiag,
    MultivariateNormalDiagWithSoftplusScale as MultivariateNormalDiagWithSoftplusScale,
    MultivariateNormalFullCovariance as MultivariateNormalFullCovariance,
    MultivariateNormalTriL as MultivariateNormalTriL,
)
from defrun.contrib.distributions.onehot import (
    ExpRelaxedOneHotCategorical as ExpRelaxedOneHotCategorical, OneHotCategorical as OneHotCategorical,
    RelaxedBernoulli as RelaxedBernoulli, RelaxedOneHotCategorical as RelaxedOneHotCategorical,
)
from defrun.contrib.distributions.transformed import TransformedDistribution as TransformedDistribution
from defrun.distributions.bernoulli import Bernoulli as Bernoulli
from defrun.distributions.beta import Beta as Beta, BetaWithSoftplusConcentration as BetaWithSoftplusConcentration
from defrun.distributions.categorical import Categorical as Categorical
from defrun.distributions.dirichlet import Dirichlet as Dirichlet
from defrun.distributions.distribution import (
    Distribution as Distribution, FULLY_REPARAMETERIZED as FULLY_REPARAMETERIZED,
    NOT_REPARAMETERIZED as NOT_REPARAMETERIZED, ReparameterizationType as ReparameterizationType,
)
from defrun.distributions.divergence import RegisterKL as RegisterKL, kl_divergence as kl_divergence
from defrun.distributions.gamma import (
    Exponential as Exponential, ExponentialWithSoftplusRate as ExponentialWithSoftplusRate, Gamma as Gamma,
    GammaWithSoftplusConcentrationRate as GammaWithSoftplusConcentrationRate,
)
from defrun.distributions.helpers import (
    fill_triangular as fill_triangular, fill_triangular_inverse as fill_triangular_inverse,
    matrix_diag_transform as matrix_diag_transform, reduce_weighted_logsumexp as reduce_weighted_logsumexp,
    softplus_inverse as softplus_inverse, tridiag as tridiag,
)
from defrun.distributions.laplace import Laplace as Laplace, LaplaceWithSoftplusScale as LaplaceWithSoftplusScale
from defrun.distributions.multinomial import DirichletMultinomial as DirichletMultinomial, Multinomial as Multinomial
from defrun.distributions.normal import Normal as Normal, NormalWithSoftplusScale as NormalWithSoftplusScale
from defrun.distributions.student_t import (
    StudentT as StudentT, StudentTWithAbsDfSoftplusScale as StudentTWithAbsDfSoftplusScale,
)
from defrun.distributions.uniform import Uniform as Uniform
