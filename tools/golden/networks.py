"""Golden data for the comparison networks: logits, loss and the norm of each gradient, without dropout.

    python tools/golden/networks.py

Weights are too many to keep: both sides fill them from the same formula (fill), names and order of elements as in PyTorch.
"""
import json
import math
import pathlib

import torch
from _common import BasicBlock
from torch import nn
from torch.nn import functional as F


def fill(name, shape):
    """Uniform noise of a formula; what a batch norm multiplies by and its variances stay near 1, kernels keep the size of activations."""
    i = torch.arange(math.prod(shape), dtype=torch.float64)
    wild = torch.sin(i * 12.9898 + len(name)) * 43758.5453
    noise = 2 * (wild - wild.floor()) - 1
    if len(shape) == 1:
        near_one = name.endswith("running_var") or name.endswith("weight")
        values = 1 + 0.3 * noise if near_one else 0.1 * noise
    else:
        values = noise * math.sqrt(6 / math.prod(shape[1:]))
    return values.to(torch.float32).reshape(shape)


def image(n, channels, size):
    """Values 0..255, (n, C, h, w), each image of a frequency of its own; elements run in the order h, w, C."""
    i = torch.arange(size * size * channels, dtype=torch.float64)
    waves = torch.stack([torch.sin(i * (0.013 + 0.011 * k)) for k in range(n)])
    values = (127.5 + 127.5 * waves).to(torch.float32)
    return values.reshape(n, size, size, channels).permute(0, 3, 1, 2).contiguous()


class Named(nn.Module):
    """A module whose submodules have the names that the files have."""

    def __init__(self, **modules):
        super().__init__()
        for name, module in modules.items():
            setattr(self, name, module)


class OffApexNet(nn.Module):
    def __init__(self):
        super().__init__()
        for s in "uv":
            setattr(self, s, Named(conv1=nn.Conv2d(1, 6, 5, padding=2), conv2=nn.Conv2d(6, 16, 5, padding=2)))
        self.fc1, self.fc2, self.fc3 = nn.Linear(1568, 1024), nn.Linear(1024, 1024), nn.Linear(1024, 3)

    def forward(self, x):
        z = []
        for i, s in enumerate("uv"):
            m = getattr(self, s)
            y = F.max_pool2d(F.relu(m.conv1(x[:, i : i + 1])), 2)
            z.append(F.max_pool2d(F.relu(m.conv2(y)), 2).flatten(1))
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(torch.cat(z, 1))))))


class Inception(nn.Module):
    def __init__(self, c, f):
        super().__init__()
        self.path1 = nn.Conv2d(c, f, 1)
        self.path2 = nn.Sequential(nn.Conv2d(c, f, 1), nn.Conv2d(f, f, 3, padding=1))
        self.path3 = nn.Sequential(nn.Conv2d(c, f, 1), nn.Conv2d(f, f, 5, padding=2))
        self.path4 = nn.Conv2d(c, f, 1)

    def forward(self, x):
        two = lambda path: F.relu(path[1](F.relu(path[0](x))))
        paths = [F.relu(self.path1(x)), two(self.path2), two(self.path3), F.relu(self.path4(F.max_pool2d(x, 3, 1, 1)))]
        return F.max_pool2d(torch.cat(paths, 1), 2)


class DualInception(nn.Module):
    def __init__(self):
        super().__init__()
        for s in "uv":
            setattr(self, s, Named(block1=Inception(1, 6), block2=Inception(24, 16)))
        self.fc1, self.fc2 = nn.Linear(6272, 1024), nn.Linear(1024, 3)

    def forward(self, x):
        z = [getattr(self, s).block2(getattr(self, s).block1(x[:, i : i + 1])).flatten(1) for i, s in enumerate("uv")]
        return self.fc2(F.relu(self.fc1(torch.cat(z, 1))))


class DSSN(nn.Module):
    def __init__(self, side):
        super().__init__()
        for s in ["magnitude", "strain"]:
            convs = dict(conv1=nn.Conv2d(3, 96, 11, 4), conv2_1=nn.Conv2d(48, 128, 5, padding=2), conv2_2=nn.Conv2d(48, 128, 5, padding=2))
            setattr(self, s, Named(**convs))
        self.fc = nn.Linear(side * side * 256, 3)

    def stream(self, m, x):
        norm = lambda a: F.local_response_norm(a, 5, alpha=5e-4, beta=0.75, k=2)  # PyTorch divides alpha by the size
        mean = torch.tensor([123.68, 116.779, 103.939])[:, None, None]
        y = norm(F.max_pool2d(F.relu(m.conv1((x.repeat(1, 3, 1, 1) - mean) / 255)), 3, 2))
        y = F.relu(torch.cat([m.conv2_1(y[:, :48]), m.conv2_2(y[:, 48:])], 1))
        return F.pad(norm(F.max_pool2d(y, 3, 2)), (1, 1, 1, 1))

    def forward(self, x):
        return self.fc((self.stream(self.magnitude, x[:, :1]) * self.stream(self.strain, x[:, 1:])).flatten(1))


def squash(s):
    square = (s * s).sum(-1, keepdim=True)
    return s * square / (1 + square) / (square + 1e-12).sqrt()


class CapsuleNet(nn.Module):
    def __init__(self, width, capsules):
        super().__init__()
        w, c = width, 4 * width
        self.conv = Named(
            conv1=nn.Conv2d(3, w, 7, 2, 3, bias=False),
            bn1=nn.BatchNorm2d(w),
            layer1=nn.Sequential(BasicBlock(w, w, 1), BasicBlock(w, w, 1)),
            layer2=nn.Sequential(BasicBlock(w, 2 * w, 2), BasicBlock(2 * w, 2 * w, 1)),
            layer3=nn.Sequential(BasicBlock(2 * w, c, 2), BasicBlock(c, c, 1)),
        )
        self.conv1 = nn.Conv2d(c, c, 9)
        self.primarycaps = Named(conv2d=nn.Conv2d(c, c, 9, 2))
        self.digitcaps = nn.Module()
        self.digitcaps.weight = nn.Parameter(torch.zeros(3, capsules, 16, 8))

    def forward(self, x):
        m = self.conv
        x = F.relu(m.bn1(m.conv1(x)))  # no max-pool
        x = F.relu(self.conv1(m.layer3(m.layer2(m.layer1(x)))))
        u = squash(self.primarycaps.conv2d(x).permute(0, 2, 3, 1).reshape(len(x), -1, 8))
        each = torch.einsum("jida,nia->njid", self.digitcaps.weight, u)
        b = torch.zeros(each.shape[:3])
        for i in range(3):
            c = F.softmax(b, 1)
            v = squash((c[..., None] * (each if i == 2 else each.detach())).sum(2))
            if i < 2:
                b = b + (v[:, :, None] * each.detach()).sum(-1)
        return ((v * v).sum(-1) + 1e-12).sqrt()


def margin(lengths, labels):
    right = F.one_hot(labels, 3)
    return (right * F.relu(0.9 - lengths) ** 2 + 0.5 * (1 - right) * F.relu(lengths - 0.1) ** 2).sum(1).mean()


def facts(model, x, loss):
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                tensor.copy_(fill(name, tensor.shape))
    model.eval()
    outputs = model(x)
    value = loss(outputs, torch.arange(len(x)) % 3)
    value.backward()
    return {
        "parameters": sum(p.numel() for p in model.parameters()),
        "outputs": outputs.tolist(),
        "loss": value.item(),
        "gradients": {name: p.grad.norm().item() for name, p in model.named_parameters()},
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    small = lambda channels, size, n=4: image(n, channels, size)
    golden = {
        "offApexNet": facts(OffApexNet(), small(2, 28) / 8, F.cross_entropy),
        "dualInception": facts(DualInception(), small(2, 28) / 8, F.cross_entropy),
        "dssn": facts(DSSN(5), small(2, 67, 2), F.cross_entropy),
        "capsuleNet": facts(CapsuleNet(4, 2), small(3, 136, 2) / 64, margin),
    }
    golden["parameters"] = {
        "offApexNet": sum(p.numel() for p in OffApexNet().parameters()),
        "dualInception": sum(p.numel() for p in DualInception().parameters()),
        "dssn": sum(p.numel() for p in DSSN(15).parameters()),
        "capsuleNet": sum(p.numel() for p in CapsuleNet(64, 1152).parameters()),
    }
    file = pathlib.Path(__file__).parents[2] / "tests" / "golden" / "networks.json"
    file.write_text(json.dumps(golden, indent=1) + "\n")
    print(golden["parameters"])
