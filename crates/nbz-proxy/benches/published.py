"""The paper's nine proxies one by one, as the published codes compute them: one JSON line each.

    python published.py FOLDER THREADS LAYOUT

FOLDER holds graph.json, torch.safetensors, normal.safetensors and inputs.safetensors (images, labels, x, e),
written by the benchmark; LAYOUT is NCHW or channels_last. Needs torch (CPU), numpy and safetensors.

zero-cost-nas gives every measure a fresh copy of the network and nothing is shared between them; ntk is
TE-NAS's and zen ZenNAS's. Definitions: docs/proxies.md.
"""

import copy
import json
import math
import sys
import time

import numpy
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

FEW = 16  # images of ntk
EPS = 1e-5  # of jacob_cov


class Network(nn.Module):
    """A graph's layers as modules; without batch norms, without shortcuts, or up to the features where asked."""

    def __init__(self, graph):
        super().__init__()
        self.graph, self.norms, self.shortcuts, self.features = graph, True, True, False
        self.built = nn.ModuleList(module(layer) for layer in graph["layers"])

    def load(self, weights):
        for layer, built in zip(self.graph["layers"], self.built):
            for name, tensor in built.state_dict().items():
                if name != "num_batches_tracked":
                    tensor.copy_(weights[f"{layer['name']}.{name}"])
        return self.train()

    def inputs(self, layer):
        return layer["inputs"][:1] if layer["op"] == "add" and not self.shortcuts else layer["inputs"]

    def needed(self):
        """The positions of the layers that the last value depends on, in order."""
        waiting, seen = [self.graph["features"] if self.features else len(self.built) - 1], set()
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                waiting += self.inputs(self.graph["layers"][at])
        return sorted(seen)

    def forward(self, images):
        values, order = {}, self.needed()
        for at in order:
            layer = self.graph["layers"][at]
            inputs = [values[i] for i in self.inputs(layer)]
            if layer["op"] == "input":
                values[at] = images
            elif layer["op"] == "add":
                values[at] = sum(inputs[1:], inputs[0])
            elif layer["op"] == "global_avg_pool":
                values[at] = inputs[0].mean((2, 3))
            elif layer["op"] == "batch_norm" and not self.norms:
                values[at] = inputs[0]
            else:
                values[at] = self.built[at](*inputs)
        return values[order[-1]]


def module(layer):
    settings = {k: v for k, v in layer.items() if k not in ("name", "op", "inputs", "shape")}
    known = {"conv": nn.Conv2d, "linear": nn.Linear, "batch_norm": nn.BatchNorm2d, "relu": nn.ReLU}
    return known[layer["op"]](**settings) if layer["op"] in known else nn.Identity()


def layers(net):
    return [m for m in net.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]


def gradients(net, x, y):
    functional.cross_entropy(net(x), y).backward()
    return [(layer.weight, layer.weight.grad) for layer in layers(net)]


def grad_norm(net, x, y):
    return sum(g.norm().item() for _, g in gradients(net, x, y))


def plain(net, x, y):
    return sum((w * g).sum().item() for w, g in gradients(net, x, y))


def masked(layer):
    """A layer whose weight is frozen under a mask of ones that gets the gradient."""
    layer.mask = nn.Parameter(torch.ones_like(layer.weight))
    layer.weight.requires_grad = False

    def forward(x):
        weight = layer.weight * layer.mask
        if isinstance(layer, nn.Linear):
            return functional.linear(x, weight, layer.bias)
        return functional.conv2d(x, weight, layer.bias, layer.stride, layer.padding, layer.dilation, layer.groups)

    layer.forward = forward


def snip(net, x, y):
    for layer in layers(net):
        masked(layer)
    functional.cross_entropy(net(x), y).backward()
    return sum(layer.mask.grad.abs().sum().item() for layer in layers(net))


def grasp(net, x, y):
    weights = [layer.weight for layer in layers(net)]
    first = torch.autograd.grad(functional.cross_entropy(net(x), y), weights)
    second = torch.autograd.grad(functional.cross_entropy(net(x), y), weights, create_graph=True)
    sum((a.data * b).sum() for a, b in zip(first, second)).backward()
    return sum((-w.data * w.grad).sum().item() for w in weights)


def fisher(net, x, y):
    total = []

    def watch(layer):
        plain_forward = layer.forward
        layer.weight.requires_grad = False
        layer.after = nn.Identity()

        def forward(x):
            layer.act = layer.after(plain_forward(x))
            return layer.act

        def hook(_, __, outputs):
            product = layer.act * outputs[0]
            sums = product.sum((2, 3)) if product.dim() > 2 else product
            channels = 0.5 * sums.pow(2).mean(0)
            total.append((channels.sum() * layer.weight[0].numel()).item())
            layer.act = None

        layer.forward = forward
        layer.after.register_full_backward_hook(hook)

    for layer in layers(net):
        watch(layer)
    functional.cross_entropy(net(x.clone().requires_grad_()), y).backward()
    return sum(total)


def synflow(net, x, y):
    for tensor in net.state_dict().values():
        tensor.abs_()
    net = net.double()
    net.norms = False
    net(torch.ones(1, *x.shape[1:], dtype=torch.double)).sum().backward()
    return sum((layer.weight * layer.weight.grad).abs().sum().item() for layer in layers(net))


def jacob_cov(net, x, y):
    x = x.clone().requires_grad_()
    out = net(x)
    out.backward(torch.ones_like(out))
    values = numpy.linalg.eig(numpy.corrcoef(x.grad.reshape(len(x), -1).numpy()))[0]
    return -float(numpy.sum(numpy.log(values + EPS) + 1 / (values + EPS)).real)


def ntk(net, x, y):
    out = net(x[:FEW])
    rows = []
    for i in range(FEW):
        net.zero_grad()
        out[i : i + 1].backward(torch.ones_like(out[i : i + 1]), retain_graph=True)
        parts = [p.grad.reshape(-1) for name, p in net.named_parameters() if "weight" in name]
        rows.append(torch.cat(parts).clone())
    rows = torch.stack(rows)
    values = torch.linalg.eigvalsh(torch.einsum("nc,mc->nm", rows, rows))
    return (values[-1] / values[0]).item()


def zen(net, x, e):
    net.shortcuts, net.features = False, True
    with torch.no_grad():
        difference = (net(x) - net(x + 0.01 * e)).abs().sum((1, 2, 3)).mean()
    norms = [net.built[i] for i in net.needed() if isinstance(net.built[i], nn.BatchNorm2d)]
    return math.log(difference) + sum(math.log(math.sqrt(m.running_var.mean())) for m in norms)


PROXIES = [grad_norm, plain, snip, grasp, fisher, synflow, jacob_cov, ntk, zen]


def main(folder, threads, layout):
    torch.set_num_threads(threads)
    with open(f"{folder}/graph.json") as file:
        graph = json.load(file)
    inputs = load_file(f"{folder}/inputs.safetensors")
    form = {"memory_format": torch.channels_last} if layout == "channels_last" else {}
    x, noise, e = (inputs[name].to(**form) for name in ("images", "x", "e"))
    clock = time.process_time if threads == 1 else time.perf_counter
    nets = {name: Network(graph).load(load_file(f"{folder}/{name}.safetensors")).to(**form)
            for name in ("torch", "normal")}
    for proxy in PROXIES:
        net, data = (nets["normal"], (noise, e)) if proxy is zen else (nets["torch"], (x, inputs["labels"].long()))
        times = []
        while len(times) < (1 if proxy is ntk else 3):
            begin = clock()
            value = proxy(copy.deepcopy(net), *data)
            times.append(clock() - begin)
        print(json.dumps({"proxy": proxy.__name__, "value": value, "seconds": min(times),
                          "version": torch.__version__}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
