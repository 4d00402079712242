"""LBP-TOP of many clips in NumPy and scikit-image: the peer of bench/descriptors/lbp_top.ts, which runs it.

    pip install numpy==2.4.6 scikit-image==0.26.0
    python bench/descriptors/lbp_top.py CLIPS.u8 COUNT OUT.f32 numpy|skimage

Both do the same as ours: P = 8, R = 3 on every plane, uniform patterns, 8 x 8 blocks, bilinear between pixels. No Python loop runs over pixels.

numpy: whole volumes at a time, in single precision, into buffers that are made once. What is interpolated along x or y is shared between
the neighbours that need it; a code's bits are or-ed as bytes; bincount counts each plane.
skimage: local_binary_pattern (compiled) for every slice of every plane, then bincount.
"""
import sys
import time

import numpy as np
from skimage.feature import local_binary_pattern

T, H, W, R, P, GRID, SLACK = 32, 128, 128, 3, 8, 8, np.float32(2.0**-10)


def uniform_table():
    table, count = np.full(256, -1), 0
    for code in range(256):
        bits = [code >> p & 1 for p in range(8)]
        if sum(bits[p] != bits[(p + 1) % 8] for p in range(8)) <= 2:
            table[code], count = count, count + 1
    table[table < 0] = count
    return table.astype(np.uint16)


TABLE = uniform_table()
BINS = 59
INNER = (T - 2 * R, H - 2 * R, W - 2 * R)


def parts(n):
    """The block of each place, as ours: block i begins at floor(i n / GRID)."""
    edges = np.arange(GRID + 1) * n // GRID
    return np.repeat(np.arange(GRID), np.diff(edges)), np.diff(edges)


ROWS, ROW_SIZES = parts(INNER[1])
COLUMNS, COLUMN_SIZES = parts(INNER[2])
BLOCKS = ((ROWS[:, None] * GRID + COLUMNS[None, :]) * BINS).astype(np.uint16)  # (h, w), the same in all frames
PIXELS = (ROW_SIZES[:, None] * COLUMN_SIZES[None, :] * INNER[0]).reshape(-1, 1)


def offsets():
    angle = 2 * np.pi * np.arange(P) / P
    sin, cos = np.sin(angle), np.cos(angle)
    zero = np.zeros(P)
    return [  # (x, y, t)
        np.stack([-R * sin, R * cos, zero], 1),
        np.stack([-R * sin, zero, -R * cos], 1),
        np.stack([zero, -R * cos, -R * sin], 1),
    ]


def split(c):
    nearest = round(c)
    return (nearest, 0.0) if abs(c - nearest) < 1e-6 else (int(np.floor(c)), c - np.floor(c))


class Numpy:
    def __init__(self):
        self.volume = np.empty((T, H, W), np.float32)
        self.value = np.empty(INNER, np.float32)
        self.least = np.empty(INNER, np.float32)
        self.mask = np.empty(INNER, bool)
        self.code = np.empty(INNER, np.uint8)
        self.bins = np.empty(INNER, np.uint16)
        self.planes = [[[split(c) for c in offset] for offset in plane] for plane in offsets()]
        self.lerped = {}
        for plane in self.planes:
            for x, y, t in plane:
                if sum(rest > 0 for _, rest in (x, y, t)) == 2:
                    axis, rest = (2, x[1]) if x[1] > 0 else (1, y[1])
                    self.lerped[axis, rest] = np.zeros((T, H, W), np.float32)

    def window(self, volume, x, y, t):
        return volume[R + t:T - R + t, R + y:H - R + y, R + x:W - R + x]

    def describe(self, clip):
        np.copyto(self.volume, clip)
        for (axis, rest), out in self.lerped.items():
            low = self.volume[..., :-1] if axis == 2 else self.volume[:, :-1]
            high = self.volume[..., 1:] if axis == 2 else self.volume[:, 1:]
            part = out[..., :-1] if axis == 2 else out[:, :-1]
            np.subtract(high, low, out=part)
            part *= np.float32(rest)
            part += low
        np.subtract(self.window(self.volume, 0, 0, 0), SLACK, out=self.least)
        histograms = []
        for plane in self.planes:
            self.code.fill(0)
            for p, (x, y, t) in enumerate(plane):
                volume, moving = self.volume, None
                if sum(rest > 0 for _, rest in (x, y, t)) == 2:
                    volume = self.lerped[(2, x[1]) if x[1] > 0 else (1, y[1])]
                    moving = (0, 1, 0) if t[1] == 0 else (0, 0, 1)
                low = self.window(volume, x[0], y[0], t[0])
                if moving is None:
                    np.greater_equal(low, self.least, out=self.mask)
                else:
                    high = self.window(volume, x[0] + moving[0], y[0] + moving[1], t[0] + moving[2])
                    np.subtract(high, low, out=self.value)
                    self.value *= np.float32(y[1] if moving[1] else t[1])
                    self.value += low
                    np.greater_equal(self.value, self.least, out=self.mask)
                bit = self.mask.view(np.uint8)
                if p:
                    np.left_shift(bit, p, out=bit)
                np.bitwise_or(self.code, bit, out=self.code)
            np.take(TABLE, self.code, out=self.bins, mode="clip")
            self.bins += BLOCKS
            counts = np.bincount(self.bins.ravel(), minlength=GRID * GRID * BINS)
            histograms.append(counts.reshape(-1, BINS) / PIXELS)
        return np.concatenate(histograms, axis=1)


class Skimage:
    """The compiled function; its bins are in another order, so that its numbers are only timed."""

    def describe(self, clip):
        histograms = []
        for axis in (0, 1, 2):
            codes = np.stack([local_binary_pattern(s, P, R, "nri_uniform") for s in np.moveaxis(clip, axis, 0)], axis)
            bins = codes[R:T - R, R:H - R, R:W - R].astype(np.int64) + BLOCKS
            counts = np.bincount(bins.ravel(), minlength=GRID * GRID * BINS)
            histograms.append(counts.reshape(-1, BINS) / PIXELS)
        return np.concatenate(histograms, axis=1)


if __name__ == "__main__":
    file, count, out, way = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
    clips = np.fromfile(file, np.uint8).reshape(-1, T, H, W)[:count]
    method = Numpy() if way == "numpy" else Skimage()
    method.describe(clips[0])
    began = time.perf_counter()
    results = [method.describe(clip).ravel().astype(np.float32) for clip in clips]
    print(time.perf_counter() - began)
    np.stack(results).tofile(out)
