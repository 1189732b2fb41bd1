"""What a model's directory is made of, written byte for byte the same every time: safetensors (names sorted, no gaps,
header padded to a multiple of eight), one-line JSON, and a tokenizer with a token for each of 63 letters."""
import json
import os
import struct

import torch

letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '
names_of_types = {torch.float32: 'F32', torch.float16: 'F16', torch.bfloat16: 'BF16'}


def write_safetensors(path, tensors):
    header, data = {'__metadata__': {'format': 'pt'}}, b''
    for name in sorted(tensors):
        tensor = tensors[name].detach().contiguous()
        raw = bytes(tensor.flatten().view(torch.int16 if tensor.element_size() == 2 else torch.int32).numpy())
        entry = {'dtype': names_of_types[tensor.dtype], 'shape': list(tensor.shape)}
        header[name] = {**entry, 'data_offsets': [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    write(path, struct.pack('<Q', len(text)) + text + data)


def write_json(path, value):
    write(path, (json.dumps(value, separators=(',', ':'), ensure_ascii=False) + '\n').encode())


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(data)


def tokenizer():
    """`tokenizer.json`: byte-level BPE without merges, so that token i is letter i - 1, and 0 ends a text."""
    byte_level = {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True, 'use_regex': True}
    flags = ['special', 'lstrip', 'rstrip', 'normalized', 'single_word']
    end = {'id': 0, 'content': '<|end|>', **{flag: flag == 'special' for flag in flags}}
    tokens = ['<|end|>', *letters.replace(' ', 'Ġ')]  # byte-level BPE writes a space as Ġ
    return {
        'version': '1.0',
        'added_tokens': [end],
        'normalizer': None,
        'pre_tokenizer': byte_level,
        'post_processor': None,
        'decoder': byte_level,
        'model': {'type': 'BPE', 'vocab': {token: id for id, token in enumerate(tokens)}, 'merges': []},
    }
