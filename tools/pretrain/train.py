"""Trains a GPT-2 from scratch on the token files that `pretrain.ts` has written, and writes the model directory.

    python3 train.py --work .checkpoints/toy --out public/models/toy [--resume] [--export-only]

The run is described by `run.json` in the work directory. A checkpoint is written every few minutes and at the end; with
`--resume` training goes on from it, with the same batches as if it had never stopped. `--export-only` writes the model
directory from the last checkpoint without training."""
import argparse
import json
import math
import os
import time

import numpy
import torch

from gpt2 import GPT2, cross_entropy, given, learned, save_safetensors, write_atomically

checkpoint_seconds = 180


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--work', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--resume', action='store_true')
    parser.add_argument('--export-only', action='store_true')
    options = parser.parse_args()
    with open(os.path.join(options.work, 'run.json')) as file:
        run = json.load(file)

    torch.manual_seed(run['seed'])
    model = GPT2(run['config'])
    optimizer = optimizer_of(model, run)
    state = {'step': 0, 'seconds': 0.0}
    checkpoint = os.path.join(options.work, 'checkpoint.pt')
    if (options.resume or options.export_only) and os.path.exists(checkpoint):
        saved = torch.load(checkpoint)
        model.load_state_dict(saved['model'])
        optimizer.load_state_dict(saved['optimizer'])
        state = saved['state']
    if not options.export_only:
        train(model, optimizer, state, run, options.work, checkpoint)
    export(model, state, run, options.work, options.out)


def optimizer_of(model, run):
    """AdamW; matrices decay, biases and norms do not."""
    parameters = list(model.parameters())
    return torch.optim.AdamW(
        [
            {'params': [p for p in parameters if p.dim() > 1], 'weight_decay': run['weightDecay']},
            {'params': [p for p in parameters if p.dim() == 1], 'weight_decay': 0.0},
        ],
        betas=(0.9, 0.98),
    )


def train(model, optimizer, state, run, work, checkpoint):
    tokens = numpy.fromfile(os.path.join(work, 'train.bin'), numpy.uint16)
    starts = numpy.flatnonzero(tokens == run['config']['eos_token_id']) + 1
    began, saved, mean = time.time() - state['seconds'], time.time(), None
    while state['step'] < run['steps']:
        for group in optimizer.param_groups:
            group['lr'] = learning_rate(state['step'], run)
        loss = loss_of(model, batch(tokens, starts, state['step'], run), state['step'], run)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        state['step'] += 1
        state['seconds'] = time.time() - began
        mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
        if state['step'] % 100 == 0:
            speed = state['step'] * run['batch'] * run['config']['n_positions'] / state['seconds']
            print(f"step {state['step']} loss {mean:.3f} {speed:.0f} tokens/s", flush=True)
        if time.time() - saved > checkpoint_seconds or state['step'] == run['steps']:
            saved = time.time()
            torch.save(
                {'model': model.state_dict(), 'optimizer': optimizer.state_dict(), 'state': state},
                checkpoint + '.part',
            )
            os.replace(checkpoint + '.part', checkpoint)


def loss_of(model, rows, step, run):
    """One exit a step, in turn: all of them at once would cost a head each."""
    states, targets = read(model, rows, run)
    exits = run['exits']
    if not exits:
        return cross_entropy(model.head(states[-1]), targets, 'mean')
    return model.loss_with_exit(states, targets, exits[step % len(exits)], run['exitWeight'])


def read(model, rows, run):
    """What stands after each block of rows [batch, time + 1], and what is to be learned there."""
    ids, targets = rows[:, :-1], learned(rows, run['givenFrom'])
    if not run['apart']:
        return model.states(ids), targets
    end = run['config']['eos_token_id']
    # Nothing foretells how the next document begins.
    return model.states(ids, layout_of(ids, end)), targets.masked_fill(ids == end, given)


def layout_of(ids, end):
    """Positions [batch, time], and what lies in another document [batch, time, time]. Every other document begins at position 0, as
    a text does that somebody asks about; the others stand where they stand in their row, so that later positions are learned, too."""
    ends = (ids == end).long()
    document = ends.cumsum(1) - ends
    index = torch.arange(ids.shape[1]).expand_as(ids)
    first = torch.where((document != document.roll(1, 1)) & (index > 0), index, 0).cummax(1).values
    return index - first * (document % 2), document[:, :, None] != document[:, None, :]


def learning_rate(step, run):
    """Linear warm-up, then a cosine down to a fiftieth of the peak."""
    if step < run['warmup']:
        return run['learningRate'] * (step + 1) / run['warmup']
    progress = (step - run['warmup']) / max(1, run['steps'] - run['warmup'])
    return run['learningRate'] * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))


def batch(tokens, starts, step, run):
    """The text in its order, once: rows of one context and its next token. Every other row begins where the next
    document begins, as a prompt does; every row where documents are apart."""
    length = run['config']['n_positions']
    first = (step * run['batch'] + numpy.arange(run['batch'])) * length
    aligned = slice(None, None, 1 if run['apart'] else 2)
    first[aligned] = starts[numpy.searchsorted(starts, first[aligned])]
    return torch.from_numpy(tokens[first[:, None] + numpy.arange(length + 1)].astype(numpy.int64))  # [batch, time + 1]


def export(model, state, run, work, out):
    """Rounds the weights to F16, writes them, and reports on the rounded model."""
    os.makedirs(out, exist_ok=True)
    save_safetensors(os.path.join(out, 'model.safetensors'), model.state_dict(), 'F16')
    write_json(os.path.join(out, 'config.json'), run['config'])
    model.load_state_dict({name: value.half().float() for name, value in model.state_dict().items()})
    model.eval()
    report = {
        'parameters': sum(p.numel() for p in model.parameters()),
        'steps': state['step'],
        'tokens': state['step'] * run['batch'] * run['config']['n_positions'],
        'seconds': round(state['seconds']),
        'threads': torch.get_num_threads(),
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
        states, targets = read(model, rows, run)
        total += cross_entropy(model.head(states[-1]), targets, 'sum').item()
        count += (targets != given).sum().item()
    return round(total / count, 4)


@torch.no_grad()
def general(model, work):
    """Of the general text: rows as a tab measures them, whose first tokens nothing foretells."""
    with open(os.path.join(work, 'general.json')) as file:
        rows = json.load(file)
    total = count = 0
    for row in rows:
        tokens, begin = torch.tensor([row['tokens']]), row['countFrom']
        total += cross_entropy(model(tokens[:, :-1])[:, begin - 1 :], tokens[:, begin:], 'sum').item()
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
        states, targets = read(model, rows, run)
        early, whole = model.head(states[exit]), model.head(states[-1])
        loss += cross_entropy(early, targets, 'sum').item()
        agreed += ((early.argmax(-1) == whole.argmax(-1)) & (targets != given)).sum().item()
        count += (targets != given).sum().item()
    return {'loss': round(loss / count, 4), 'agreement': round(agreed / count, 4)}


def held_out_windows(model, work, kind):
    tokens = numpy.fromfile(os.path.join(work, f'heldout-{kind}.bin'), numpy.uint16).astype(numpy.int64)
    length = model.config['n_positions']
    return [torch.from_numpy(tokens[at : at + length + 1])[None] for at in range(0, len(tokens) - 1, length)]


@torch.no_grad()
def sample(model, prompt, run, tokens=60, temperature=0.7):
    """Continues a prompt until the document ends or the tokens run out."""
    ids, draw = list(prompt), torch.Generator().manual_seed(run['seed'])
    for _ in range(tokens):
        logits = model(torch.tensor([ids[-model.config['n_positions'] :]]))[0, -1]
        ids.append(int(torch.multinomial(torch.softmax(logits / temperature, -1), 1, generator=draw)))
        if ids[-1] == model.config['eos_token_id']:
            return ids[:-1]
    return ids


def write_json(path, value):
    write_atomically(path, (json.dumps(value, indent=2) + '\n').encode())


if __name__ == '__main__':
    main()
