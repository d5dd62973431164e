from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from statsmodels.api import OLS

from headway.errors import CountError
from headway.joint import ClusterMoments
from headway.stats.clustered import clustered_covariance

if TYPE_CHECKING:
    from numpy.typing import NDArray


def moments(m: NDArray[np.float64], y: NDArray[np.float64]) -> ClusterMoments:
    return ClusterMoments(
        models=tuple(map(str, range(y.shape[1]))),
        n=int(m.sum()),
        n_clusters=m.size,
        m=float(m.sum()),
        mm=float(m @ m),
        y=y.sum(axis=0),
        my=m @ y,
        yy=y.T @ y,
    )


def test_variance_when_there_is_one_model_then_is_the_vector(
    vectors: dict[str, dict[str, Any]],
) -> None:
    case = vectors["cluster_robust_proportion"]
    m = np.array(case["inputs"]["cluster_sizes"], dtype=np.float64)
    y = np.array(case["inputs"]["cluster_errors"], dtype=np.float64)[:, None]
    assert case["expected"]["se"] == pytest.approx(clustered_covariance(moments(m, y))[0, 0] ** 0.5)


def test_difference_when_examples_come_in_clusters_then_has_statsmodels_variance() -> None:
    rng = np.random.default_rng(1)
    cluster = np.repeat(np.arange(30), rng.integers(2, 20, 30))
    hard = rng.random(30)[cluster]
    wrong = (rng.random((cluster.size, 2)) < hard[:, None]).astype(float)
    sums = np.array([wrong[cluster == g].sum(axis=0) for g in range(30)])
    found = clustered_covariance(moments(np.bincount(cluster).astype(float), sums))
    fit = OLS(wrong[:, 0] - wrong[:, 1], np.ones(cluster.size)).fit(
        cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False}
    )
    expected = float(fit.bse[0]) ** 2 * 30 / 29
    assert expected == pytest.approx(found[0, 0] + found[1, 1] - 2 * found[0, 1])


def test_covariance_when_there_is_one_cluster_then_is_refused() -> None:
    with pytest.raises(CountError, match="number of clusters is 1"):
        clustered_covariance(moments(np.array([5.0]), np.array([[1.0]])))
