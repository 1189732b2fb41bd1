"""Writes logits and loss of the shipped toy, which the engine's tests compare themselves with. Runs by itself after the toy
is trained (all other numbers of the engine's tests come from bench/oracle); by hand:

    python3 tools/pretrain/fixture.py public/models/toy src/model/fixtures"""
import hashlib
import json
import os
import sys

import torch
from torch.nn import functional as F

from gpt2 import load_model
from weights import write_atomically

tokens_of_input = 24


def main(toy_directory, out):
    numbers = {'toy': numbers_of(toy_directory)}
    write_atomically(os.path.join(out, 'gpt2-logits.json'), (json.dumps(numbers) + '\n').encode())


@torch.no_grad()
def numbers_of(directory):
    """For an input that the model nearly wrote itself: its ids, the logits of the last two positions, the mean loss."""
    model = load_model(directory)
    ids = [model.config['eos_token_id'] + 1]
    while len(ids) < tokens_of_input:
        ids.append((int(model(torch.tensor([ids]))[0, -1].argmax()) + len(ids) % 3) % model.config['vocab_size'])
    row = torch.tensor([ids])
    with open(os.path.join(directory, 'model.safetensors'), 'rb') as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return {
        'sha256': digest,
        'ids': ids,
        'lastLogits': [[round(x, 6) for x in position] for position in model(row)[0, -2:].tolist()],
        'loss': round(F.cross_entropy(model(row[:, :-1])[0], row[0, 1:]).item(), 6),
    }


if __name__ == '__main__':
    main(*sys.argv[1:])
