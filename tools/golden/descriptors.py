"""Golden histograms of descriptors by scikit-image: local_binary_pattern on the three planes of a clip, hog on a frame.

    pip install scikit-image==0.26.0
    python tools/golden/descriptors.py tests/golden/descriptors.json

LBP: for every slice of a plane the default codes (P = 8), with the axes turned so that scikit-image's neighbours (-R sin, +R cos in rows and columns) are
those of LBP-TOP; pixels nearer to a border of the clip than R are left out. HOG: the middle cell of three by three, which no border touches.
"""
import json
import sys

import numpy as np
import skimage
from skimage.feature import hog, local_binary_pattern

rng = np.random.default_rng(7)
T, H, W, R = 9, 18, 18, 2
t, y, x = np.mgrid[:T, :H, :W]
clip = 128 + 50 * np.sin((x + 0.7 * t) / 3) + 40 * np.cos((y - t) / 4) + rng.integers(0, 40, (T, H, W))
clip = np.clip(clip, 0, 255).astype(np.uint8)


def codes(images):
    return np.stack([local_binary_pattern(image, 8, R, "default") for image in images]).astype(int)


xy = codes(np.transpose(clip, (0, 2, 1))).transpose(0, 2, 1)  # rows are x, columns y
xt = codes(np.transpose(clip[::-1], (1, 2, 0))).transpose(2, 0, 1)[::-1]  # for each y: rows are x, columns time backwards
yt = codes(np.transpose(clip[:, ::-1], (2, 0, 1))).transpose(1, 2, 0)[:, ::-1]  # for each x: rows are time, columns y upwards
inner = (slice(R, T - R), slice(R, H - R), slice(R, W - R))
lbp = [np.bincount(plane[inner].ravel(), minlength=256).tolist() for plane in (xy, xt, yt)]

cells = hog(clip[4], 9, (6, 6), (1, 1), block_norm="L1", feature_vector=False)
with open(sys.argv[1], "w") as file:
    json.dump({
        "made by": f"scikit-image {skimage.__version__}",
        "shape": [T, H, W],
        "radius": R,
        "pixels": clip.ravel().tolist(),
        "lbp": lbp,
        "hog": np.round(cells[1, 1, 0, 0], 6).tolist(),
    }, file, separators=(",", ":"))
    file.write("\n")
