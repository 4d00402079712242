"""Golden data for ResNet18: outputs, and weights after one SGD and one Adam step.

    pip install torch==2.13.0 numpy
    python tools/golden/resnet18.py
"""
import torch
from _common import OPTIMISERS, Classifier, first_seed, prefixed, randomise, state, steps, write
from torch.nn.functional import cross_entropy

for stem, width, size in [("imagenet", 8, (48, 40)), ("small", 2, (20, 18))]:
    model, x, labels = first_seed(
        lambda: (randomise(Classifier(width, 5, stem)), torch.randn(4, 3, *size), torch.tensor([0, 3, 1, 3]))
    )
    golden = {"x": x, "labels": labels, **prefixed("start/", state(model))}
    model.eval()
    golden |= {"infer/map": model.map(x), "infer/logits": model(x)}
    after = steps(model, lambda m: cross_entropy(m(x), labels), OPTIMISERS)
    model.train()
    golden |= {"train/map": model.map(x)}
    model.load_state_dict({**model.state_dict(), **{k[6:]: v for k, v in golden.items() if k.startswith("start/")}})
    logits = model(x)
    golden |= {"train/logits": logits, "train/loss": cross_entropy(logits, labels)}
    # Adam's running statistics are SGD's: kept once.
    golden |= {k: v for k, v in after.items() if not (k.startswith("adam/") and "running" in k)}
    write(f"resnet18_{stem}", golden)
