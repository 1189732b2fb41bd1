"""Writes the numbers that training is compared with: ten AdamW steps of a LoRA adapter on the random GPT-2 of
src/model/fixtures, in PyTorch. Rows have different lengths and prompts that do not count, as in a federation.

    python3 tools/oracle/lora.py src/model/fixtures/random-gpt2 src/training/fixtures"""
import json
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'pretrain'))

import torch
from torch import nn
from torch.nn import functional as F

from gpt2 import Conv1D, load_model, save_safetensors, write_atomically

rank, alpha, learning_rate, steps, batch = 4, 8, 1e-2, 10, 3
targets = ['c_attn', 'c_fc', 'c_proj']


class LoraLinear(nn.Module):
    """A frozen Conv1D and its adapter, as PEFT computes it: x W + b + (alpha / rank) (x Aᵀ) Bᵀ."""

    def __init__(self, frozen, generator):
        super().__init__()
        inputs, outputs = frozen.weight.shape
        self.frozen = frozen
        self.a = nn.Parameter((torch.rand(rank, inputs, generator=generator) * 2 - 1) / math.sqrt(inputs))
        self.b = nn.Parameter(torch.zeros(outputs, rank))

    def forward(self, x):
        return self.frozen(x) + alpha / rank * F.linear(F.linear(x, self.a), self.b)


def adapt(model, generator):
    """Wraps every targeted layer; gives the adapter's tensors under the names PEFT gives them."""
    tensors = {}
    for name, layer in list(model.named_modules()):
        if isinstance(layer, Conv1D) and name.split('.')[-1] in targets:
            parent = model.get_submodule(name.rpartition('.')[0])
            adapted = LoraLinear(layer, generator)
            setattr(parent, name.split('.')[-1], adapted)
            tensors[f'base_model.model.transformer.{name}.lora_A.weight'] = adapted.a
            tensors[f'base_model.model.transformer.{name}.lora_B.weight'] = adapted.b
    return tensors


def random_rows(generator, vocabulary):
    """Two batches of rows; the predictions of tokens[countFrom] and all after it count."""
    def number(low, high):
        return int(torch.randint(low, high, (1,), generator=generator))

    lengths = [number(8, 17) for _ in range(2 * batch)]
    return [{'tokens': [number(0, vocabulary) for _ in range(length)], 'countFrom': number(1, 5)} for length in lengths]


def mean_loss(model, rows):
    losses = []
    for row in rows:
        tokens = torch.tensor([row['tokens']])
        logits = model(tokens[:, :-1])[0]
        losses.append(F.cross_entropy(logits, tokens[0, 1:], reduction='none')[row['countFrom'] - 1 :])
    return torch.cat(losses).mean()


def main(model_directory, out):
    model = load_model(model_directory)
    model.requires_grad_(False)
    generator = torch.Generator().manual_seed(3)
    adapter = adapt(model, generator)
    rows = random_rows(generator, model.config['vocab_size'])
    save_safetensors(os.path.join(out, 'lora-start.safetensors'), adapter, 'F32')

    optimizer = torch.optim.AdamW(adapter.values(), lr=learning_rate, weight_decay=0)
    losses = []
    for step in range(steps):
        first = step * batch % len(rows)
        loss = mean_loss(model, rows[first : first + batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(round(loss.item(), 6))
    save_safetensors(os.path.join(out, 'lora-end.safetensors'), adapter, 'F32')

    settings = {'rank': rank, 'alpha': alpha, 'targets': targets}
    numbers = {'adapter': settings, 'learningRate': learning_rate, 'batch': batch, 'rows': rows, 'losses': losses}
    write_atomically(os.path.join(out, 'lora.json'), (json.dumps(numbers) + '\n').encode())


if __name__ == '__main__':
    main(*sys.argv[1:])
