"""Golden support vector machines: scikit-learn's SVC (libsvm) on ten small data sets, three kernels or weights each.

    pip install scikit-learn==1.9.1
    python tools/golden/svm.py tests/golden/svm.json

Each case keeps the data rounded to what is written, so that both sides read the same numbers. Shrinking is off: it changes the path of
steps, and where rows repeat ("doubled") or the tolerance leaves room it ends with other, equally good support vectors. "shrinking" holds
the classes that SVC predicts with it, its default.
"""
import json
import sys

import numpy as np
import sklearn
from sklearn import datasets
from sklearn.svm import SVC

rng = np.random.default_rng(20260)


def some(x, y, count, digits):
    """A stratified part, shuffled, each column to mean 0 and deviation 1."""
    x = (x - x.mean(0)) / np.where(x.std(0) > 0, x.std(0), 1)
    order = rng.permutation(len(x))[:count]
    return np.round(x[order], digits), y[order]


def xor(count):
    x = rng.normal(size=(count, 2))
    return np.round(x, 3), (x[:, 0] * x[:, 1] > 0).astype(int)


def wide(count, columns):
    """More columns than rows, as descriptors have."""
    y = rng.integers(0, 3, count)
    x = rng.normal(size=(count, columns)) + 0.4 * np.eye(3)[y] @ rng.normal(size=(3, columns))
    return np.round(x, 2), y


def doubled(count):
    """Every row twice, once with another label now and then: ties and bounds."""
    x = np.round(rng.normal(size=(count // 2, 3)), 2)
    y = (x.sum(1) > 0).astype(int)
    flipped = np.where(rng.random(count // 2) < 0.2, 1 - y, y)
    return np.vstack([x, x]), np.concatenate([y, flipped])


def line(count):
    x = np.round(rng.uniform(-3, 3, size=(count, 1)), 2)
    return x, np.digitize(x[:, 0], [-1, 1])


sets = {
    "iris": some(*datasets.load_iris(return_X_y=True), 90, 3),
    "wine": some(*datasets.load_wine(return_X_y=True), 80, 2),
    "breast cancer": some(*datasets.load_breast_cancer(return_X_y=True), 60, 2),
    "digits": some(*datasets.load_digits(return_X_y=True), 70, 2),
    "moons": some(*datasets.make_moons(90, noise=0.25, random_state=1), 90, 3),
    "circles": some(*datasets.make_circles(90, noise=0.15, factor=0.5, random_state=2), 90, 3),
    "exclusive or": xor(80),
    "wide": wide(30, 100),
    "doubled": doubled(60),
    "line": line(60),
}
ways = [
    {"kernel": "linear", "C": 1.0},
    {"kernel": "rbf", "C": 10.0, "gamma": 0.5},
    {"kernel": "rbf", "C": 0.3, "gamma": 0.05, "class_weight": {0: 2.5, 1: 0.6}},
]
cases = []
for name, (x, y) in sets.items():
    test = np.round(x[:12] + rng.normal(scale=0.3, size=x[:12].shape), 2)
    results = []
    for way in ways:
        svc = SVC(decision_function_shape="ovo", shrinking=False, **way).fit(x, y)
        decisions = svc.decision_function(test)
        if decisions.ndim == 1:
            decisions = -decisions[:, None]  # two classes: scikit-learn turns libsvm's sign round
        coefficients = svc.dual_coef_ if len(svc.classes_) > 2 else -svc.dual_coef_
        results.append({
            **{key: value for key, value in way.items() if key != "class_weight"},
            "weights": [way.get("class_weight", {}).get(c, 1) for c in range(int(y.max()) + 1)],
            "support": svc.support_.tolist(),
            "norms": [round(float(v), 6) for v in np.linalg.norm(coefficients, axis=0)],
            "decisions": np.round(decisions, 6).tolist(),
            "predictions": svc.predict(test).tolist(),
            "shrinking": SVC(**way).fit(x, y).predict(test).tolist(),
        })
    cases.append({"name": name, "x": x.tolist(), "y": y.tolist(), "test": test.tolist(), "results": results})
with open(sys.argv[1], "w") as file:
    json.dump({"made by": f"scikit-learn {sklearn.__version__}", "cases": cases}, file, separators=(",", ":"))
    file.write("\n")
