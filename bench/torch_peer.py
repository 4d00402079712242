"""The peer in PyTorch, for bench/performance.ts: the same networks, losses, batches and threads as ours, Adam, MaNet frozen in eval
mode and computed in each guided step, as one would write it in PyTorch.

    python bench/torch_peer.py guided    [--width 16] [--size 64] [--frames 8] [--batch 4] [--steps 10] [--threads 2]
    python bench/torch_peer.py resnet18  [--width 64] [--size 64] [--batch 16] ...   a training step of the classifier
    python bench/torch_peer.py inference [--width 64] [--size 64] [--batch 1] ...    the two-stream network in eval mode
    python bench/torch_peer.py loso --run RUN_FOLDER [--threads 2]                   all folds of a run of ours, one after the other

The first three have random weights and pictures and print one line of JSON: milliseconds of each step by the wall and by the processor.
`loso` reads plan.json of a run of ours (its clips, folds, steps, batches, learning rates) and does the same training and testing. It
keeps its decoded clips in memory. It prints seconds of the training and testing alone; imports and reading count for the one who starts it.
"""
import argparse
import json
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

sys.path.append(str(Path(__file__).resolve().parents[1] / "tools" / "golden"))
from _common import Classifier, Head, Trunk  # noqa: E402

INTERVALS, TAU = [1, 2, 4], 0.1


class TwoStream(nn.Module):
    def __init__(self, width, classes, channels=3, feature="intervals"):
        super().__init__()
        self.spatial = Trunk(width, channels)
        self.temporal = Trunk(width, channels)
        self.classifier = nn.Linear(16 * width, classes)
        self.feature = feature

    def forward(self, apex, frames, interval_maps=True):
        """Maps f^A and v(s), z, logits."""
        n, count = frames.shape[:2]
        apex_map = self.spatial(apex)
        maps = self.temporal(frames.flatten(0, 1)).unflatten(0, (n, count))
        intervals = [maps[:, ::s].mean(1) for s in INTERVALS] if interval_maps else []
        pooled = maps.mean((3, 4))  # (n, T, C)
        if self.feature == "intervals":
            video = torch.stack([pooled[:, ::s].mean(1) for s in INTERVALS]).mean(0)
        else:
            video = pooled.mean(1)
        z = torch.cat([apex_map.mean((2, 3)), video], 1)
        return apex_map, intervals, z, self.classifier(z)


class Reverse(torch.autograd.Function):
    """The gradient reversal layer."""

    @staticmethod
    def forward(context, x, scale):
        context.scale = scale
        return x.view_as(x)

    @staticmethod
    def backward(context, dy):
        return -context.scale * dy, None


def contrastive(z, labels, tau, mean):
    """Eq. 5-7 as printed, cosine similarity, summed over the anchors or averaged over those that have a positive."""
    z = F.normalize(z)
    positives = (labels[:, None] == labels[None]).float() - torch.eye(len(labels))
    total = -(positives * F.log_softmax(z @ z.T / tau, 1)).sum()
    return total / positives.sum(1).clamp(max=1).sum().clamp(min=1) if mean else total


def make_heads(width):
    channels = 8 * width
    return nn.ModuleDict({
        "spatial": Head(channels, 1),
        "temporal": Head(channels, 1),
        "relation": Head(channels, len(INTERVALS)),
    })


def guided_loss(minet, manet, heads, micro, macro, labels, macro_labels, reversal=1.0, tau=TAU, mean=False):
    """Eq. 8."""
    n = len(labels)
    mi_apex, mi_videos, mi_z, logits = minet(*micro)
    with torch.no_grad():
        ma_apex, ma_videos, ma_z, _ = manet(*macro)
    domain = torch.tensor([1.0] * n + [0.0] * n)
    apexes = torch.cat([mi_apex, ma_apex])
    videos = torch.cat([v for pair in zip(mi_videos, ma_videos) for v in pair])
    spatial = heads["spatial"](Reverse.apply(apexes, reversal))[:, 0]
    temporal = heads["temporal"](Reverse.apply(videos, reversal))[:, 0]
    which = torch.arange(len(INTERVALS)).repeat_interleave(2 * n)
    return (
        F.cross_entropy(logits, labels)
        + 0.1 * F.binary_cross_entropy_with_logits(spatial, domain)
        + 0.2 * F.cross_entropy(heads["relation"](videos), which)
        + 0.2 * F.binary_cross_entropy_with_logits(temporal, domain.repeat(len(INTERVALS)))
        + 0.1 * contrastive(torch.cat([mi_z, ma_z]), torch.cat([labels, macro_labels]), tau, mean)
    )


def train(loss_of, optimiser):
    loss = loss_of()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


def timed(step, steps):
    wall, processor, values = [], [], []
    for i in range(steps + 2):
        begun, worked = time.perf_counter(), time.process_time()
        values.append(step())
        if i >= 2:  # the first ones warm up
            wall.append(1000 * (time.perf_counter() - begun))
            processor.append(1000 * (time.process_time() - worked))
    return {"wall": wall, "processor": processor, "values": values}


def guided(o):
    minet, manet = TwoStream(o.width, 3), TwoStream(o.width, 3).eval().requires_grad_(False)
    heads = make_heads(o.width)
    optimiser = torch.optim.Adam([*minet.parameters(), *heads.parameters()], lr=1e-4)
    micro, macro = [
        (torch.randn(o.batch, 3, o.size, o.size), torch.randn(o.batch, o.frames, 3, o.size, o.size)) for _ in range(2)
    ]
    labels = torch.arange(o.batch) % 3
    return timed(
        lambda: train(lambda: guided_loss(minet, manet, heads, micro, macro, labels, labels), optimiser), o.steps
    )


def resnet18(o):
    model = Classifier(o.width, 3, "imagenet")
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-4)
    x, labels = torch.randn(o.batch, 3, o.size, o.size), torch.arange(o.batch) % 3
    return timed(lambda: train(lambda: F.cross_entropy(model(x), labels), optimiser), o.steps)


def inference(o):
    model = TwoStream(o.width, 3).eval()
    apex, frames = torch.randn(o.batch, 3, o.size, o.size), torch.randn(o.batch, o.frames, 3, o.size, o.size)

    def step():
        with torch.inference_mode():
            return model(apex, frames, interval_maps=False)[3].sum().item()

    return timed(step, o.steps)


def loso(o):
    plan = json.loads(Path(o.run, "plan.json").read_text())
    pipeline, classes = plan["pipeline"], len(plan["classes"])
    clip, stages, width = pipeline["clip"], pipeline["stages"], pipeline["network"]["width"]
    count, size, channels = clip["frames"], clip["size"], clip["channels"]
    contrast = pipeline["losses"]["contrastive"]
    # What this peer does not do, so that it never does less than ours unseen.
    assert pipeline["sampling"] == "random" and pipeline["losses"]["classWeights"] == "none" and "augment" not in clip
    assert clip["normalise"] == "clip" and clip["reference"] == "none" and contrast["form"] == "paper"
    assert all(stages[name]["decay"] == "constant" for name in stages) and "rows" not in pipeline

    def read(entry):
        pixels = np.fromfile(entry["file"], np.uint8).astype(np.float32).reshape(count + 1, size, size, channels)
        pixels = (pixels - pixels[:-1].mean()) / max(pixels[:-1].std(), 1)
        tensor = torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous()
        return tensor[-1], tensor[:-1], entry["classIndex"]

    def batch(clips):
        apex, frames, labels = zip(*clips)
        return (torch.stack(apex), torch.stack(frames)), torch.tensor(labels)

    def pretrain(stage, clips):
        network = TwoStream(width, classes, channels)
        optimiser = torch.optim.Adam(network.parameters(), lr=stage["learningRate"])
        for _ in range(stage["steps"]):
            x, labels = batch(random.sample(clips, stage["batch"]))
            train(lambda: F.cross_entropy(network(*x, interval_maps=False)[3], labels), optimiser)
        return network

    micro, macro = [[read(entry) for entry in plan[side]] for side in ["micro", "macro"]]
    begun = time.perf_counter()
    manet = pretrain(stages["macro"], macro).eval().requires_grad_(False)
    right, tested, stage = 0, 0, stages["guided"]
    for fold in plan["folds"]:
        clips = [micro[i] for i in fold["train"]]
        minet, heads = pretrain(stages["micro"], clips), make_heads(width)
        optimiser = torch.optim.Adam([*minet.parameters(), *heads.parameters()], lr=stage["learningRate"])
        for step in range(stage["steps"]):
            reversal = 2 / (1 + np.exp(-10 * step / (stage["steps"] - 1))) - 1
            (mine, labels), (theirs, macro_labels) = [batch(random.sample(s, stage["batch"])) for s in [clips, macro]]
            train(lambda: guided_loss(
                minet, manet, heads, mine, theirs, labels, macro_labels, reversal, contrast["temperature"],
                contrast["reduction"] == "mean",
            ), optimiser)
        minet.eval()
        with torch.inference_mode():
            for i in fold["test"]:
                x, label = batch([micro[i]])
                right += int(minet(*x, interval_maps=False)[3].argmax() == label)
                tested += 1
    return {"seconds": time.perf_counter() - begun, "accuracy": right / tested, "tested": tested}


TASKS = {"guided": guided, "resnet18": resnet18, "inference": inference, "loso": loso}
parser = argparse.ArgumentParser()
parser.add_argument("task", choices=TASKS)
parser.add_argument("--run")
defaults = {"width": 16, "size": 64, "frames": 8, "batch": 4, "steps": 10, "threads": 2}
for name, default in defaults.items():
    parser.add_argument(f"--{name}", type=int, default=default)
options = parser.parse_args()
torch.use_deterministic_algorithms(False)  # _common turns them on; a fair race leaves PyTorch its fastest
torch.set_num_threads(options.threads)
torch.manual_seed(1)
random.seed(1)
print(json.dumps({**TASKS[options.task](options), "torch": torch.__version__}))
