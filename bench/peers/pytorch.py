"""The benchmark's LoRA step in PyTorch on the processor: the weights, tokens and first adapter of all other peers, from the files of
`pytorch.ts`. With transformers and PEFT where both are installed, else GPT-2 as the oracle writes it, with the same LoRA by hand.

    python3 pytorch.py FOLDER

prints one line of JSON: what computed, every loss, and the milliseconds of every step, each with its loss read."""
import json
import os
import struct
import sys
import time

folder = sys.argv[1]
with open(os.path.join(folder, 'job.json')) as file:
    job = json.load(file)
os.environ['OMP_NUM_THREADS'] = os.environ['OPENBLAS_NUM_THREADS'] = str(job['threads'])  # before the libraries that read them

import torch
from torch.nn import functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'oracle'))
from models import gpt2

torch.set_num_threads(job['threads'])


def read_safetensors(name):
    with open(os.path.join(folder, name), 'rb') as file:
        data = bytearray(file.read())
    (length,) = struct.unpack('<Q', data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop('__metadata__', None)

    def tensor(entry):
        begin, end = entry['data_offsets']
        return torch.frombuffer(data, dtype=torch.float32, offset=8 + length + begin, count=(end - begin) // 4).reshape(entry['shape']).clone()

    return {key: tensor(entry) for key, entry in header.items()}


def by_hand(weights, factors):
    """The oracle's function over frozen weights; `factors` holds A and B of each adapted layer."""
    learning = {key: torch.nn.Parameter(value) for key, value in factors.items()}
    scale = job['alpha'] / job['rank']

    def linear(x, layer):
        y = x @ weights[f'{layer}.weight'] + weights[f'{layer}.bias']
        if f'{layer}.lora_A.weight' not in learning:
            return y
        return y + scale * (x @ learning[f'{layer}.lora_A.weight'].T) @ learning[f'{layer}.lora_B.weight'].T

    return (lambda ids: gpt2(weights, job['config'], ids, linear)), list(learning.values()), 'LoRA by hand'


def with_peft(weights, factors):
    from peft import LoraConfig, get_peft_model
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(**{**job['config'], 'resid_pdrop': 0, 'embd_pdrop': 0, 'attn_pdrop': 0})
    base = GPT2LMHeadModel(config)
    base.transformer.load_state_dict(weights, strict=False)
    base.tie_weights()
    settings = LoraConfig(r=job['rank'], lora_alpha=job['alpha'], target_modules=job['targets'], fan_in_fan_out=True)
    model = get_peft_model(base, settings)
    own = dict(model.named_parameters())
    with torch.no_grad():
        for key, value in factors.items():
            own[f'base_model.model.transformer.{key.replace(".weight", ".default.weight")}'].copy_(value)
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return (lambda ids: model(input_ids=ids).logits), learning, 'PEFT'


def main():
    weights, factors = read_safetensors('model.safetensors'), read_safetensors('adapter.safetensors')
    began = time.perf_counter()
    try:
        logits_of, learning, how = with_peft(weights, factors)
    except ImportError:
        logits_of, learning, how = by_hand(weights, factors)
    adam = job['adam']
    optimizer = torch.optim.Adam(learning, lr=adam['learningRate'], betas=(adam['beta1'], adam['beta2']), eps=adam['epsilon'])
    batches = [[torch.tensor(each[side]) for side in ('ids', 'targets')] for each in job['batches']]
    prepared = time.perf_counter()
    losses, times = [], []
    for step in range(job['warmUp'] + job['steps']):
        ids, targets = batches[step % len(batches)]
        start = time.perf_counter()
        loss = F.cross_entropy(logits_of(ids).flatten(0, 1), targets.flatten())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        times.append(1e3 * (time.perf_counter() - start))
    print(
        json.dumps(
            {
                'device': f'PyTorch {torch.__version__}, {torch.get_num_threads()} thread{"s" if job["threads"] > 1 else ""}, {how}',
                'prepareMs': 1e3 * (prepared - began),
                'losses': losses,
                'timesMs': times,
            }
        )
    )


main()
