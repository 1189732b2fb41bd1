"""GPT-2 as Hugging Face lays it out, in one page of PyTorch: learned positions, layer norm before each block, gelu with
tanh ("gelu_new"), weights of linear layers as [in, out], output layer tied to the embedding. The names of the parameters
are those of `GPT2Model`, so a state dict is what `model.safetensors` holds. Safetensors files are read and written here
too, canonically: names sorted, no gaps, header padded to a multiple of eight."""
import json
import math
import os
import struct

import numpy
import torch
from torch import nn
from torch.nn import functional as F

dtypes = {'F16': numpy.float16, 'F32': numpy.float32}


class Conv1D(nn.Module):
    """A linear layer whose weight is [in, out]."""

    def __init__(self, inputs, outputs, std):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(inputs, outputs) * std)
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return F.linear(x, self.weight.t(), self.bias)


class Attention(nn.Module):
    def __init__(self, config, residual_std):
        super().__init__()
        self.heads, width = config['n_head'], config['n_embd']
        self.c_attn = Conv1D(width, 3 * width, 0.02)
        self.c_proj = Conv1D(width, width, residual_std)
        future = torch.full((config['n_positions'], config['n_positions']), -math.inf).triu(1)
        self.register_buffer('future', future, persistent=False)

    def forward(self, x, apart=None):  # [batch, time, width]; apart [batch, time, time]: what is not to be seen
        batch, time, width = x.shape
        heads = lambda part: part.view(batch, time, self.heads, -1).transpose(1, 2)  # [batch, head, time, width / head]
        query, key, value = map(heads, self.c_attn(x).split(width, dim=2))
        scores = query @ key.transpose(2, 3) / math.sqrt(query.shape[3])
        scores = scores + self.future[:time, :time]
        if apart is not None:
            scores = scores.masked_fill(apart[:, None], -math.inf)
        mixed = F.softmax(scores, dim=-1) @ value
        return self.c_proj(mixed.transpose(1, 2).reshape(batch, time, width))


class MLP(nn.Module):
    def __init__(self, config, residual_std):
        super().__init__()
        width = config['n_embd']
        self.c_fc = Conv1D(width, 4 * width, 0.02)
        self.c_proj = Conv1D(4 * width, width, residual_std)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x), approximate='tanh'))


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        residual_std = 0.02 / math.sqrt(2 * config['n_layer'])
        self.ln_1 = nn.LayerNorm(config['n_embd'], eps=config['layer_norm_epsilon'])
        self.attn = Attention(config, residual_std)
        self.ln_2 = nn.LayerNorm(config['n_embd'], eps=config['layer_norm_epsilon'])
        self.mlp = MLP(config, residual_std)

    def forward(self, x, apart=None):
        x = x + self.attn(self.ln_1(x), apart)
        return x + self.mlp(self.ln_2(x))


class GPT2(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.wte = nn.Embedding(config['vocab_size'], config['n_embd'])
        self.wpe = nn.Embedding(config['n_positions'], config['n_embd'])
        self.h = nn.ModuleList(Block(config) for _ in range(config['n_layer']))
        self.ln_f = nn.LayerNorm(config['n_embd'], eps=config['layer_norm_epsilon'])
        nn.init.normal_(self.wte.weight, std=config['n_embd'] ** -0.5)  # wide: rare words stay apart
        nn.init.normal_(self.wpe.weight, std=0.02)

    def forward(self, ids):  # [batch, time] -> logits [batch, time, vocabulary]
        return self.head(self.states(ids)[-1])

    def states(self, ids, layout=None):
        """What stands after each block, [batch, time, width] each; the embedding is the first of them. `layout` is that of rows
        whose documents are apart; else a row is one text."""
        positions, apart = layout or (torch.arange(ids.shape[1]), None)
        states = [self.wte(ids) + self.wpe(positions)]
        for block in self.h:
            states.append(block(states[-1], apart))
        return states

    def head(self, state):
        """The logits of a state, after whichever block: the last norm and the embedding serve them all."""
        return F.linear(self.ln_f(state), self.wte.weight)

    def loss(self, rows, given_from, reduction='mean'):  # rows [batch, time + 1]
        return cross_entropy(self(rows[:, :-1]), learned(rows, given_from), reduction)

    def loss_with_exit(self, states, targets, exit, weight):
        """The loss, and how far the words after block `exit` are from the whole model's own (distillation: what agrees with
        the whole model is what a draft is for). The whole model is not drawn towards its exits' words."""
        whole, early = self.head(states[-1]), self.head(states[exit])
        own = F.softmax(whole.detach(), dim=-1)
        distance = -(own * F.log_softmax(early, dim=-1)).sum(-1)[targets != given].mean()
        return cross_entropy(whole, targets, 'mean') + weight * distance


given = -100  # a target that does not count; PyTorch's own mark for it


def learned(rows, given_from):
    """The targets of rows [batch, time + 1]; words from `given_from` on, those of pictures, are read and never said."""
    targets = rows[:, 1:]
    return targets.masked_fill(targets >= given_from, given)


def cross_entropy(logits, targets, reduction):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction=reduction, ignore_index=given)


def save_safetensors(path, tensors, dtype):
    header, data = {'__metadata__': {'format': 'pt'}}, b''
    for name in sorted(tensors):
        values = tensors[name].detach().numpy().astype(dtypes[dtype])
        end = len(data) + values.nbytes
        header[name] = {'dtype': dtype, 'shape': list(values.shape), 'data_offsets': [len(data), end]}
        data += values.tobytes()
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    write_atomically(path, struct.pack('<Q', len(text)) + text + data)


def load_safetensors(path):
    with open(path, 'rb') as file:
        blob = file.read()
    size = struct.unpack('<Q', blob[:8])[0]
    header, data = json.loads(blob[8 : 8 + size]), blob[8 + size :]
    header.pop('__metadata__', None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry['data_offsets']
        values = numpy.frombuffer(data[begin:end], dtypes[entry['dtype']]).reshape(entry['shape'])
        tensors[name] = torch.tensor(values.astype(numpy.float32))
    return tensors


def load_model(directory):
    """A model from its Hugging Face directory, in F32."""
    with open(os.path.join(directory, 'config.json')) as file:
        model = GPT2(json.load(file))
    model.load_state_dict(load_safetensors(os.path.join(directory, 'model.safetensors')))
    return model.eval()


def write_atomically(path, data):
    with open(path + '.part', 'wb') as file:
        file.write(data)
    os.replace(path + '.part', path)
