"""Golden data for the heads: logits, the gradient to the map, and the weights after one SGD step.

    python tools/golden/heads.py
"""
import torch
from _common import OPTIMISERS, Head, prefixed, state, steps, write
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

torch.manual_seed(2021)
for name, outputs in [("domain", 1), ("relation", 3)]:
    model = Head(16, outputs)
    x = torch.randn(4, 16, 5, 3, requires_grad=True)
    labels = torch.tensor([0, 1, 1, 0]) if name == "domain" else torch.tensor([0, 2, 1, 2])

    def loss_of(m):
        logits = m(x)
        if name == "domain":
            return binary_cross_entropy_with_logits(logits[:, 0], labels.float())
        return cross_entropy(logits, labels)

    (dx,) = torch.autograd.grad(loss_of(model), x)
    golden = {"x": x, "labels": labels, **prefixed("start/", state(model)), "logits": model(x), "dx": dx}
    golden |= steps(model, loss_of, {"sgd": OPTIMISERS["sgd"]})
    write(f"head_{name}", golden)
