#!/usr/bin/env bash
# What this machine's GPU says, on one page, in under four minutes: a LoRA step of a small model (S1) and of GPT-2 small
# (S2), generation, where a step's time goes, and PyTorch on the same card where it is installed. Needs a Vulkan driver.
cd "$(dirname "$0")" || exit

# Where the loader finds no driver by itself, name NVIDIA's.
if [ -z "${VK_DRIVER_FILES:-}" ]; then
  for icd in /usr/share/vulkan/icd.d/nvidia_icd.json /etc/vulkan/icd.d/nvidia_icd.json /usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json; do
    if [ -f "$icd" ]; then
      export VK_DRIVER_FILES="$icd"
      break
    fi
  done
fi
export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/tmp}"

command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,driver_version --format=csv,noheader
measure() {
  echo
  timeout 100 ./node bench.mjs --peers gossamer --rounds 1 "$@" 2>&1 | grep -v '^round '
}
measure --shape S1
measure --shape S2
measure --shape S2 --kind generation --warm-up 1 --steps 2 --prompt 128
measure --shape S2 --kind generation --warm-up 1 --steps 2 --prompt 1024
measure --shape S2 --profile
echo
python3 -c 'import torch, transformers' 2>/dev/null && timeout 100 python3 pytorch.py || echo 'PyTorch: not here'
