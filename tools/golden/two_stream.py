"""Golden data for the two-stream network of Xia & Wang 2021: maps, interval features, z and logits, in both modes.

    python tools/golden/two_stream.py
"""
import torch
from _common import Trunk, prefixed, randomise, state, write
from torch import nn

WIDTH, CLASSES, N, T, K, OFFSETS = 2, 3, 2, 6, 2, [0, 1, 3]
INTERVALS = [1, 2, 4]


class TwoStream(nn.Module):
    def __init__(self):
        super().__init__()
        self.spatial = Trunk(WIDTH, stem="small")
        self.temporal = Trunk(WIDTH, stem="small")
        self.classifier = nn.Linear(16 * WIDTH, CLASSES)

    def forward(self, apex, frames):
        apex_map = self.spatial(apex)
        maps = self.temporal(frames.flatten(0, 1)).unflatten(0, (N, T))
        return apex_map, maps


def pool(x):
    return x.mean((-2, -1))


def interval_mean(maps, s, offset):
    return torch.stack([maps[:, t] for t in range(offset, T, s)]).mean(0)


def interval_sequence(maps, s):
    return torch.cat([maps[:, k * s] for k in range(K)], 1)


torch.manual_seed(2021)
model = randomise(TwoStream())
apex, frames = torch.randn(N, 3, 16, 12), torch.randn(N, T, 3, 16, 12)
golden = {"apex": apex, "frames": frames, **prefixed("start/", state(model))}
start = {key: value.clone() for key, value in model.state_dict().items()}
for mode in ["infer", "train"]:
    model.load_state_dict(start)
    model.train(mode == "train")
    apex_map, maps = model(apex, frames)
    means = [interval_mean(maps, s, o) for s, o in zip(INTERVALS, OFFSETS)]
    plain = [interval_mean(maps, s, 0) for s in INTERVALS]
    sequences = [interval_sequence(maps, s) for s in INTERVALS[:2]]  # (K - 1) 2^(s_c - 1) < T holds for 2 intervals too
    of_sequences = torch.stack([v.unflatten(1, (K, -1)).mean(1) for v in sequences]).mean(0)
    videos = {
        "mean": maps.mean(1),
        "intervals": torch.stack(plain).mean(0),
        "offsets": torch.stack(means).mean(0),
        "sequence": of_sequences,
    }
    golden |= {f"{mode}/apexMap": apex_map, f"{mode}/frameMaps": maps}
    golden |= {f"{mode}/v{s}": v for s, v in zip(INTERVALS, plain)}
    golden |= {f"{mode}/offset/v{s}": v for s, v in zip(INTERVALS, means)}
    golden |= {f"{mode}/sequence/v{s}": v for s, v in zip(INTERVALS, sequences)}
    for name, video in videos.items():
        z = torch.cat([pool(apex_map), pool(video)], 1)
        golden |= {f"{mode}/{name}/z": z, f"{mode}/{name}/logits": model.classifier(z)}
write("two_stream", golden)
