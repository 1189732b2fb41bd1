"""The oracle of the engine: small random GPT-2, LLaMA and Qwen checkpoints, and what PyTorch computes with them. The engine's
tests (src/model/oracle.test.ts) must come to the same numbers, on every backend. It shares no code with the engine.

    /usr/bin/python3 bench/oracle/oracle.py

from the repository's root rewrites src/model/fixtures/oracle, byte for byte the same; it needs Debian's python3-torch.
Everything is computed in 64 bits from the weights as they are stored (F32, F16 or BF16), and kept in 32. The script also
prints how far the same computation in 32 bits strays: how much of the tests' tolerance is rounding.

A model's directory holds the model as Hugging Face lays it out, the adapter that training starts from as PEFT does, and
`expected.safetensors`: `logits` of the last positions of the first `sequence` tokens; `losses` of every token but the
first, in windows of `time`; and for every list of targets, `c_attn+c_fc/...`: `gradient` of the first step, `losses` of
all steps, the `trained` adapter, and `logits` after that was merged into the weights. Adapters and gradients are flat:
all factors end to end in the order of their names. `ragged/losses` come from rows of unequal length, of which only the
predictions of tokens[countFrom] and all after it count. What was asked for, of all models, is `oracle.json`."""
import os

import torch
from torch.nn import functional as F

from checkpoints import draw_adapter, draw_weights, models, vocabulary
from files import letters, tokenizer, write_json, write_safetensors
from models import gpt2, llama

out = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../src/model/fixtures/oracle')
stream_length, kept_rows, ragged_batch, ragged_steps = 90, 4, 3, 10


class Run:
    """One model, one precision: everything that is expected of it."""

    def __init__(self, model, stored, start, dtype):
        self.model, self.scale = model, model.alpha / model.rank
        self.weights = {name: tensor.to(dtype) for name, tensor in stored.items()}
        self.start = {name: tensor.to(dtype) for name, tensor in start.items()}

    def logits(self, ids, adapter={}, weights=None):
        """ids [batch, time] -> [batch, time, vocabulary]"""
        weights = weights or self.weights

        def linear(x, layer):
            weight, bias = weights[f'{layer}.weight'], weights.get(f'{layer}.bias')
            y = F.linear(x, weight.T if self.model.conv1d else weight, bias)
            a, b = (adapter.get(self.model.adapter_name(layer, factor)) for factor in 'AB')
            return y if a is None else y + self.scale * F.linear(F.linear(x, a), b)

        return (gpt2 if self.model.conv1d else llama)(weights, self.model.config, ids, linear)

    def losses(self, row, adapter={}):
        """Nats of each token of a row but the first."""
        ids = torch.tensor(row)
        return F.cross_entropy(self.logits(ids[None, :-1], adapter)[0], ids[1:], reduction='none')

    def mean_loss(self, rows, adapter):
        counted = [self.losses(row['tokens'], adapter)[row['countFrom'] - 1 :] for row in rows]
        return torch.cat(counted).mean()

    def train(self, adapter, batches):
        """AdamW over some batches: the first gradient, the loss before each step, the adapter afterwards."""
        adapter = {name: tensor.clone().requires_grad_() for name, tensor in adapter.items()}
        rate = self.model.training['learningRate']
        optimizer = torch.optim.AdamW(adapter.values(), lr=rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0)
        losses, first = [], None
        for rows in batches:
            loss = self.mean_loss(rows, adapter)
            optimizer.zero_grad()
            loss.backward()
            first = first or {name: tensor.grad.clone() for name, tensor in adapter.items()}
            optimizer.step()
            losses.append(loss.detach())
        return first, torch.stack(losses), {name: tensor.detach() for name, tensor in adapter.items()}

    def merged(self, adapter):
        """The weights with an adapter inside."""
        weights = dict(self.weights)
        for name in weights:
            layer = name.removesuffix('.weight')
            a, b = (adapter.get(self.model.adapter_name(layer, factor)) for factor in 'AB')
            if a is not None:
                update = self.scale * b @ a  # [out, in]
                weights[name] = weights[name] + (update.T if self.model.conv1d else update)
        return weights

    def expected(self, ids, ragged):
        """All tensors of `expected.safetensors`."""
        time = self.model.training['time']
        sequence = torch.tensor([ids[: self.model.sequence]])
        tensors = {
            'logits': self.logits(sequence)[0, -kept_rows:],
            'losses': torch.cat([self.losses(row['tokens']) for row in windows(ids, time)]),
        }
        for targets in self.model.cases:
            start = {name: tensor for name, tensor in self.start.items() if name.split('.')[-3] in targets}
            gradient, losses, trained = self.train(start, sequential_batches(ids, self.model.training))
            merged = self.logits(sequence, weights=self.merged(trained))[0, -kept_rows:]
            adapted = self.logits(sequence, trained)[0, -kept_rows:]
            assert (merged - adapted).abs().max() < 1e3 * torch.finfo(merged.dtype).eps
            results = {'gradient': flat(gradient), 'losses': losses, 'trained': flat(trained), 'logits': merged}
            tensors.update({f'{"+".join(targets)}/{name}': tensor for name, tensor in results.items()})
        if ragged:
            batches = [ragged[step % 2 * ragged_batch :][:ragged_batch] for step in range(ragged_steps)]
            _, tensors['ragged/losses'], _ = self.train(self.start, batches)
        return tensors


def flat(tensors):
    return torch.cat([tensors[name].flatten() for name in sorted(tensors)])


def windows(ids, time):
    """Window i predicts the tokens i time + 1 to i time + time from those before; the last may be shorter."""
    starts = range(0, len(ids) - 1, time)
    return [{'tokens': ids[start : start + time + 1], 'countFrom': 1} for start in starts]


def sequential_batches(ids, training):
    """Step s takes the full windows (s batch + j) mod n, j < batch."""
    full = [row for row in windows(ids, training['time']) if len(row['tokens']) == training['time'] + 1]
    batch = training['batch']
    return [[full[(step * batch + j) % len(full)] for j in range(batch)] for step in range(training['steps'])]


def draw_rows(generator):
    """Two batches of rows of unequal length, of which the first few tokens do not count."""

    def number(low, high):
        return int(torch.randint(low, high, (1,), generator=generator))

    lengths = [number(8, 17) for _ in range(2 * ragged_batch)]
    return [{'tokens': [number(0, vocabulary) for _ in range(length)], 'countFrom': number(1, 5)} for length in lengths]


def write_model(directory, model, stored):
    write_json(f'{directory}/config.json', model.config)
    write_json(f'{directory}/tokenizer.json', tokenizer())
    named = {model.prefix + name: tensor for name, tensor in stored.items()}
    if model.shards == 1:
        return write_safetensors(f'{directory}/model.safetensors', named)
    file_of = {}
    for shard in range(model.shards):
        file = f'model-{shard + 1:05}-of-{model.shards:05}.safetensors'
        names = list(named)[shard * len(named) // model.shards : (shard + 1) * len(named) // model.shards]
        write_safetensors(f'{directory}/{file}', {name: named[name] for name in names})
        file_of.update({name: file for name in names})
    size = sum(tensor.numel() * tensor.element_size() for tensor in named.values())
    index = {'metadata': {'total_size': size}, 'weight_map': dict(sorted(file_of.items()))}
    write_json(f'{directory}/model.safetensors.index.json', index)


def write_adapter(directory, model, start):
    settings = {
        'peft_type': 'LORA',
        'task_type': 'CAUSAL_LM',
        'base_model_name_or_path': model.name,
        'r': model.rank,
        'lora_alpha': model.alpha,
        'lora_dropout': 0.0,
        'target_modules': sorted({target for case in model.cases for target in case}),
        'bias': 'none',
        'fan_in_fan_out': model.conv1d,
    }
    write_json(f'{directory}/adapter_config.json', settings)
    write_safetensors(f'{directory}/adapter_model.safetensors', start)


def error_of_rounding(exact, rounded):
    """The largest difference for each kind of result; for gradients relative to the largest entry."""
    errors = {}
    for name in exact:
        kind = name.split('/')[-1]
        error = (exact[name] - rounded[name]).abs().max().item()
        error /= exact[name].abs().max().item() if kind == 'gradient' else 1
        errors[kind] = max(errors.get(kind, 0), error)
    return ', '.join(f'{kind} {error:.0e}' for kind, error in errors.items())


def main():
    torch.set_num_threads(1)  # sums in one order, on every run
    questions = {}
    for model in models:
        directory = os.path.join(out, model.name)
        generator = torch.Generator().manual_seed(model.seed)
        stored, start = draw_weights(model, generator), draw_adapter(model, generator)
        ids = torch.randint(1, vocabulary, (stream_length,), generator=generator).tolist()
        ragged = draw_rows(generator) if model.ragged else None
        exact = Run(model, stored, start, torch.float64).expected(ids, ragged)
        rounded = Run(model, stored, start, torch.float32).expected(ids, ragged)

        write_model(directory, model, stored)
        write_adapter(directory, model, start)
        write_safetensors(f'{directory}/expected.safetensors', {name: tensor.float() for name, tensor in exact.items()})
        questions[model.name] = {
            'text': ''.join(letters[id - 1] for id in ids),
            'ids': ids,
            'sequence': model.sequence,
            'training': model.training,
            'cases': model.cases,
            'ragged': ragged and {'batch': ragged_batch, 'steps': ragged_steps, 'rows': ragged},
        }
        print(f'{model.name}: 32 bits stray by {error_of_rounding(exact, rounded)}')
    write_json(f'{out}/oracle.json', questions)


if __name__ == '__main__':
    main()
