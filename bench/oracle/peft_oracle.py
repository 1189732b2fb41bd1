"""Adapters as PEFT itself saves them, in every form that is read, and what they do to their layers.

    python bench/oracle/peft_oracle.py src/model/fixtures/peft.json

from the repository's root; it needs `peft==0.21.0`, `transformers==5.18.0` and PyTorch. Of each form: the model's sizes, the
adapter's configuration as it was saved, its tensors, and for each layer that PEFT adapts what the adapter adds to the
layer's output for the input x[i] = sin(i).
"""

import json
import sys
import tempfile
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from peft.tuners.lora import LoraLayer
from safetensors.torch import load_file
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

GPT2 = {"vocab_size": 8, "n_positions": 8, "n_embd": 8, "n_layer": 2, "n_head": 2}
LLAMA = {
    "vocab_size": 8,
    "max_position_embeddings": 8,
    "hidden_size": 8,
    "intermediate_size": 12,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
}
FORMS = {
    "plain": ("gpt2", {"target_modules": ["c_attn", "c_proj"]}),
    "usual targets": ("gpt2", {}),
    "usual targets of LLaMA": ("llama", {}),
    "all-linear": ("gpt2", {"target_modules": "all-linear"}),
    "all-linear of LLaMA": ("llama", {"target_modules": "all-linear"}),
    "a pattern": ("llama", {"target_modules": r".*\.(self_attn|mlp)\.(q|up)_proj"}),
    "ends of names": ("gpt2", {"target_modules": ["attn.c_proj", "c_fc"]}),
    "a whole name": ("llama", {"target_modules": ["model.layers.1.self_attn.k_proj"]}),
    "exceptions": ("gpt2", {"target_modules": ["c_proj", "c_fc"], "exclude_modules": ["h.1.mlp.c_proj"]}),
    "a pattern of exceptions": ("llama", {"target_modules": ["v_proj"], "exclude_modules": r".*layers\.0.*"}),
    "one block": ("llama", {"target_modules": ["q_proj"], "layers_to_transform": 1}),
    "some blocks": ("gpt2", {"target_modules": ["c_fc"], "layers_to_transform": [0], "layers_pattern": "h"}),
    "stabilised": ("gpt2", {"target_modules": ["c_attn"], "use_rslora": True}),
    "ranks": (
        "gpt2",
        {
            "target_modules": ["c_attn", "c_proj"],
            "rank_pattern": {"c_attn": 4, r"^transformer\.h\.1\.mlp\.c_proj": 1, "wte": 9},
            "alpha_pattern": {"h.0.attn.c_attn": 3, "mlp.c_proj": 5},
        },
    ),
    "ranks, stabilised": (
        "llama",
        {"target_modules": ["q_proj", "o_proj"], "use_rslora": True, "rank_pattern": {"q_proj": 3}},
    ),
    "gaussian": ("gpt2", {"target_modules": ["c_attn"], "init_lora_weights": "gaussian"}),
    "orthogonal": ("gpt2", {"target_modules": ["c_attn"], "init_lora_weights": "orthogonal"}),
}


def base(family):
    torch.manual_seed(1)
    return (
        GPT2LMHeadModel(GPT2Config(**GPT2)) if family == "gpt2" else LlamaForCausalLM(LlamaConfig(**LLAMA))
    )


def rounded(tensor):
    return [float(f"{value:.6g}") for value in tensor.flatten().tolist()]


def form(family, settings):
    model = get_peft_model(base(family), LoraConfig(r=2, lora_alpha=6, task_type="CAUSAL_LM", **settings))
    torch.manual_seed(2)
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            values = torch.tensor(rounded(torch.randn(parameter.shape) / 4))
            parameter.data = values.reshape(parameter.shape)
    with tempfile.TemporaryDirectory() as directory:
        model.save_pretrained(directory)
        config = json.loads(Path(directory, "adapter_config.json").read_text())
        tensors = load_file(Path(directory, "adapter_model.safetensors"))
        again = PeftModel.from_pretrained(base(family), directory)
        added = {}
        for name, layer in again.base_model.model.named_modules():
            if isinstance(layer, LoraLayer):
                x = torch.sin(torch.arange(layer.in_features, dtype=torch.float32))
                scale = layer.scaling["default"]
                added[name] = rounded(scale * layer.lora_B["default"](layer.lora_A["default"](x)).detach())
    config["base_model_name_or_path"] = family
    for name, value in config.items():
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            config[name] = sorted(value)
    shaped = {name: {"shape": list(value.shape), "data": rounded(value)} for name, value in tensors.items()}
    sizes = {"model_type": family, **(GPT2 if family == "gpt2" else LLAMA)}
    return {"model": sizes, "config": config, "tensors": dict(sorted(shaped.items())), "added": added}


def main(path):
    lines = [
        f"{json.dumps(name)}:{json.dumps(form(*wish), separators=(',', ':'))}" for name, wish in FORMS.items()
    ]
    Path(path).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf8")


main(sys.argv[1])
