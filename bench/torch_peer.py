"""The guided step (Eq. 8) in PyTorch, for bench/guided_step.ts: MiNet in training, MaNet frozen in eval mode and computed in the
step, heads, all five losses, Adam. The same networks, batch and losses as bench/engine/guided_step.ts, random weights and pictures.

    python bench/torch_peer.py [--width 16] [--size 64] [--frames 8] [--batch 4] [--steps 10] [--threads 2]

Prints one line of JSON: milliseconds of each step by the wall and by the processor, and the losses.
"""
import argparse
import json
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools" / "golden"))
from _common import Trunk  # noqa: E402

parser = argparse.ArgumentParser()
for name, default in [("width", 16), ("size", 64), ("frames", 8), ("batch", 4), ("steps", 10), ("threads", 2)]:
    parser.add_argument(f"--{name}", type=int, default=default)
options = parser.parse_args()
torch.use_deterministic_algorithms(False)  # _common turns them on; a fair race leaves PyTorch its fastest
torch.set_num_threads(options.threads)
torch.manual_seed(1)
INTERVALS, CLASSES, N, T = [1, 2, 4], 3, options.batch, options.frames
CHANNELS = 8 * options.width


class TwoStream(nn.Module):
    def __init__(self):
        super().__init__()
        self.spatial = Trunk(options.width)
        self.temporal = Trunk(options.width)
        self.classifier = nn.Linear(2 * CHANNELS, CLASSES)

    def forward(self, apex, frames):
        apex_map = self.spatial.map(apex)
        maps = self.temporal.map(frames.flatten(0, 1)).unflatten(0, (N, T))
        intervals = [maps[:, ::s].mean(1) for s in INTERVALS]
        video = torch.stack([v.mean((2, 3)) for v in intervals]).mean(0)
        z = torch.cat([apex_map.mean((2, 3)), video], 1)
        return apex_map, intervals, z, self.classifier(z)


class Head(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(CHANNELS, CHANNELS // 2, 3, padding=1)
        self.conv2 = nn.Conv2d(CHANNELS // 2, CHANNELS // 4, 3, padding=1)
        self.conv3 = nn.Conv2d(CHANNELS // 4, CHANNELS // 8, 3, padding=1)
        self.fc = nn.Linear(CHANNELS // 8, outputs)

    def forward(self, x):
        for conv in [self.conv1, self.conv2, self.conv3]:
            x = F.leaky_relu(conv(x), 0.2)
        return self.fc(x.mean((2, 3)))


class Reverse(torch.autograd.Function):
    """The gradient reversal layer."""

    @staticmethod
    def forward(_, x):
        return x.view_as(x)

    @staticmethod
    def backward(_, dy):
        return -dy


def contrastive(z, labels):
    """Eq. 5-7 as printed, cosine similarity, temperature 0.1, summed over the anchors."""
    z = F.normalize(z)
    positives = (labels[:, None] == labels[None]).float() - torch.eye(len(labels))
    return -(positives * F.log_softmax(z @ z.T / 0.1, 1)).sum()


minet, manet = TwoStream(), TwoStream().eval().requires_grad_(False)
heads = nn.ModuleDict({"spatial": Head(1), "temporal": Head(1), "relation": Head(len(INTERVALS))})
optimiser = torch.optim.Adam([*minet.parameters(), *heads.parameters()], lr=1e-4)
size = options.size
micro, macro = [(torch.randn(N, 3, size, size), torch.randn(N, T, 3, size, size)) for _ in range(2)]
labels = torch.arange(N) % CLASSES
domain = torch.tensor([1.0] * N + [0.0] * N)
domains = domain.repeat(len(INTERVALS))
which = torch.arange(len(INTERVALS)).repeat_interleave(2 * N)


def step():
    mi_apex, mi_videos, mi_z, logits = minet(*micro)
    with torch.no_grad():
        ma_apex, ma_videos, ma_z, _ = manet(*macro)
    apexes = torch.cat([mi_apex, ma_apex])
    videos = torch.cat([v for pair in zip(mi_videos, ma_videos) for v in pair])
    spatial = heads["spatial"](Reverse.apply(apexes))[:, 0]
    temporal = heads["temporal"](Reverse.apply(videos))[:, 0]
    loss = (
        F.cross_entropy(logits, labels)
        + 0.1 * F.binary_cross_entropy_with_logits(spatial, domain)
        + 0.2 * F.cross_entropy(heads["relation"](videos), which)
        + 0.2 * F.binary_cross_entropy_with_logits(temporal, domains)
        + 0.1 * contrastive(torch.cat([mi_z, ma_z]), torch.cat([labels, labels]))
    )
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


wall, processor, losses = [], [], []
for i in range(options.steps + 2):
    begun, worked = time.perf_counter(), time.process_time()
    losses.append(step())
    if i >= 2:  # the first ones warm up
        wall.append(1000 * (time.perf_counter() - begun))
        processor.append(1000 * (time.process_time() - worked))
print(json.dumps({"wall": wall, "processor": processor, "losses": losses, "torch": torch.__version__}))
