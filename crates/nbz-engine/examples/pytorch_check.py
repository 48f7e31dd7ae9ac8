"""Compares every pass of every device with PyTorch's own gradients, in double precision.

    cargo run -p nbz-engine --example pytorch_check -- FOLDER
    python3 crates/nbz-engine/examples/pytorch_check.py FOLDER

Needs torch (CPU) and numpy. Prints a Markdown table: the relative error |found - expected| / |expected| of
all numbers of a kind together.
"""

import json
import sys
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F

KINDS = ["logits", "gradient", "input", "product", "gram"]


def read_safetensors(path):
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header, body = json.loads(data[8:8 + size]), data[8 + size:]
    types = {"F32": numpy.float32, "F64": numpy.float64}
    tensors = {}
    for name, about in header.items():
        if name != "__metadata__":
            start, end = about["data_offsets"]
            values = numpy.frombuffer(body[start:end], types[about["dtype"]]).astype(numpy.float64)
            tensors[name] = torch.from_numpy(values.reshape(about["shape"]))
    return tensors


def forward(layers, weights, images):
    values = []
    for layer in layers:
        x = [values[i] for i in layer["inputs"]]
        part = lambda p: weights.get(f"{layer['name']}.{p}")
        kind = layer["kind"]
        if kind == "input":
            y = images
        elif kind == "conv":
            stride, padding, groups = layer["conv"]
            y = F.conv2d(x[0], part("weight"), part("bias"), stride, padding, 1, groups)
        elif kind == "linear":
            y = F.linear(x[0].flatten(1), part("weight"), part("bias"))
        elif kind == "norm":
            y = F.batch_norm(x[0], None, None, part("weight"), part("bias"), True, 0.0, 1e-5)
        elif kind == "relu":
            y = F.relu(x[0])
        elif kind == "add":
            y = sum(x)
        elif kind == "pool":
            kernel, stride, padding = layer["pool"]
            y = F.avg_pool2d(x[0], kernel, stride, padding, count_include_pad=False)
        elif kind == "mean":
            y = x[0].mean((2, 3), keepdim=True)
        elif kind == "zero":
            y = x[0] * 0.0
        else:
            y = x[0]
        values.append(y)
    return values[-1]


def expected(layers, weights, images, labels):
    buffers = ("running_mean", "running_var")
    names = [n for n in weights if not n.endswith(buffers)]
    leaves = {n: weights[n].clone().requires_grad_() for n in names}
    images = images.clone().requires_grad_()
    logits = forward(layers, leaves, images)
    loss = F.cross_entropy(logits, labels)
    gradients = torch.autograd.grad(
        loss, [*leaves.values(), images], create_graph=True, allow_unused=True)
    gradients = [torch.zeros_like(l) if g is None else g
                 for g, l in zip(gradients, [*leaves.values(), images])]
    # Convolution and linear weights move along themselves.
    moving = [n for n in names if leaves[n].dim() > 1]
    along = sum((g * leaves[n].detach()).sum() for n, g in zip(names, gradients) if n in moving)
    product = torch.autograd.grad(along, [leaves[n] for n in moving], retain_graph=True, allow_unused=True)
    weighted = [n for n in names if n.endswith("weight")]
    rows = []
    for row in logits:
        grads = torch.autograd.grad(
            row.sum(), [leaves[n] for n in weighted], retain_graph=True, allow_unused=True)
        rows.append(torch.cat([torch.zeros(leaves[n].numel(), dtype=torch.float64) if g is None
                               else g.flatten() for n, g in zip(weighted, grads)]))
    rows = torch.stack(rows)
    out = {"logits": logits.detach(), "input": gradients[-1].detach(), "gram": rows @ rows.T}
    out |= {f"gradient/{n}": g.detach() for n, g in zip(names, gradients)}
    out |= {f"product/{n}": p for n, p in zip(moving, product) if p is not None}
    return out


def main():
    print(f"PyTorch {torch.__version__}\n")
    print("| network | device | " + " | ".join(KINDS) + " |")
    print("|---" * (2 + len(KINDS)) + "|")
    for path in sorted(Path(sys.argv[1]).glob("*.json")):
        graph, tensors = json.loads(path.read_text()), read_safetensors(path.with_suffix(".safetensors"))
        prefix = "weights/"
        weights = {n[len(prefix):]: t for n, t in tensors.items() if n.startswith(prefix)}
        labels = torch.tensor(graph["labels"])
        wanted = expected(graph["layers"], weights, tensors["images"], labels)
        for device in graph["devices"]:
            errors = []
            for kind in KINDS:
                names = [n for n in wanted if n.split("/")[0] == kind]
                squares = [((tensors[f"{device}/{n}"].flatten() - wanted[n].flatten()) ** 2).sum() for n in names]
                norms = [(wanted[n] ** 2).sum() for n in names]
                errors.append(float((sum(squares) / sum(norms)) ** 0.5))
            cells = " | ".join(f"{e:.1e}" for e in errors)
            print(f"| `{graph['arch']}` | {device} | {cells} |")


main()
