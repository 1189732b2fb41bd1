"""LLaMA as Hugging Face lays it out, in one page of PyTorch: rotary positions (the two halves of a head are turned against each
other), RMS norm before each block, a gated SiLU, no biases, weights of linear layers as [out, in], output layer tied to the
embedding. `tensors()` has the names of `LlamaForCausalLM`. Positions are relative, so what is learned of four patches
behind their place holds wherever in a text they stand."""
import math

import torch
from torch import nn
from torch.nn import functional as F


class Llama(nn.Module):
    def __init__(self, config, made_of=()):
        super().__init__()
        self.config = config
        self.embedding = Embedding(config['vocab_size'], config['hidden_size'], made_of)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config['num_hidden_layers']))
        self.norm = RMSNorm(config)
        length = config['max_position_embeddings']
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
        self.register_buffer('future', future, persistent=False)

    def forward(self, ids):  # [batch, time] -> logits [batch, time, vocabulary]
        return self.head(self.states(ids)[-1])

    def states(self, ids, apart=None):
        """What stands after each layer, [batch, time, width] each; the embedding is the first of them. `apart` [batch, time, time]
        is true where one token is not to see another, of another document."""
        time = ids.shape[1]
        unseen = self.future[:time, :time] if apart is None else (self.future[:time, :time] | apart)[:, None]
        turns = turns_of(time, self.config)
        states = [F.embedding(ids, self.embedding.weight())]
        for layer in self.layers:
            states.append(layer(states[-1], turns, unseen))
        return states

    def head(self, state):
        """The logits of a state [..., width], after whichever layer: the last norm and the embedding serve them all."""
        return F.linear(self.norm(state), self.embedding.weight())

    def matrices(self):
        """Those inside the layers."""
        return [parameter for parameter in self.layers.parameters() if parameter.dim() == 2]

    def tensors(self):
        """Every weight by the name that its file gives it."""
        named = {'model.embed_tokens.weight': self.embedding.weight()}
        for name, value in self.state_dict().items():
            if not name.startswith('embedding.'):
                named['model.' + name] = value
        return named

    def load_tensors(self, tensors):
        """Takes the weights of a file; the embedding is one table from then on."""
        table = tensors['model.embed_tokens.weight']
        self.embedding.set(table)
        own = {f'embedding.{name}': value for name, value in self.embedding.state_dict().items()}
        rest = {name[len('model.') :]: value for name, value in tensors.items() if value is not table}
        self.load_state_dict({**own, **rest})


class Embedding(nn.Module):
    """A vector for each token. The last ones may be made of others' (a patch: of the words for its shape and its colour, and of a
    vector that all upper left quarters share): then each is the sum of those and one of its own, so that what is learned of one
    red patch is learned of all. It is a way to train: a file holds the sums.
    made_of: for each of the last tokens the rows, of the other tokens and of shared vectors behind them."""

    def __init__(self, vocabulary, width, made_of):
        super().__init__()
        self.others = others = vocabulary - len(made_of)
        shared = max((row for rows in made_of for row in rows), default=others - 1) + 1 - others
        std = width**-0.5  # wide: rare words stay apart
        self.parts = nn.Parameter(torch.randn(others + shared, width) * std)
        self.own = nn.Parameter(torch.zeros(len(made_of), width))
        recipe = torch.zeros(len(made_of), others + shared)
        for token, rows in enumerate(made_of):
            recipe[token, rows] = 1.0
        self.register_buffer('recipe', recipe, persistent=False)

    def weight(self):  # [vocabulary, width]
        if len(self.own) == 0:
            return self.parts
        return torch.cat([self.parts[: self.others], self.recipe @ self.parts + self.own])

    def set(self, table):
        self.parts, self.own = nn.Parameter(table), nn.Parameter(table[:0])


class RMSNorm(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(config['hidden_size']))
        self.epsilon = config['rms_norm_eps']

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight


def turns_of(time, config):
    """Cosine and sine [time, head width / 2] by which a head's pairs are turned."""
    width = config['hidden_size'] // config['num_attention_heads']
    angles = torch.arange(time)[:, None] * config['rope_theta'] ** (-torch.arange(0, width, 2) / width)
    return angles.cos(), angles.sin()


def turned(x, turns):  # [batch, head, time, head width]
    (cos, sin), (first, second) = turns, x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads, width = config['num_attention_heads'], config['hidden_size']
        self.q_proj, self.k_proj, self.v_proj = (linear(width, width) for _ in range(3))
        self.o_proj = linear(width, width, config['num_hidden_layers'])

    def forward(self, x, turns, unseen):  # [batch, time, width]
        batch, time, width = x.shape
        heads = lambda part: part.view(batch, time, self.heads, -1).transpose(1, 2)  # [batch, head, time, head width]
        query, key, value = turned(heads(self.q_proj(x)), turns), turned(heads(self.k_proj(x)), turns), heads(self.v_proj(x))
        scores = query @ key.transpose(2, 3) / math.sqrt(query.shape[3])
        mixed = F.softmax(scores.masked_fill(unseen, -math.inf), dim=-1) @ value
        return self.o_proj(mixed.transpose(1, 2).reshape(batch, time, width))


class MLP(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, inner = config['hidden_size'], config['intermediate_size']
        self.gate_proj, self.up_proj = linear(width, inner), linear(width, inner)
        self.down_proj = linear(inner, width, config['num_hidden_layers'])

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.input_layernorm, self.self_attn = RMSNorm(config), Attention(config)
        self.post_attention_layernorm, self.mlp = RMSNorm(config), MLP(config)

    def forward(self, x, turns, unseen):
        x = x + self.self_attn(self.input_layernorm(x), turns, unseen)
        return x + self.mlp(self.post_attention_layernorm(x))


def linear(inputs, outputs, layers=None):
    """`layers`, where the result is added to what all of them add to: smaller the more there are."""
    made = nn.Linear(inputs, outputs, bias=False)
    nn.init.normal_(made.weight, std=0.02 if layers is None else 0.02 / math.sqrt(2 * layers))
    return made
