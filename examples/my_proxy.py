"""A proxy of your own in PyTorch (pip install torch safetensors). This one is grad_norm: change `score`.

    nbzero score --table nas-bench-macro --count 200 --data cifar10:cifar-10-binary.tar.gz \\
        --proxy 'cmd:python examples/my_proxy.py' -o mine.parquet
"""
import json
import sys

import torch
from safetensors.torch import load_file
from torch import nn


def score(net, images, labels):
    """Larger is better; `nbzero score --smaller my_proxy` says the opposite."""
    nn.functional.cross_entropy(net(images), labels).backward()
    layers = [m for m in net.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    return sum(m.weight.grad.norm().item() for m in layers)


def module(op, inputs, name, shape, **settings):
    """The module of one layer of the graph; None where it has neither parameters nor settings."""
    known = {"conv": nn.Conv2d, "linear": nn.Linear, "batch_norm": nn.BatchNorm2d, "relu": nn.ReLU,
             "avg_pool": lambda **pool: nn.AvgPool2d(**pool, count_include_pad=False)}
    return known[op](**settings) if op in known else None


class Network(nn.Module):
    def __init__(self, graph, weights):
        super().__init__()
        self.layers = graph["layers"]
        self.built = nn.ModuleList(module(**layer) for layer in self.layers)
        for layer, built in zip(self.layers, self.built):
            for name, tensor in built.state_dict().items() if built else ():
                if name != "num_batches_tracked":
                    tensor.copy_(weights[f"{layer['name']}.{name}"])

    def forward(self, images):
        values = []  # one a layer, in topological order; the last are the logits
        for layer, built in zip(self.layers, self.built):
            inputs = [values[i] for i in layer["inputs"]]
            match layer["op"]:
                case "input": value = images
                case "add": value = sum(inputs)
                case "zero": value = torch.zeros_like(inputs[0])
                case "identity": value = inputs[0]
                case "global_avg_pool": value = inputs[0].mean((2, 3))
                case _: value = built(inputs[0])
            values.append(value)
        return values[-1]


if __name__ == "__main__":
    for line in sys.stdin:  # docs/proxies.md tells what is in a line
        request = json.loads(line)
        torch.manual_seed(request["seed"])  # whatever you draw is then the same in every run
        network = Network(request["graph"], load_file(request["weights"]))
        value = score(network.train(), **load_file(request["batch"]))
        print(json.dumps({"id": request["id"], "score": value}), flush=True)
