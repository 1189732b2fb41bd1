"""Trains a model from scratch on the token files that `pretrain.ts` has written, and writes the model directory.

    python3 train.py --work .checkpoints/toy --out public/models/toy [--resume] [--export-only]

The run is described by `run.json` in the work directory. A checkpoint is written every few minutes and at the end; with
`--resume` training goes on from it, with the same batches as if it had never stopped. `--export-only` writes the model
directory from the last checkpoint without training. Each thread of the processor reads a part of the batch: products of
matrices as small as these would not be worth sharing."""
import argparse
import json
import math
import os
import time
from concurrent.futures import ThreadPoolExecutor

os.environ['OMP_NUM_THREADS'] = '1'  # before the libraries that read it

import numpy
import torch
from torch.nn import functional as F

from gpt2 import GPT2
from llama import Llama
from muon import Muon
from weights import save_safetensors, write_atomically

checkpoint_seconds = 180
threads = os.cpu_count()
given_bit = 0x8000  # of a token that is given to the model, not to be foretold
not_learned = -100  # a target that does not count; PyTorch's own mark for it


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--work', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--resume', action='store_true')
    parser.add_argument('--export-only', action='store_true')
    options = parser.parse_args()
    with open(os.path.join(options.work, 'run.json')) as file:
        run = json.load(file)

    torch.set_num_threads(1)
    torch.manual_seed(run['seed'])
    model = model_of(run)
    state = {'step': 0, 'seconds': 0.0, 'threads': threads}
    checkpoint = os.path.join(options.work, 'checkpoint.pt')
    saved = torch.load(checkpoint) if (options.resume or options.export_only) and os.path.exists(checkpoint) else None
    if saved:
        model.load_state_dict(saved['model'])
        state = {**saved['state'], 'threads': threads} if options.resume else saved['state']
    if not options.export_only:
        optimizers = optimizers_of(model, run)
        for optimizer, each in zip(optimizers, saved['optimizers'] if saved else []):
            optimizer.load_state_dict(each)
        with ThreadPoolExecutor(threads) as pool:
            train(model, optimizers, state, run, options.work, checkpoint, pool)
    export(model, state, run, options.work, options.out)


def model_of(run):
    return GPT2(run['config']) if run['config']['model_type'] == 'gpt2' else Llama(run['config'], run['madeOf'])


def optimizers_of(model, run):
    """AdamW; matrices decay, biases and norms do not. Where the run has a rate for Muon, the matrices inside the blocks are its own."""
    inside = [] if run['muonRate'] is None else model.matrices()
    rest = [p for p in model.parameters() if not any(p is each for each in inside)]
    adam = torch.optim.AdamW(
        [
            {'params': [p for p in rest if p.dim() > 1], 'weight_decay': run['weightDecay']},
            {'params': [p for p in rest if p.dim() == 1], 'weight_decay': 0.0},
        ],
        lr=run['learningRate'],
        betas=(0.9, 0.98),
    )
    return [adam, Muon(inside, run['muonRate'], run['weightDecay'])] if inside else [adam]


def train(model, optimizers, state, run, work, checkpoint, pool):
    tokens = numpy.fromfile(os.path.join(work, 'train.bin'), numpy.uint16)
    starts = numpy.flatnonzero(tokens == run['config']['eos_token_id']) + 1
    peaks = [[group['lr'] for group in optimizer.param_groups] for optimizer in optimizers_of(model, run)]
    began, saved, mean = time.time() - state['seconds'], time.time(), None
    while state['step'] < run['steps']:
        for optimizer, rates in zip(optimizers, peaks):
            for group, peak in zip(optimizer.param_groups, rates):
                group['lr'] = peak * schedule(state['step'], run)
        loss = learn(model, batch(tokens, starts, state['step'], run), state['step'], run, pool)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step(pool) if isinstance(optimizer, Muon) else optimizer.step()
        state['step'] += 1
        state['seconds'] = time.time() - began
        mean = loss if mean is None else 0.98 * mean + 0.02 * loss
        if state['step'] % 100 == 0:
            speed = state['step'] * run['batch'] * length_of(run['config']) / state['seconds']
            print(f"step {state['step']} loss {mean:.3f} {speed:.0f} tokens/s", flush=True)
        if time.time() - saved > checkpoint_seconds or state['step'] == run['steps']:
            saved = time.time()
            torch.save(
                {'model': model.state_dict(), 'optimizers': [each.state_dict() for each in optimizers], 'state': state},
                checkpoint + '.part',
            )
            os.replace(checkpoint + '.part', checkpoint)


def learn(model, rows, step, run, pool):
    """Leaves the gradient of the batch's mean loss at the parameters. Every thread reads some of its rows."""
    parameters = list(model.parameters())
    learned = (targets_of(rows, run) != not_learned).sum().item()

    def part(some):
        targets = targets_of(some, run)
        if not (targets != not_learned).any():
            return 0.0, [torch.zeros_like(parameter) for parameter in parameters]
        loss = loss_of(model, some, targets, step, run) * ((targets != not_learned).sum().item() / learned)
        return loss.item(), torch.autograd.grad(loss, parameters)

    losses, gradients = zip(*pool.map(part, rows.chunk(threads)))
    for parameter, each in zip(parameters, zip(*gradients)):
        parameter.grad = sum(each[1:], each[0])
    return sum(losses)


def loss_of(model, rows, targets, step, run):
    """Of what is learned in these rows. One exit a step, in turn: all of them at once would cost a head each. The exit's words
    are held against the whole model's own (distillation: what agrees with the whole model is what a draft is for), which is
    not drawn towards them."""
    states, at = states_of(model, rows, run), targets != not_learned
    whole = model.head(states[-1][at])  # [learned, vocabulary]
    loss = F.cross_entropy(whole, targets[at])
    if not run['exits']:
        return loss
    early = model.head(states[run['exits'][step % len(run['exits'])]][at])
    distance = -(F.softmax(whole.detach(), dim=-1) * F.log_softmax(early, dim=-1)).sum(-1).mean()
    return loss + run['exitWeight'] * distance


def states_of(model, rows, run):
    """What stands after each block of rows [batch, time + 1]."""
    ids = rows[:, :-1] & ~given_bit
    if not run['apart']:
        return model.states(ids)
    ends = (ids == run['config']['eos_token_id']).long()
    document = ends.cumsum(1) - ends
    return model.states(ids, document[:, :, None] != document[:, None, :])


def targets_of(rows, run):
    """What is to be foretold [batch, time]. What is given does not count; nor, where documents are apart, how the next begins."""
    targets = rows[:, 1:]
    unknown = targets & given_bit != 0
    if run['apart']:
        unknown |= rows[:, :-1] == run['config']['eos_token_id']
    return targets.masked_fill(unknown, not_learned)


def schedule(step, run):
    """Linear warm-up, then a cosine down to a fiftieth of the peak."""
    if step < run['warmup']:
        return (step + 1) / run['warmup']
    progress = (step - run['warmup']) / max(1, run['steps'] - run['warmup'])
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress))


def length_of(config):
    return config['n_positions'] if config['model_type'] == 'gpt2' else config['max_position_embeddings']


def batch(tokens, starts, step, run):
    """The text in its order, once: rows of one context and its next token. Every other row begins where the next
    document begins, as a prompt does; every row where documents are apart."""
    length = length_of(run['config'])
    first = (step * run['batch'] + numpy.arange(run['batch'])) * length
    aligned = slice(None, None, 1 if run['apart'] else 2)
    first[aligned] = starts[numpy.searchsorted(starts, first[aligned])]
    return torch.from_numpy(tokens[first[:, None] + numpy.arange(length + 1)].astype(numpy.int64))  # [batch, time + 1]


def export(model, state, run, work, out):
    """Rounds the weights to F16, writes them, and reports on the rounded model."""
    os.makedirs(out, exist_ok=True)
    save_safetensors(os.path.join(out, 'model.safetensors'), model.tensors(), 'F16')
    write_json(os.path.join(out, 'config.json'), run['config'])
    model.load_tensors({name: value.detach().half().float() for name, value in model.tensors().items()})
    report = {
        'parameters': sum(value.numel() for value in model.tensors().values()),
        'steps': state['step'],
        'tokens': state['step'] * run['batch'] * length_of(run['config']),
        'seconds': round(state['seconds']),
        'threads': state['threads'],
        'heldOut': {kind: held_out(model, work, run, kind) for kind in run['kinds']},
        'general': general(model, work),
        'exits': [{'layers': exit, **exit_figures(model, work, run, exit)} for exit in run['exits']],
        'answers': answers(model, work),
        'samples': [{'prompt': each['text'], 'ids': sample(model, each['ids'], run)} for each in run['prompts']],
    }
    write_json(os.path.join(work, 'report.json'), report)
    print(json.dumps({'heldOut': report['heldOut'], 'general': report['general'], 'exits': report['exits']}), flush=True)


@torch.no_grad()
def held_out(model, work, run, kind):
    """Mean next-token cross-entropy in nats over the documents that training has not seen."""
    total = count = 0
    for rows in held_out_windows(model, work, kind):
        logits, targets = model.head(states_of(model, rows, run)[-1]), targets_of(rows, run)
        total += summed(logits, targets)
        count += (targets != not_learned).sum().item()
    return round(total / count, 4)


@torch.no_grad()
def general(model, work):
    """Of the general text: rows as a tab measures them, whose first tokens nothing foretells."""
    with open(os.path.join(work, 'general.json')) as file:
        rows = json.load(file)
    total = count = 0
    for row in rows:
        tokens, begin = torch.tensor([row['tokens']]), row['countFrom']
        total += summed(model(tokens[:, :-1])[:, begin - 1 :], tokens[:, begin:])
        count += tokens.shape[1] - begin
    return round(total / count, 4)


@torch.no_grad()
def answers(model, work):
    """The share of questions, by what they are about, whose answer is the likeliest, token for token."""
    with open(os.path.join(work, 'questions.json')) as file:
        asked = json.load(file)
    right = {}
    for each in asked:
        ids, begin = torch.tensor([each['ids']]), each['answerFrom']
        said = model(ids[:, :-1])[:, begin - 1 :].argmax(-1)
        right.setdefault(each['about'], []).append(bool((said == ids[:, begin:]).all()))
    return {about: round(sum(each) / len(each), 4) for about, each in right.items()}


@torch.no_grad()
def exit_figures(model, work, run, exit):
    """Of the first `exit` layers alone, over all kinds: the loss, and the share of positions at which the likeliest word is the
    whole model's."""
    loss = agreed = count = 0
    for rows in (rows for kind in run['kinds'] for rows in held_out_windows(model, work, kind)):
        states, targets = states_of(model, rows, run), targets_of(rows, run)
        early, whole = model.head(states[exit]), model.head(states[-1])
        loss += summed(early, targets)
        agreed += ((early.argmax(-1) == whole.argmax(-1)) & (targets != not_learned)).sum().item()
        count += (targets != not_learned).sum().item()
    return {'loss': round(loss / count, 4), 'agreement': round(agreed / count, 4)}


def summed(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction='sum').item()


def held_out_windows(model, work, kind):
    tokens = numpy.fromfile(os.path.join(work, f'heldout-{kind}.bin'), numpy.uint16).astype(numpy.int64)
    length = length_of(model.config)
    return [torch.from_numpy(tokens[at : at + length + 1])[None] for at in range(0, len(tokens) - 1, length)]


@torch.no_grad()
def sample(model, prompt, run, tokens=60, temperature=0.7):
    """Continues a prompt until the document ends or the tokens run out."""
    ids, draw = list(prompt), torch.Generator().manual_seed(run['seed'])
    for _ in range(tokens):
        logits = model(torch.tensor([ids[-length_of(model.config) :]]))[0, -1]
        ids.append(int(torch.multinomial(torch.softmax(logits / temperature, -1), 1, generator=draw)))
        if ids[-1] == model.config['eos_token_id']:
            return ids[:-1]
    return ids


def write_json(path, value):
    write_atomically(path, (json.dumps(value, indent=2) + '\n').encode())


if __name__ == '__main__':
    main()
