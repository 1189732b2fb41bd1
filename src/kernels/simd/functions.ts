/**
 * The functions of our WebAssembly module (assembly/index.ts says what addresses, sizes and strides count). Written by
 * `npm run simd` from their source; a change here is lost.
 */
export interface Simd {
  gated(gateUp: number, y: number, rows: number, inner: number): void
  gatedGradient(dy: number, gateUp: number, dx: number, rows: number, inner: number): void
  gelu(pre: number, y: number, size: number): void
  geluGradient(dy: number, pre: number, dx: number, size: number): void
  attention(
    qkv: number,
    rope: number,
    out: number,
    logSumExp: number,
    from: number,
    to: number,
    time: number,
    heads: number,
    keyValueHeads: number,
    headWidth: number,
    scratch: number,
  ): void
  attentionScratchBytes(
    batch: number,
    time: number,
    heads: number,
    keyValueHeads: number,
    headWidth: number,
  ): number
  cachedAttention(
    qkv: number,
    rope: number,
    cache: number,
    spans: number,
    out: number,
    slots: number,
    rows: number,
    capacity: number,
    heads: number,
    keyValueHeads: number,
    headWidth: number,
    scratch: number,
  ): void
  cachedAttentionScratchBytes(
    rows: number,
    capacity: number,
    heads: number,
    keyValueHeads: number,
    headWidth: number,
  ): number
  cacheRows(
    qkv: number,
    rope: number,
    cache: number,
    spans: number,
    slots: number,
    rows: number,
    capacity: number,
    keyValueHeads: number,
    headWidth: number,
  ): void
  attentionGradient(
    dOut: number,
    qkv: number,
    rope: number,
    out: number,
    logSumExp: number,
    dQkv: number,
    from: number,
    to: number,
    time: number,
    heads: number,
    keyValueHeads: number,
    headWidth: number,
    scratch: number,
  ): void
  attentionGradientScratchBytes(
    batch: number,
    time: number,
    heads: number,
    keyValueHeads: number,
    headWidth: number,
  ): number
  chooseToken(
    logits: number,
    stride: number,
    draws: number,
    trail: number,
    ids: number,
    rows: number,
    vocabulary: number,
  ): void
  crossEntropy(
    logits: number,
    stride: number,
    targets: number,
    weights: number,
    losses: number,
    rows: number,
    vocabulary: number,
  ): void
  weightedSum(
    losses: number,
    weights: number,
    ring: number,
    step: number,
    size: number,
    ringSize: number,
  ): void
  embed(
    ids: number,
    positionIds: number,
    tokens: number,
    positions: number,
    y: number,
    rows: number,
    width: number,
  ): void
  norm(
    x: number,
    gain: number,
    offset: number,
    rowIndex: number,
    y: number,
    rows: number,
    width: number,
    epsilon: number,
    isRms: number,
  ): void
  normGradient(
    dy: number,
    x: number,
    gain: number,
    residual: number,
    places: number,
    dx: number,
    rows: number,
    width: number,
    epsilon: number,
    isRms: number,
  ): void
  normOfHeads(
    x: number,
    gains: number,
    y: number,
    rows: number,
    heads: number,
    keyValueHeads: number,
    headWidth: number,
    epsilon: number,
  ): void
  normOfHeadsGradient(
    dy: number,
    x: number,
    gains: number,
    dx: number,
    rows: number,
    heads: number,
    keyValueHeads: number,
    headWidth: number,
    epsilon: number,
  ): void
  adam(
    parameters: number,
    gradient: number,
    first: number,
    second: number,
    norm: number,
    schedule: number,
    size: number,
    beta1: number,
    beta2: number,
    epsilon: number,
  ): void
  proximal(gradient: number, parameters: number, anchor: number, strength: number, size: number): void
  sumOfSquares(x: number, out: number, size: number): void
  productNN(
    M: number,
    N: number,
    K: number,
    x: number,
    ldx: number,
    w: number,
    ldw: number,
    y: number,
    ldy: number,
    scale: number,
    accumulate: number,
    scratch: number,
  ): void
  productNT(
    M: number,
    N: number,
    K: number,
    x: number,
    ldx: number,
    w: number,
    ldw: number,
    y: number,
    ldy: number,
    scale: number,
    accumulate: number,
    bias: number,
    residual: number,
    scratch: number,
  ): void
  productScratchBytes(M: number, N: number, K: number): number
  productTN(
    M: number,
    N: number,
    K: number,
    x: number,
    ldx: number,
    w: number,
    ldw: number,
    y: number,
    ldy: number,
    scale: number,
    accumulate: number,
    scratch: number,
  ): void
  rowTimesEight(depth: number, x: number, w: number, stride: number, sums: number): void
  tileOfFour(depth: number, left: number, right: number, rightStep: number, sums: number): void
}
