"""GPT-2 as Hugging Face lays it out, in one page of PyTorch: learned positions, layer norm before each block, gelu with
tanh ("gelu_new"), weights of linear layers as [in, out], output layer tied to the embedding. The names of the parameters
are those of `GPT2Model`, so a state dict is what `model.safetensors` holds."""
import json
import math
import os

import torch
from torch import nn
from torch.nn import functional as F

from weights import load_safetensors


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

    def forward(self, x):  # [batch, time, width]
        batch, time, width = x.shape
        heads = lambda part: part.view(batch, time, self.heads, -1).transpose(1, 2)  # [batch, head, time, width / head]
        query, key, value = map(heads, self.c_attn(x).split(width, dim=2))
        scores = query @ key.transpose(2, 3) / math.sqrt(query.shape[3])
        scores = scores + self.future[:time, :time]
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

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
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

    def states(self, ids):
        """What stands after each block, [batch, time, width] each; the embedding is the first of them."""
        states = [self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))]
        for block in self.h:
            states.append(block(states[-1]))
        return states

    def head(self, state):
        """The logits of a state, after whichever block: the last norm and the embedding serve them all."""
        return F.linear(self.ln_f(state), self.wte.weight)

    def matrices(self):
        """Those inside the blocks."""
        return [parameter for parameter in self.h.parameters() if parameter.dim() == 2]

    def tensors(self):
        """Every weight by the name that its file gives it."""
        return self.state_dict()

    def load_tensors(self, tensors):
        self.load_state_dict(tensors)


def load_model(directory):
    """A model from its Hugging Face directory, in F32."""
    with open(os.path.join(directory, 'config.json')) as file:
        model = GPT2(json.load(file))
    model.load_tensors(load_safetensors(os.path.join(directory, 'model.safetensors')))
    return model.eval()
