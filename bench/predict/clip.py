"""The peer of bench/predict/clip.ts: a clip's frames and landmarks to logits with OpenCV and PyTorch.

    python bench/predict/clip.py FOLDER

FOLDER/clip.json says what is there: frames.raw (clips x frames x height x width x 3 bytes, RGB), the eyes of each clip, the form of the network's input, network.safetensors;
ours.raw holds the same clips as our code made them. Prints one line of JSON: milliseconds of each clip, its logits, and those that PyTorch gives for our pixels.
"""
import json
import struct
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools" / "golden"))
from _common import Trunk  # noqa: E402

folder = Path(sys.argv[1])
facts = json.loads((folder / "clip.json").read_text())
clips, count, height, width = facts["clips"], facts["frames"], facts["height"], facts["width"]
side, size, T, threads = facts["side"], facts["size"], facts["T"], facts["threads"]
torch.set_num_threads(threads)
cv2.setNumThreads(threads)


class TwoStream(torch.nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.spatial = Trunk(width, 1, facts["stem"])
        self.temporal = Trunk(width, 1, facts["stem"])
        self.classifier = torch.nn.Linear(16 * width, classes)

    def forward(self, apex, frames):
        apex_feature = self.spatial(apex).mean((2, 3))
        video = self.temporal(frames[0]).mean((2, 3)).mean(0, keepdim=True)
        return self.classifier(torch.cat([apex_feature, video], 1))


def read_network():
    bytes_ = (folder / "network.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", bytes_[:8])
    header = json.loads(bytes_[8 : 8 + length])
    header.pop("__metadata__", None)
    state = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        values = np.frombuffer(bytes_[8 + length + start : 8 + length + end], "<f4")
        state[name] = torch.tensor(values.reshape(entry["shape"]))
    network = TwoStream(facts["networkWidth"], facts["classes"])
    missing, unexpected = network.load_state_dict(state, strict=False)
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing), (missing, unexpected)
    return network.eval()


def align(frame, eyes):
    """One similarity transform, the eyes at fixed places of a square, as alignFace; then the network's size, grey."""
    (lx, ly), (rx, ry) = eyes
    unit = facts["eyeDistance"] * side
    xx, yx = (rx - lx) / unit, (ry - ly) / unit
    x0 = (lx + rx) / 2 - xx * side / 2 + yx * facts["eyeLine"] * side
    y0 = (ly + ry) / 2 - yx * side / 2 - xx * facts["eyeLine"] * side
    # OpenCV counts from the first pixel's centre.
    matrix = np.float32([[xx, -yx, x0 + (xx - yx - 1) / 2], [yx, xx, y0 + (yx + xx - 1) / 2]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    crop = cv2.warpAffine(frame, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return cv2.cvtColor(cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)


def to_frames(small):
    positions = np.linspace(0, len(small) - 1, T)
    out = []
    for p in positions:
        k = int(np.floor(p))
        after = small[min(k + 1, len(small) - 1)].astype(np.float32)
        out.append(np.floor(small[k] + (p - k) * (after - small[k]) + 0.5))
    return np.stack(out)


@torch.no_grad()
def logits_of(network, frames, apex):
    """Against the onset, by the deviation of the clip's own frames."""
    moved = frames - frames[0]
    deviation = max(moved.var(), 1) ** 0.5
    x = torch.from_numpy((moved / deviation).astype(np.float32))[None, :, None]
    a = torch.from_numpy(((apex - frames[0]) / deviation).astype(np.float32))[None, None]
    return network(a, x)[0].tolist()


network = read_network()
pixels = np.fromfile(folder / "frames.raw", np.uint8).reshape(clips, count, height, width, 3)
ours = np.fromfile(folder / "ours.raw", np.uint8).reshape(clips, T + 1, size, size).astype(np.float32)
times, logits = [], []
for turn in range(facts["turns"]):
    for k in range(clips):
        start = time.perf_counter()
        small = [align(frame, facts["eyes"][k]) for frame in pixels[k]]
        found = logits_of(network, to_frames(small), small[facts["apex"]].astype(np.float32))
        times.append(1000 * (time.perf_counter() - start))
        if turn == 0:
            logits.append(found)
same = [logits_of(network, clip[:T], clip[T]) for clip in ours]
print(json.dumps({"ms": times, "logits": logits, "ours": same}))
