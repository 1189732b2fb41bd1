"""The step of bench shape S2 in PyTorch on the same card: GPT-2 small, LoRA rank 8 on c_attn, 4 x 256 tokens, Adam.

With PEFT where it is installed, else the same LoRA by hand. Prints what products reach as well: the ceiling for everybody.
"""
import json
import time

import torch
from transformers import GPT2Config, GPT2LMHeadModel

RANK, ALPHA, BATCH, TIME = 8, 16, 4, 256
device = "cuda" if torch.cuda.is_available() else "cpu"
torch.manual_seed(0)


class Adapted(torch.nn.Module):
    """y = layer(x) + alpha / rank x A^T B^T, as PEFT has it."""

    def __init__(self, layer):
        super().__init__()
        inputs, outputs = layer.weight.shape
        self.layer = layer
        self.a = torch.nn.Parameter(torch.randn(RANK, inputs, device=device) / inputs**0.5)
        self.b = torch.nn.Parameter(torch.zeros(outputs, RANK, device=device))

    def forward(self, x):
        return self.layer(x) + ALPHA / RANK * (x @ self.a.T) @ self.b.T


def adapted_model():
    model = GPT2LMHeadModel(GPT2Config(resid_pdrop=0, embd_pdrop=0, attn_pdrop=0)).to(device)
    try:
        from peft import LoraConfig, get_peft_model
    except ImportError:
        model.requires_grad_(False)
        for block in model.transformer.h:
            block.attn.c_attn = Adapted(block.attn.c_attn)
        return model, "LoRA by hand"
    config = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=["c_attn"], fan_in_fan_out=True)
    return get_peft_model(model, config), "PEFT"


def milliseconds(step, repeats):
    """The median of repeats, each with the device waited for."""
    for _ in range(5):
        step()
    times = []
    for _ in range(repeats):
        if device == "cuda":
            torch.cuda.synchronize()
        began = time.perf_counter()
        step()
        if device == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - began)
    return 1e3 * sorted(times)[len(times) // 2]


def product_rate(rows, columns, depth):
    x, w = torch.randn(rows, depth, device=device), torch.randn(depth, columns, device=device)
    return 2 * rows * columns * depth / milliseconds(lambda: x @ w, 30) / 1e9


def step_of(name, tf32, bfloat16):
    torch.backends.cuda.matmul.allow_tf32 = tf32
    model, how = adapted_model()
    model.train()
    learning = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(learning, lr=1e-3)
    ids = torch.randint(0, 50257, (BATCH, TIME), device=device)

    def step():
        with torch.autocast(device, dtype=torch.bfloat16, enabled=bfloat16):
            loss = model(input_ids=ids, labels=ids).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.item()

    took = milliseconds(step, 20)
    print(json.dumps({"step": name, "how": how, "ms": round(took, 2), "tokens/s": round(1e3 * BATCH * TIME / took)}))


where = torch.cuda.get_device_name(0) if device == "cuda" else "no GPU: this processor"
print(f"PyTorch {torch.__version__}, {where}")
torch.backends.cuda.matmul.allow_tf32 = False
for shape in [(8192, 8192, 8192), (1024, 3072, 768), (128, 768, 50257)] if device == "cuda" else []:
    print(f"float32 product {shape[0]} x {shape[1]} over {shape[2]}: {product_rate(*shape):.1f} TFLOP/s")
step_of("float32", False, False)
if device == "cuda":
    step_of("tf32", True, False)
    step_of("bfloat16 autocast", True, True)
