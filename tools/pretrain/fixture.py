"""Writes the numbers that the engine's tests compare themselves with: logits and loss of the shipped toy, and of a tiny
GPT-2 with random weights that is stored beside them. Runs by itself after the toy is trained; by hand:

    python3 tools/pretrain/fixture.py public/models/toy src/model/fixtures"""
import hashlib
import json
import os
import sys

import torch

from gpt2 import GPT2, load_model, save_safetensors, write_atomically

tokens_of_input = 24
random_config = {
    'architectures': ['GPT2LMHeadModel'],
    'model_type': 'gpt2',
    'activation_function': 'gelu_new',
    'bos_token_id': 0,
    'eos_token_id': 0,
    'layer_norm_epsilon': 1e-5,
    'n_ctx': 32,
    'n_embd': 16,
    'n_head': 2,
    'n_inner': None,
    'n_layer': 2,
    'n_positions': 32,
    'tie_word_embeddings': True,
    'vocab_size': 64,
}


def main(toy_directory, out):
    random_directory = os.path.join(out, 'random-gpt2')
    write_random_model(random_directory)
    numbers = {'toy': numbers_of(toy_directory), 'random-gpt2': numbers_of(random_directory)}
    write_atomically(os.path.join(out, 'gpt2-logits.json'), (json.dumps(numbers) + '\n').encode())


def write_random_model(directory):
    """Every parameter random, biases and norms too, so that no mistake with one of them stays hidden."""
    os.makedirs(directory, exist_ok=True)
    generator = torch.Generator().manual_seed(1)
    tensors = {
        name: torch.randn(value.shape, generator=generator) * 0.3 + (1 if 'ln_' in name and 'weight' in name else 0)
        for name, value in GPT2(random_config).state_dict().items()
    }
    save_safetensors(os.path.join(directory, 'model.safetensors'), tensors, 'F32')
    write_atomically(os.path.join(directory, 'config.json'), (json.dumps(random_config, indent=2) + '\n').encode())


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
        'loss': round(model.loss(row).item(), 6),
    }


if __name__ == '__main__':
    main(*sys.argv[1:])
