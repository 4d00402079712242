"""A model that `m2m export` wrote, in PyTorch. Needs torch and numpy; this folder's model.json and safetensors.

    from load_minet import load_model
    model = load_model("FOLDER")
    answer = model.predict(clip)         # clip: (T + 1, size, size, channels) unsigned bytes, the apex frame last

    python load_minet.py clips.npy [--model FOLDER] [--threads N]

clips.npy holds n of them, (n, T + 1, size, size, channels). Prints JSON: the classes, the probabilities (n, L), and each network's
logits (n, L). An ensemble's probabilities are the mean of its networks'. Frames must have been cut out as model.json's
`preparation` says and brought to T frames as its `clip` says: m2m data prepare and m2m predict do both.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

TYPES = {"F32": torch.float32, "F64": torch.float64, "F16": torch.float16, "I64": torch.int64}


def read_safetensors(file):
    """Tensors by name: 8 bytes with the header's length, a JSON header, the tensors' bytes."""
    data = bytearray(Path(file).read_bytes())
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = torch.frombuffer(data[start + begin : start + end], dtype=TYPES[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
    return tensors


class BasicBlock(nn.Module):
    """torchvision's, under its names."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        x = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(x + shortcut)


class Trunk(nn.Module):
    """ResNet18 up to its last map: (n, C, h, w) -> (n, 8 width, h', w')."""

    def __init__(self, width, channels=3, stem="imagenet"):
        super().__init__()
        large = stem == "imagenet"
        self.conv1 = nn.Conv2d(channels, width, 7 if large else 3, 2 if large else 1, 3 if large else 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.pool = nn.MaxPool2d(3, 2, 1) if large else nn.Identity()
        for layer in range(1, 5):
            outputs = width * 2 ** (layer - 1)
            inputs, stride = (width, 1) if layer == 1 else (outputs // 2, 2)
            blocks = nn.Sequential(BasicBlock(inputs, outputs, stride), BasicBlock(outputs, outputs, 1))
            setattr(self, f"layer{layer}", blocks)

    def forward(self, x):
        x = self.pool(F.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


class MiNet(nn.Module):
    """The two-stream network of Xia & Wang 2021, section 2.2, or one of its streams."""

    def __init__(self, network, classes):
        super().__init__()
        self.network = network
        parts = {"both": ["spatial", "temporal"]}.get(network["streams"], [network["streams"]])
        for part in parts:
            setattr(self, part, Trunk(network["width"], network["channels"], network["stem"]))
        self.parts = parts
        self.classifier = nn.Linear(8 * network["width"] * len(parts), classes)

    def forward(self, apex, frames):
        """apex (n, C, h, w), frames (n, T, C, h, w) -> logits (n, L)."""
        z = []
        if "spatial" in self.parts:
            z.append(self.spatial(apex).mean((2, 3)))
        if "temporal" in self.parts:
            n, count = frames.shape[:2]
            pooled = self.temporal(frames.flatten(0, 1)).mean((2, 3)).unflatten(0, (n, count))  # (n, T, 8 width)
            z.append(self.video(pooled))
        return self.classifier(torch.cat(z, 1))

    def video(self, pooled):
        """The mean over all frames (section 2.2), or over the intervals s = 1, 2, 4, ... of the mean over frames 0, s, 2s, ... (2.4)."""
        if self.network["videoFeature"] == "mean":
            return pooled.mean(1)
        intervals = self.network["intervals"]
        length = intervals["sequenceLength"] if intervals["kind"] == "sequence" else None
        return torch.stack([pooled[:, :: 2**i][:, :length].mean(1) for i in range(intervals["count"])]).mean(0)


IMAGENET = np.array([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]])


def normalised(clip, settings):
    """A clip of unsigned bytes (T + 1, h, w, C) as float32 numbers, as in training."""
    values = clip.astype(np.float64)
    onset = settings["reference"] == "onset"
    if onset:
        values = values - values[0]
    if settings["normalise"] == "clip":
        frames = values[:-1]
        deviation = np.sqrt(max(frames.var(), 1))
        mean = 0 if onset else frames.mean()
        return ((values - mean) / deviation).astype(np.float32)
    mean, deviation = IMAGENET if clip.shape[-1] == 3 else IMAGENET.mean(1, keepdims=True)
    return ((values / 255 - (0 if onset else mean)) / deviation).astype(np.float32)


class Model:
    """The networks of an exported folder."""

    def __init__(self, description, members):
        self.description, self.members = description, members

    @torch.no_grad()
    def logits(self, clip):
        """Each network's logits of a clip, (members, L)."""
        settings = self.description["clip"]
        shape = (settings["frames"] + 1, settings["size"], settings["size"], settings["channels"])
        if clip.shape != shape or clip.dtype != np.uint8:
            raise ValueError(f"a clip must be unsigned bytes of shape {shape}, found {clip.dtype} of {clip.shape}")
        x = torch.from_numpy(normalised(clip, settings)).permute(0, 3, 1, 2)  # (T + 1, C, h, w)
        return torch.cat([network(x[-1:], x[None, :-1]) for network in self.members.values()])

    def predict(self, clip):
        """One probability for each class, the mean over the networks; with the class's name."""
        probabilities = self.logits(clip).double().softmax(1).mean(0)
        return {"label": self.description["classes"][int(probabilities.argmax())], "probabilities": probabilities.tolist()}


def load_model(folder):
    folder = Path(folder)
    description = json.loads((folder / "model.json").read_text())
    members = {}
    for member in description["members"]:
        network = MiNet(description["network"], len(description["classes"]))
        found = network.load_state_dict(read_safetensors(folder / member["file"]), strict=False)
        missing = [name for name in found.missing_keys if not name.endswith("num_batches_tracked")]
        if missing or found.unexpected_keys:
            raise ValueError(f"{member['file']} does not fit model.json: {missing + found.unexpected_keys}")
        members[member["name"]] = network.eval()
    return Model(description, members)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("clips")
    parser.add_argument("--model", default=Path(__file__).resolve().parent)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    model = load_model(given.model)
    logits = torch.stack([model.logits(clip) for clip in np.load(given.clips)])  # (n, members, L)
    print(
        json.dumps(
            {
                "classes": model.description["classes"],
                "evaluated": model.description["origin"]["evaluated"],
                "probabilities": logits.double().softmax(2).mean(1).tolist(),
                "members": {name: logits[:, i].tolist() for i, name in enumerate(model.members)},
            }
        )
    )


if __name__ == "__main__":
    main()
