"""What both trainings do at each step: the learning rate, the update, and the line that tells how far they are."""

import json
import time
from collections.abc import Sequence

import torch

LINE_EVERY = 100


def set_learning_rate(optimizer: torch.optim.Optimizer, highest: float, done: float, warm: float) -> None:
    """Rises over the share `warm` of the training and falls to 0 at its end; `done` is in [0, 1]."""
    for group in optimizer.param_groups:
        group["lr"] = highest * min(1.0, done / warm + 0.02) * (1 - done)


def learn(loss: torch.Tensor, trainable: Sequence[torch.nn.Parameter], optimizer: torch.optim.Optimizer) -> torch.Tensor:
    """One update, gradients cut at norm 1. Returns the loss, on its device: asking a GPU for the number would stop it at each step."""
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trainable, 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss.detach()


def tell(step: int, started: float, epochs: float, losses: Sequence[torch.Tensor]) -> None:
    """Every LINE_EVERY steps a JSON line with the mean loss since the last; `started` is of `time.monotonic`."""
    if step % LINE_EVERY == 0:
        recent = losses[-LINE_EVERY:]
        line = {"step": step, "seconds": round(time.monotonic() - started), "epochs": round(epochs, 3), "loss": round(float(sum(recent)) / len(recent), 4)}
        print(json.dumps(line), flush=True)
