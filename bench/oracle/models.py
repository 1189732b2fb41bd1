"""GPT-2, LLaMA and Qwen as published, each as one function from token ids to logits. The weights are a dictionary under the
names that Hugging Face's files give them, and no module holds any state: what is computed stands here and nowhere else.

Every linear layer of a block goes through `linear(x, layer)`, so that whoever calls may add an adapter to it.

Sources: Radford et al., Language Models are Unsupervised Multitask Learners (GPT-2). Touvron et al., arXiv 2302.13971
(LLaMA); Zhang and Sennrich, arXiv 1910.07467 (RMSNorm); Su et al., arXiv 2104.09864 (RoPE); Shazeer, arXiv 2002.05202
(SwiGLU); Ainslie et al., arXiv 2305.13245 (grouped queries); Meta's Llama 3.1 model code (stretched RoPE); the Qwen team,
arXiv 2407.10671 (Qwen2: biases of q, k and v) and arXiv 2505.09388 (Qwen3: norms of queries and keys)."""
import math

import torch
from torch.nn import functional as F


def gpt2(weights, config, ids, linear):
    """ids [batch, time] -> logits [batch, time, vocabulary]. Linear weights are Conv1D: [in, out]."""
    heads, eps = config['n_head'], config['layer_norm_epsilon']

    def norm(x, name):
        return F.layer_norm(x, x.shape[-1:], weights[f'{name}.weight'], weights[f'{name}.bias'], eps)

    x = weights['wte.weight'][ids] + weights['wpe.weight'][: ids.shape[1]]  # [batch, time, channel]
    for index in range(config['n_layer']):
        block = f'h.{index}'
        qkv = linear(norm(x, f'{block}.ln_1'), f'{block}.attn.c_attn')
        query, key, value = (split_heads(part, heads) for part in qkv.chunk(3, dim=-1))
        x = x + linear(attention(query, key, value), f'{block}.attn.c_proj')
        inner = F.gelu(linear(norm(x, f'{block}.ln_2'), f'{block}.mlp.c_fc'), approximate='tanh')
        x = x + linear(inner, f'{block}.mlp.c_proj')
    return norm(x, 'ln_f') @ weights['wte.weight'].T


def llama(weights, config, ids, linear):
    """ids [batch, time] -> logits [batch, time, vocabulary]. Linear weights are [out, in]; where there are biases, as Qwen2's
    q, k and v have them, `linear` adds them, and where there are gains for it, as in a Qwen3, each head of queries and keys
    is normalised by itself before it turns."""
    heads, groups, eps = config['num_attention_heads'], config['num_key_value_heads'], config['rms_norm_eps']

    def norm(x, name):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + eps) * weights[f'{name}.weight']

    angles = rotary_angles(config, ids.shape[1])  # [time, head channel / 2]
    x = weights['model.embed_tokens.weight'][ids]  # [batch, time, channel]
    for index in range(config['num_hidden_layers']):
        block = f'model.layers.{index}'
        attended = norm(x, f'{block}.input_layernorm')
        query = split_heads(linear(attended, f'{block}.self_attn.q_proj'), heads)
        key = split_heads(linear(attended, f'{block}.self_attn.k_proj'), groups)
        if f'{block}.self_attn.q_norm.weight' in weights:
            query, key = norm(query, f'{block}.self_attn.q_norm'), norm(key, f'{block}.self_attn.k_norm')
        query, key = rotate(query, angles), rotate(key, angles)
        value = split_heads(linear(attended, f'{block}.self_attn.v_proj'), groups)
        # Query head h looks at key head h // (heads / groups).
        key, value = (part.repeat_interleave(heads // groups, dim=1) for part in (key, value))
        x = x + linear(attention(query, key, value), f'{block}.self_attn.o_proj')
        normed = norm(x, f'{block}.post_attention_layernorm')
        gate = F.silu(linear(normed, f'{block}.mlp.gate_proj'))
        x = x + linear(gate * linear(normed, f'{block}.mlp.up_proj'), f'{block}.mlp.down_proj')
    head = 'model.embed_tokens.weight' if config['tie_word_embeddings'] else 'lm_head.weight'
    return norm(x, 'model.norm') @ weights[head].T


def split_heads(x, heads):
    """[batch, time, channel] -> [batch, head, time, head channel]"""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def attention(query, key, value):
    """Causal softmax attention; [batch, head, time, head channel] -> [batch, time, channel]."""
    time, size = query.shape[-2:]
    future = torch.ones(time, time, dtype=torch.bool).triu(1)
    scores = (query @ key.transpose(-1, -2) / math.sqrt(size)).masked_fill(future, -math.inf)
    return (scores.softmax(dim=-1) @ value).transpose(1, 2).flatten(-2)


def head_width(config):
    return config.get('head_dim') or config['hidden_size'] // config['num_attention_heads']


def rotary_angles(config, time):
    """The angle of each position and pair of channels, [time, head channel / 2]."""
    size = head_width(config)
    frequencies = [config['rope_theta'] ** (-2 * pair / size) for pair in range(size // 2)]
    if config.get('rope_scaling'):
        frequencies = [stretched(frequency, config['rope_scaling']) for frequency in frequencies]
    return torch.outer(torch.arange(time, dtype=torch.float64), torch.tensor(frequencies, dtype=torch.float64))


def stretched(frequency, scaling):
    """Llama 3's rule: long waves are stretched by `factor`, short ones kept, those between are blended."""
    turns = scaling['original_max_position_embeddings'] * frequency / (2 * math.pi)  # within the original context
    low, high = scaling['low_freq_factor'], scaling['high_freq_factor']
    kept = min(1, max(0, (turns - low) / (high - low)))
    return frequency * (kept + (1 - kept) / scaling['factor'])


def rotate(x, angles):
    """Channel i turns with channel i + size / 2 ("rotate half"), as Hugging Face's weights expect."""
    cosine, sine = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cosine - second * sine, second * cosine + first * sine), dim=-1)
