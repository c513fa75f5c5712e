"""Logistic regression with L2 by Newton's method."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STEPS = 30


def weights(x: Floats, y: Floats, l2: float, given: Floats | float = 0.0, counts: Floats | float = 1.0) -> Floats:
    """Weights of the columns of ``x`` (rows, features) for ``y`` (0 or 1 a row), beside the log-odds ``given``; nothing is added for a bias.

    ``counts``: how much each row counts.
    """
    w = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-(x @ w + given)))
        hessian = (x * (counts * p * (1 - p))[:, None]).T @ x + l2 * np.eye(len(w))
        w -= np.linalg.solve(hessian, x.T @ (counts * (p - y)) + l2 * w)
    return w
