"""The checkpoints that the oracle makes, as data: shapes and settings of each, drawn weights, and what is asked of it.
Between them they hold the variants that a loader meets: F32, F16, BF16; one file and shards with an index; names with
and without a leading `transformer.`; tied and untied heads; plain and stretched RoPE; inner widths of several kinds; heads
that are wider than the model's width divided by their number; windows that are named and do not slide."""
from dataclasses import dataclass

import torch

from files import letters
from models import head_width

vocabulary = len(letters) + 1


@dataclass
class Model:
    """A checkpoint and what is asked of it. `cases` are the lists of targets that are trained."""

    name: str
    seed: int
    config: dict
    dtype: torch.dtype
    rank: int
    alpha: int
    cases: list
    training: dict
    sequence: int
    prefix: str = ''  # of all names
    shards: int = 1
    ragged: bool = False  # whether it is also trained on rows of unequal length

    @property
    def conv1d(self):
        return self.config['model_type'] == 'gpt2'

    @property
    def blocks(self):
        return 'h' if self.conv1d else 'model.layers'

    def adapter_name(self, layer, factor):
        return f'base_model.model.{"transformer." if self.conv1d else ""}{layer}.lora_{factor}.weight'


def gpt2_config(**changes):
    return {
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
        'vocab_size': vocabulary,
        **changes,
    }


def llama_config(**changes):
    return {
        'architectures': ['LlamaForCausalLM'],
        'model_type': 'llama',
        'attention_bias': False,
        'bos_token_id': 0,
        'eos_token_id': 0,
        'hidden_act': 'silu',
        'hidden_size': 32,
        'intermediate_size': 48,
        'max_position_embeddings': 64,
        'mlp_bias': False,
        'num_attention_heads': 4,
        'num_hidden_layers': 2,
        'num_key_value_heads': 2,
        'rms_norm_eps': 1e-5,
        'rope_scaling': None,
        'rope_theta': 10000.0,
        'tie_word_embeddings': False,
        'vocab_size': vocabulary,
        **changes,
    }


def qwen_config(kind, **changes):
    """As Qwen's own files say it; the window is shorter than the context, and switched off."""
    return {
        'architectures': [f'Qwen{kind}ForCausalLM'],
        'model_type': f'qwen{kind}',
        'attention_dropout': 0.0,
        'bos_token_id': 0,
        'eos_token_id': 0,
        'hidden_act': 'silu',
        'hidden_size': 32,
        'initializer_range': 0.02,
        'intermediate_size': 48,
        'max_position_embeddings': 64,
        'max_window_layers': 1,
        'num_attention_heads': 4,
        'num_hidden_layers': 2,
        'num_key_value_heads': 2,
        'rms_norm_eps': 1e-6,
        'rope_theta': 1000000.0,
        'sliding_window': 8,
        'tie_word_embeddings': True,
        'use_sliding_window': False,
        'vocab_size': vocabulary,
        **({'attention_bias': False, 'head_dim': 16, 'rope_scaling': None} if kind == 3 else {'use_mrope': False}),
        **changes,
    }


# Four frequencies a head: with theta 100 the first is kept, the second blended, the others stretched.
llama3_scaling = {
    'rope_type': 'llama3',
    'factor': 8.0,
    'low_freq_factor': 1.0,
    'high_freq_factor': 4.0,
    'original_max_position_embeddings': 32,
}
seven = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']

models = [
    Model(
        name='gpt2',
        seed=1,
        config=gpt2_config(),
        dtype=torch.float32,
        rank=2,
        alpha=4,
        cases=[['c_attn'], ['c_attn', 'c_proj', 'c_fc']],
        training={'learningRate': 1e-2, 'batch': 2, 'time': 16, 'steps': 20},
        sequence=24,
        ragged=True,
    ),
    Model(
        name='gpt2-prefixed',
        seed=2,
        config=gpt2_config(n_embd=32, n_inner=64, n_layer=1, n_ctx=64, n_positions=64),
        dtype=torch.float16,
        rank=3,
        alpha=4,
        cases=[['c_proj']],
        training={'learningRate': 5e-3, 'batch': 3, 'time': 20, 'steps': 20},
        sequence=40,
        prefix='transformer.',
    ),
    Model(
        name='llama-untied',
        seed=3,
        config=llama_config(num_hidden_layers=1),
        dtype=torch.bfloat16,
        rank=4,
        alpha=8,
        cases=[['q_proj', 'v_proj'], ['gate_proj']],
        training={'learningRate': 1e-2, 'batch': 2, 'time': 16, 'steps': 20},
        sequence=40,
    ),
    Model(
        name='llama-tied-sharded',
        seed=4,
        config=llama_config(
            intermediate_size=40, tie_word_embeddings=True, rope_theta=100.0, rope_scaling=llama3_scaling
        ),
        dtype=torch.float16,
        rank=2,
        alpha=4,
        cases=[seven, ['k_proj', 'o_proj', 'down_proj']],
        training={'learningRate': 1e-2, 'batch': 3, 'time': 20, 'steps': 20},
        sequence=40,
        shards=2,
    ),
    Model(
        name='qwen2-tied-sharded',
        seed=5,
        config=qwen_config(2),
        dtype=torch.bfloat16,
        rank=2,
        alpha=4,
        cases=[seven, ['k_proj', 'down_proj']],
        training={'learningRate': 1e-2, 'batch': 3, 'time': 20, 'steps': 20},
        sequence=40,
        shards=2,
    ),
    Model(
        name='qwen2-untied',
        seed=6,
        config=qwen_config(2, num_hidden_layers=1, num_attention_heads=2, tie_word_embeddings=False),
        dtype=torch.float16,
        rank=3,
        alpha=6,
        cases=[['q_proj', 'v_proj']],
        training={'learningRate': 1e-2, 'batch': 2, 'time': 16, 'steps': 20},
        sequence=40,
    ),
    Model(
        name='qwen3-tied-sharded',
        seed=7,
        config=qwen_config(3),
        dtype=torch.bfloat16,
        rank=2,
        alpha=4,
        cases=[seven, ['q_proj'], ['k_proj', 'o_proj', 'down_proj']],
        training={'learningRate': 1e-2, 'batch': 3, 'time': 20, 'steps': 20},
        sequence=40,
        shards=3,
    ),
    Model(
        name='qwen3-untied',
        seed=8,
        config=qwen_config(3, num_hidden_layers=1, num_key_value_heads=1, head_dim=12, tie_word_embeddings=False),
        dtype=torch.bfloat16,
        rank=3,
        alpha=6,
        cases=[['q_proj', 'v_proj']],
        training={'learningRate': 1e-2, 'batch': 2, 'time': 16, 'steps': 20},
        sequence=40,
    ),
]


def linear_shapes(config):
    """Of one block: layer names and [in, out]."""
    if config['model_type'] == 'gpt2':
        width = config['n_embd']
        inner = config['n_inner'] or 4 * width
        return {
            'attn.c_attn': (width, 3 * width),
            'attn.c_proj': (width, width),
            'mlp.c_fc': (width, inner),
            'mlp.c_proj': (inner, width),
        }
    width, inner = config['hidden_size'], config['intermediate_size']
    queries, grouped = (head_width(config) * config[f'num_{kind}_heads'] for kind in ('attention', 'key_value'))
    return {
        'self_attn.q_proj': (width, queries),
        'self_attn.k_proj': (width, grouped),
        'self_attn.v_proj': (width, grouped),
        'self_attn.o_proj': (queries, width),
        'mlp.gate_proj': (width, inner),
        'mlp.up_proj': (width, inner),
        'mlp.down_proj': (inner, width),
    }


def weight_shapes(config):
    """Every tensor of the checkpoint."""
    linears = linear_shapes(config)
    shapes = {}
    if config['model_type'] == 'gpt2':
        width = config['n_embd']

        def with_bias(name, *shape):
            shapes[f'{name}.weight'], shapes[f'{name}.bias'] = shape, shape[-1:]

        shapes['wte.weight'] = (vocabulary, width)
        shapes['wpe.weight'] = (config['n_positions'], width)
        for block in (f'h.{index}' for index in range(config['n_layer'])):
            with_bias(f'{block}.ln_1', width)
            with_bias(f'{block}.attn.c_attn', *linears['attn.c_attn'])
            with_bias(f'{block}.attn.c_proj', *linears['attn.c_proj'])
            with_bias(f'{block}.ln_2', width)
            with_bias(f'{block}.mlp.c_fc', *linears['mlp.c_fc'])
            with_bias(f'{block}.mlp.c_proj', *linears['mlp.c_proj'])
        with_bias('ln_f', width)
        return shapes
    width = config['hidden_size']
    shapes['model.embed_tokens.weight'] = (vocabulary, width)
    for block in (f'model.layers.{index}' for index in range(config['num_hidden_layers'])):
        shapes[f'{block}.input_layernorm.weight'] = (width,)
        for layer, (inputs, outputs) in linears.items():
            shapes[f'{block}.{layer}.weight'] = (outputs, inputs)
            if config['model_type'] == 'qwen2' and layer[-6:] in ('q_proj', 'k_proj', 'v_proj'):
                shapes[f'{block}.{layer}.bias'] = (outputs,)
        if config['model_type'] == 'qwen3':
            for part in 'qk':
                shapes[f'{block}.self_attn.{part}_norm.weight'] = (head_width(config),)
        shapes[f'{block}.post_attention_layernorm.weight'] = (width,)
    shapes['model.norm.weight'] = (width,)
    if not config['tie_word_embeddings']:
        shapes['lm_head.weight'] = (vocabulary, width)
    return shapes


def draw_weights(model, generator):
    """Every tensor random, gains and biases too, so that no mistake with one of them stays hidden; in the stored type."""
    width = model.config['n_embd' if model.conv1d else 'hidden_size']

    def draw(name, shape):
        gain = name.endswith('.weight') and len(shape) == 1
        return (torch.randn(shape, generator=generator) * (1.2 / width**0.5) + gain).to(model.dtype)

    return {name: draw(name, shape) for name, shape in weight_shapes(model.config).items()}


def draw_adapter(model, generator):
    """A uniform in ±1/sqrt(in) as in PEFT; B is not zero, or the first gradient of A would be."""
    targets = {target for case in model.cases for target in case}
    blocks = model.config['n_layer' if model.conv1d else 'num_hidden_layers']
    adapter = {}
    for index in range(blocks):
        for layer, (inputs, outputs) in linear_shapes(model.config).items():
            if layer.split('.')[-1] in targets:
                name = f'{model.blocks}.{index}.{layer}'
                a = (torch.rand(model.rank, inputs, generator=generator) * 2 - 1) / inputs**0.5
                adapter[model.adapter_name(name, 'A')] = a
                adapter[model.adapter_name(name, 'B')] = torch.randn(outputs, model.rank, generator=generator) * 0.1
    return adapter
