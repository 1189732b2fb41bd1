/** PyTorch is the one thing that this repository cannot install by itself: the system's Python or a virtual environment has it. */
import { spawnSync } from 'node:child_process'

/** Throws where none has both; the message says what to do. */
export function pythonWithTorch(): string {
  const candidates = [process.env.PYTHON ?? 'python3', '/usr/bin/python3']
  const found = candidates.find((each) => spawnSync(each, ['-c', 'import torch, numpy']).status === 0)
  if (found !== undefined) return found
  throw new Error(
    `No Python with PyTorch and NumPy found (tried ${candidates.join(', ')}). Install both with ` +
      '"sudo apt install python3-torch python3-numpy libopenblas0-pthread" or "pip install torch numpy", or name another Python: PYTHON=/path/to/python',
  )
}
