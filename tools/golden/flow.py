"""Golden data for TV-L1: OpenCV's DualTVL1OpticalFlow on patterns with a known motion and on drawn faces, tests/golden/flow.safetensors.

    pip install opencv-contrib-python-headless==5.0.0.93 numpy
    deno task deno run -A tools/golden/face_motion.ts FACES.safetensors
    python tools/golden/flow.py FACES.safetensors

For every pair NAME: NAME/from and NAME/to (8 bits), NAME/true and NAME/opencv (u, then v, in pixels). Settings are OpenCV's defaults; the
pairs "options/..." carry other ones in the metadata. The patterns are sums of waves f: to = f(x), from = f(x + u(x)), so that u is exact.
"""
import json
import struct
import sys
from pathlib import Path

import cv2
import numpy as np

cv2.setNumThreads(1)
WIDTH, HEIGHT = 70, 52  # no multiple of four
rng = np.random.default_rng(2013)
waves = [(rng.uniform(0.05, 0.7), rng.uniform(0, 2 * np.pi), rng.uniform(0, 2 * np.pi)) for _ in range(50)]


def pattern(x, y):
    """Waves of 9 to 125 pixels in all directions, the longer the higher."""
    total = sum(np.cos(k * (x * np.cos(a) + y * np.sin(a)) + phase) / (0.2 + k) for k, a, phase in waves)
    return 128 + 9 * total


y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
cx, cy = x - (WIDTH - 1) / 2, y - (HEIGHT - 1) / 2
blob = np.exp(-(cx**2 + cy**2) / (2 * 8.0**2))
turn = np.deg2rad(1.5)
motions = {
    "shift": (np.full_like(x, 0.6), np.full_like(x, -0.35)),
    "zoom": (0.03 * cx, 0.03 * cy),
    "turn": (cx * (np.cos(turn) - 1) - cy * np.sin(turn), cx * np.sin(turn) + cy * (np.cos(turn) - 1)),
    "pull": (1.2 * blob, -0.8 * blob),  # a small part of the picture moves, as skin over a muscle
    "far": (np.full_like(x, 4.5), np.full_like(x, 2.0)),
}


def bits(image):
    return np.clip(np.round(image), 0, 255).astype(np.uint8)


pairs = {name: (bits(pattern(x + u, y + v)), bits(pattern(x, y)), np.stack([u, v])) for name, (u, v) in motions.items()}
raw = Path(sys.argv[1]).read_bytes()
size = struct.unpack("<Q", raw[:8])[0]
faces = {}
for key, info in json.loads(raw[8 : 8 + size]).items():
    if key == "__metadata__":
        continue
    start, end = info["data_offsets"]
    kind = {"U8": np.uint8, "F32": "<f4"}[info["dtype"]]
    faces[key] = np.frombuffer(raw[8 + size + start : 8 + size + end], kind).reshape(info["shape"])
for name in dict.fromkeys(key.split("/")[0] for key in faces):
    pairs[name] = tuple(faces[f"{name}/{part}"] for part in ("from", "to", "true"))

SETTERS = {"nscales": "ScalesNumber", "warps": "WarpingsNumber"}


def opencv(first, second, options):
    flow = cv2.optflow.DualTVL1OpticalFlow_create()
    for key, value in options.items():
        getattr(flow, "set" + SETTERS.get(key, key[0].upper() + key[1:]))(value)
    return np.moveaxis(flow.calc(first, second, None), 2, 0)


tensors, settings = {}, {}
for name, (first, second, true) in pairs.items():
    flow = opencv(first, second, {})
    error = np.hypot(*(flow - true)).mean()
    print(f"{name}: motion {np.hypot(*true).mean():.3f} px, OpenCV's mean endpoint error {error:.3f} px")
    tensors |= {f"{name}/from": first, f"{name}/to": second, f"{name}/true": true, f"{name}/opencv": flow}
variants = {
    "few": dict(nscales=1, warps=1, innerIterations=7, outerIterations=1, medianFiltering=1, epsilon=0.0),
    "median3": dict(nscales=3, warps=2, medianFiltering=3, epsilon=0.0, innerIterations=10, outerIterations=2),
    "smooth": dict(tau=0.2, theta=0.2, scaleStep=0.5, epsilon=0.0, warps=2, innerIterations=20, outerIterations=2, **{"lambda": 0.05}),
}
for name, options in variants.items():
    settings[name] = json.dumps(options)
    tensors[f"options/{name}"] = opencv(*pairs["pull"][:2], options)

header = {"__metadata__": {"made by": f"tools/golden/flow.py with OpenCV {cv2.__version__}", **settings}}
parts, end = [], 0
for key, array in sorted(tensors.items(), key=lambda item: item[1].dtype == np.uint8):  # floats first: aligned
    array = np.ascontiguousarray(array, np.uint8 if array.dtype == np.uint8 else "<f4")
    dtype = "U8" if array.dtype == np.uint8 else "F32"
    header[key] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [end, end + array.nbytes]}
    parts.append(array.tobytes())
    end += array.nbytes
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
golden = Path(__file__).resolve().parents[2] / "tests" / "golden" / "flow.safetensors"
golden.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))
