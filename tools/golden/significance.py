"""Golden numbers of the statistics in eval/, from SciPy and statsmodels.

    python tools/golden/significance.py tests/golden/statistics.json

Needs scipy and statsmodels (made with 1.17.1 and 0.15.0).
"""
import json
import sys

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(20261125)


def mean_interval(values, level):
    low, high = stats.t.interval(level, len(values) - 1, loc=np.mean(values), scale=stats.sem(values))
    return {"values": values, "level": level, "mean": np.mean(values), "deviation": np.std(values, ddof=1), "low": low, "high": high}


def paired(first, second):
    return {"first": first, "second": second, "mean": np.mean(first) - np.mean(second), "pValue": stats.ttest_rel(first, second).pvalue}


def discordant(b, c):
    exact = b + c < 25
    result = mcnemar([[40, b], [c, 17]], exact=exact, correction=True)
    return {"onlyFirst": b, "onlySecond": c, "method": "exact" if exact else "chi-squared", "pValue": result.pvalue}


def signed_rank(differences):
    kept = [d for d in differences if d != 0]
    exact = len(kept) <= 50
    ties = len({abs(d) for d in kept}) < len(kept)
    # With ties SciPy is exact by going through all signs, which takes few differences.
    assert not (exact and ties and len(kept) > 16), "too many signs to go through"
    method = stats.PermutationMethod(n_resamples=np.inf) if exact and ties else "exact" if exact else "asymptotic"
    result = stats.wilcoxon(kept, method=method, correction=not exact, zero_method="wilcox")
    ranks = stats.rankdata(np.abs(kept))
    return {
        "differences": differences,
        "n": len(kept),
        "smaller": result.statistic,
        "positive": ranks[np.array(kept) > 0].sum(),
        "method": "exact" if exact else "normal",
        "pValue": result.pvalue,
    }


def uf1(truth, predicted, classes):
    scores = []
    for k in range(classes):
        tp, fp, fn = ((predicted == k) & (truth == k)).sum(), ((predicted == k) & (truth != k)).sum(), ((predicted != k) & (truth == k)).sum()
        scores.append(2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0)
    return np.mean(scores)


def comparison(subjects, clips, seeds, classes, skill):
    """Two methods of so many seeds: each gets a clip right with its skill, else says any class."""
    subject, truth = rng.integers(subjects, size=clips), rng.integers(classes, size=clips)
    lists = [[np.where(rng.random(clips) < s, truth, rng.integers(classes, size=clips)) for _ in range(seeds)] for s in skill]
    right = [[p == truth for p in method] for method in lists]
    tests = []
    for a, b in zip(*right):
        table = [[(a & b).sum(), (a & ~b).sum()], [(~a & b).sum(), (~a & ~b).sum()]]
        tests.append(mcnemar(table, exact=bool(table[0][1] + table[1][0] < 25), correction=True).pvalue)
    k = seeds // 2 + 1
    # Whole numbers of right clips, so that equal differences are equal numbers.
    present = sorted(set(subject.tolist()))
    counts = [np.array([sum(int(m[subject == s].sum()) for m in method) for s in present]) for method in right]
    differences = ((counts[0] - counts[1]) / (np.array([(subject == s).sum() for s in present]) * seeds)).tolist()
    wilcoxon = signed_rank(differences)
    scores = [[uf1(truth, p, classes) for p in method] for method in lists]
    return {
        "classes": classes,
        "subject": subject,
        "truth": truth,
        "predictions": lists,
        "mcnemar": tests,
        "combined": min(1, sorted(tests)[k - 1] * seeds / k),
        "wilcoxon": {key: wilcoxon[key] for key in ("n", "positive", "method", "pValue")},
        "uf1": scores,
        "uf1P": stats.ttest_rel(*scores).pvalue,
    }


def rounded(n, digits, scale=1.0, shift=0.0):
    return [float(np.round(x, digits)) for x in rng.normal(shift, scale, n)]


golden = {
    "made with": {"scipy": __import__("scipy").__version__, "statsmodels": __import__("statsmodels").__version__},
    "meanInterval": [mean_interval(rounded(n, 4, 0.03, 0.7), level) for n in (2, 3, 5, 10, 40) for level in (0.5, 0.9, 0.95, 0.99)],
    "studentQuantile": [[level, df, stats.t.ppf((1 + level) / 2, df)] for level in (0.1, 0.8, 0.95, 0.999) for df in (1, 2, 4, 9, 30, 1000)],
    "normalTail": [[z, stats.norm.sf(z)] for z in (-3.0, -1.0, 0.0, 0.2, 1.0, 1.959964, 2.5, 2.82, 2.83, 4.0, 8.0, 20.0)],
    "chiSquaredTail": [[x, stats.chi2.sf(x, 1)] for x in (0.0, 0.01, 0.5, 3.84, 7.9, 8.1, 25.0, 300.0)],
    "pairedDifference": [paired(rounded(n, 4, 0.03, 0.72), rounded(n, 4, 0.03, 0.7)) for n in (2, 3, 5, 10, 30)],
    "mcnemar": [discordant(b, c) for b, c in ((0, 1), (1, 0), (0, 6), (3, 3), (7, 2), (11, 12), (10, 14), (12, 13), (20, 5), (30, 61), (0, 25), (140, 90))],
    "wilcoxon": [
        signed_rank(d)
        for d in (
            [0.3],
            [0.1, -0.2, 0.3, 0.4, 0.5, 0.6],
            rounded(18, 5, 1, 0.4),
            rounded(50, 6, 1, 0.2),
            rounded(51, 6, 1, 0.2),
            rounded(90, 1, 0.3, 0.05),
            rounded(16, 1, 0.3, 0.1),
            rounded(13, 1, 0.2, 0.1),
            [0.0, 0.0, 0.5, 0.5, 0.5, -0.5, 0.25, 0.25],
            [1.0, -1.0, 1.0, -1.0],
        )
    ],
    "compareRuns": [comparison(12, 90, 3, 3, (0.7, 0.5)), comparison(120, 420, 5, 2, (0.6, 0.6)), comparison(10, 40, 4, 5, (0.8, 0.2))],
    "holm": [{"pValues": p, "adjusted": list(multipletests(p, method="holm")[1])} for p in ([0.04], [0.01, 0.02, 0.03], [0.5, 0.001, 0.02, 0.02, 0.9], [float(np.round(x, 5)) for x in rng.random(15)])],
}


def plain(value):
    return value.tolist() if isinstance(value, (np.generic, np.ndarray)) else str(value)


with open(sys.argv[1], "w") as file:
    json.dump(golden, file, default=plain, separators=(",", ":"))
    file.write("\n")
