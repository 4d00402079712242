"""Golden data for STSTNet (Liong et al. 2019) without dropout: logits in both modes, one SGD and one Adam step.

    python tools/golden/ststnet.py
"""
import torch
from _common import OPTIMISERS, first_seed, prefixed, randomise, state, steps, write
from torch import nn
from torch.nn.functional import cross_entropy


class STSTNet(nn.Module):
    def __init__(self):
        super().__init__()
        for i, filters in enumerate([3, 5, 8], 1):
            setattr(self, f"conv{i}", nn.Conv2d(3, filters, 3, padding=2))
        for i, filters in enumerate([3, 5, 8], 1):
            setattr(self, f"bn{i}", nn.BatchNorm2d(filters))
        self.fc = nn.Linear(400, 3)

    def forward(self, x):
        streams = []
        for i in (1, 2, 3):
            rectified = torch.relu(getattr(self, f"conv{i}")(x))
            streams.append(nn.functional.max_pool2d(getattr(self, f"bn{i}")(rectified), 3, 3, 1))
        return self.fc(nn.functional.avg_pool2d(torch.cat(streams, 1), 2).flatten(1))


model, x, labels = first_seed(
    lambda: (randomise(STSTNet()), (torch.rand(6, 3, 28, 28) * 255).round(), torch.tensor([0, 2, 1, 0, 1, 2]))
)
golden = {"x": x, "labels": labels, **prefixed("start/", state(model))}
model.eval()
golden |= {"infer/logits": model(x)}
golden |= steps(model, lambda m: cross_entropy(m(x), labels), OPTIMISERS)
model.train()
golden |= {"train/logits": model(x)}
write("ststnet", golden)
