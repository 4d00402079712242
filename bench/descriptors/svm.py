"""scikit-learn's SVC on what bench/descriptors/svm.ts wrote: the seconds of a fit, the best of five, for each C."""
import sys
import time

import numpy as np
from sklearn.svm import SVC

rows, columns = int(sys.argv[2]), int(sys.argv[3])
x = np.fromfile(sys.argv[1] + "/x.f64").reshape(rows, columns)
y = np.fromfile(sys.argv[1] + "/y.i32", np.int32)
for kernel in ("linear", "rbf"):
    best = np.inf
    for _ in range(5):
        began = time.perf_counter()
        svc = SVC(kernel=kernel, C=1.0, gamma=1 / columns).fit(x, y)
        best = min(best, time.perf_counter() - began)
    print(kernel, best, len(svc.support_))
