"""Golden crops by Pillow: a box of a picture, resized by its antialiased bilinear filter.

    python tools/golden/resample.py tests/golden/resample.json     (Pillow 13.0.0, numpy 2.4.6)
"""
import json
import sys

import numpy as np
from PIL import Image

cases = []
for seed, (width, height, box, size) in enumerate([
    (40, 30, (0, 0, 40, 30), 16), (33, 47, (3.25, 5.5, 29.75, 40.5), 17), (20, 20, (4, 6, 12, 14), 16),
]):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (height, width), dtype=np.uint8)
    out = Image.fromarray(pixels).resize((size, size), Image.Resampling.BILINEAR, box=box)
    cases.append({"width": width, "height": height, "box": box, "size": size, "pixels": pixels.ravel().tolist(), "result": np.asarray(out).ravel().tolist()})
with open(sys.argv[1], "w") as file:
    json.dump(cases, file, separators=(",", ":"))
    file.write("\n")
