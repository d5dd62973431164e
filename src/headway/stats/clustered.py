"""How error rates of several models vary together where examples come in clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headway.errors import CountError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headway.joint import ClusterMoments

__all__ = ["clustered_covariance"]


def clustered_covariance(moments: ClusterMoments) -> NDArray[np.float64]:
    """Covariance between the error rates of models, where examples come in clusters.

    Args:
        moments: Sums over at least two clusters.

    Returns:
        The covariance of the rates themselves, to be divided by nothing further. Shape (n_models,
        n_models); the variance of the difference of two rates is ``c[i, i] + c[j, j] - 2 c[i, j]``,
        with t limits of one degree of freedom fewer than there are clusters.

    Raises:
        CountError: If there are fewer than two clusters.

    Examples:
        >>> from headway.joint import ClusterMoments
        >>> moments = ClusterMoments(
        ...     models=("a",), n=50, n_clusters=6, m=50.0, mm=450.0, y=np.array([10.0]),
        ...     my=np.array([94.0]), yy=np.array([[30.0]]),
        ... )
        >>> round(float(clustered_covariance(moments)[0, 0] ** 0.5), 6)
        0.070654

    References:
        Methods note, sections 0.7 and 3.3.
    """
    n_clusters = moments.n_clusters
    if n_clusters < 2:
        raise CountError.outside("number of clusters", n_clusters, "at least two")
    rates = moments.y / moments.m
    crossed = np.outer(rates, moments.my)
    spread = moments.yy - crossed - crossed.T + moments.mm * np.outer(rates, rates)
    return np.asarray(n_clusters / (n_clusters - 1) * spread / moments.m**2, dtype=np.float64)
