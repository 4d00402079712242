"""What the golden scripts share: a fixed seed, ResNet18 with its classifier, the heads, safetensors without a package."""
import copy
import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.append(str(Path(__file__).resolve().parents[2] / "predict" / "python"))
from load_minet import BasicBlock, Trunk  # noqa: E402, F401

GOLDEN = Path(__file__).resolve().parents[2] / "tests" / "golden"
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


def write(name, tensors):
    """tests/golden/NAME.safetensors, float32 and int32, in the order given."""
    header, parts, end = {"__metadata__": {"made by": f"tools/golden with PyTorch {torch.__version__}"}}, [], 0
    for key, tensor in tensors.items():
        array = np.array(tensor.detach().numpy(), order="C")
        array = array.astype("<i4" if array.dtype.kind == "i" else "<f4")
        header[key] = {
            "dtype": "I32" if array.dtype.kind == "i" else "F32",
            "shape": list(array.shape),
            "data_offsets": [end, end + array.nbytes],
        }
        parts.append(array.tobytes())
        end += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def prefixed(prefix, tensors):
    return {f"{prefix}{key}": value.detach().clone() for key, value in tensors.items()}


def state(model):
    return {key: value for key, value in model.state_dict().items() if not key.endswith("num_batches_tracked")}


class Classifier(Trunk):
    """The whole ResNet18."""

    def __init__(self, width, classes, stem):
        super().__init__(width, 3, stem)
        self.fc = nn.Linear(8 * width, classes)

    def map(self, x):
        return super().forward(x)

    def forward(self, x):
        return self.fc(self.map(x).mean((2, 3)))


class Head(nn.Module):
    """D_s, D_t and C_s: three convolutions, mean pool, linear."""

    def __init__(self, channels, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels // 2, 3, padding=1)
        self.conv2 = nn.Conv2d(channels // 2, channels // 4, 3, padding=1)
        self.conv3 = nn.Conv2d(channels // 4, channels // 8, 3, padding=1)
        self.fc = nn.Linear(channels // 8, outputs)

    def forward(self, x):
        for conv in [self.conv1, self.conv2, self.conv3]:
            x = nn.functional.leaky_relu(conv(x), 0.2)
        return self.fc(x.mean((2, 3)))


def randomise(model):
    """Weights that leave nothing at its trivial value: He kernels, random batch norms and running statistics."""
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
            nn.init.normal_(module.running_mean, 0, 0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return model


def steps(model, loss_of, make):
    """The state after one step of each optimiser, from the same start."""
    start = {key: value.clone() for key, value in model.state_dict().items()}
    result = {}
    for name, optimiser in make.items():
        model.load_state_dict(start)
        model.train()
        chosen = optimiser(model.parameters())
        chosen.zero_grad()
        loss_of(model).backward()
        chosen.step()
        result |= prefixed(f"{name}/", state(model))
    model.load_state_dict(start)
    return result


def well_conditioned(model, x, labels):
    """Whether PyTorch's float32 and float64 gradients agree: where a ReLU or a maximum lies within rounding of its
    threshold they do not (by 9% for seed 2021 at width 8), and no implementation can be compared with either."""
    gradients = []
    for double in (False, True):
        twin = copy.deepcopy(model).train()
        twin, inputs = (twin.double(), x.double()) if double else (twin, x)
        nn.functional.cross_entropy(twin(inputs), labels).backward()
        gradients.append([p.grad.double() for p in twin.parameters()])
    return all((a - b).norm() < 2e-5 * b.norm() for a, b in zip(*gradients))


def first_seed(make, start=2021):
    """The first seed from `start` on whose model, input and labels are well conditioned."""
    for seed in range(start, start + 50):
        torch.manual_seed(seed)
        made = make()
        if well_conditioned(*made):
            print(f"seed {seed}")
            return made
    raise SystemExit("no seed is well conditioned")


OPTIMISERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.1),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.001),
}
