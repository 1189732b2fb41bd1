"""What a model's file is: safetensors, written canonically (names sorted, no gaps, header padded to a multiple of eight)."""
import json
import os
import struct

import numpy
import torch

dtypes = {'F16': numpy.float16, 'F32': numpy.float32}


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


def write_atomically(path, data):
    with open(path + '.part', 'wb') as file:
        file.write(data)
    os.replace(path + '.part', path)
