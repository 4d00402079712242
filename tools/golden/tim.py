"""Golden frames of the temporal interpolation model as it was published (Zhou, Zhao, Pietikainen, CVPR 2011), in NumPy.

Path graph of n nodes, Laplacian L = D - W. Mean-removed frames X = U S V^T (rank n - 1). Linear extension of graph embedding:
the generalised eigenvectors W of (Q L Q^T) w = lambda (Q Q^T) w, Q = S V^T, smallest first; each coordinate of the curve is
m_k sin(pi k t + pi (n - k) / (2 n)), with m_k from the first node. A frame at t: x(t) = U W^-T y(t) + mean. T frames from t = 1/n to 1.

    python tools/golden/tim.py tests/golden/tim.json
"""
import json
import sys

import numpy as np


def train(X):
    D, n = X.shape
    mean = X.mean(axis=1, keepdims=True)
    U, s, Vt = np.linalg.svd(X - mean, full_matrices=False)
    U, s, Vt = U[:, : n - 1], s[: n - 1], Vt[: n - 1]
    Q = np.diag(s) @ Vt
    adjacency = np.zeros((n, n))
    for i in range(n - 1):
        adjacency[i, i + 1] = adjacency[i + 1, i] = 1
    laplacian = np.diag(adjacency.sum(axis=1)) - adjacency
    values, vectors = np.linalg.eig(np.linalg.solve(Q @ Q.T, Q @ laplacian @ Q.T))
    W = np.real(vectors[:, np.argsort(np.real(values))])
    k = np.arange(1, n)
    m = (Q[:, 0] @ W) / np.sin(np.pi * k / n + np.pi * (n - k) / (2 * n))
    return U, W, m, mean


def frame(model, n, t):
    U, W, m, mean = model
    k = np.arange(1, n)
    y = m * np.sin(np.pi * k * t + np.pi * (n - k) / (2 * n))
    return U @ np.linalg.solve(W.T, y) + mean[:, 0]


def case(n, wanted, size, seed):
    rng = np.random.default_rng(seed)
    X = np.rint(40 + 170 * rng.random((size, n)))  # whole numbers, linearly independent
    model = train(X)
    times = [(1 + n) / (2 * n)] if wanted == 1 else np.linspace(1 / n, 1, wanted)
    return {
        "frames": X.T.astype(int).tolist(),
        "wanted": wanted,
        "result": [np.round(frame(model, n, t), 6).tolist() for t in times],
    }


cases = [case(n, wanted, size, i) for i, (n, wanted, size) in enumerate([(2, 3, 5), (5, 5, 12), (6, 10, 20), (9, 4, 30), (13, 1, 24), (16, 40, 33)])]
with open(sys.argv[1], "w") as file:
    json.dump(cases, file, separators=(",", ":"))
    file.write("\n")
