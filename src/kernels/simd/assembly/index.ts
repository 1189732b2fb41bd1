/**
 * The functions of our WebAssembly module, in AssemblyScript. They work on one imported memory: addresses are byte
 * addresses of 32-bit floats (or integers, where said so), 0 stands for an operand that is not there, sizes and row
 * strides count numbers. Nothing is allocated; where a function needs room it takes the address of a scratch buffer, and
 * a function beside it says how many bytes that must have.
 *
 * Rows are computed independently: a row's numbers are the same to the last bit however many rows a call has. So the
 * check of several drafted tokens at once gives exactly what decoding them one by one would give.
 */
export { gated, gatedGradient, gelu, geluGradient } from './activation'
export {
  attention, attentionScratchBytes, cachedAttention, cachedAttentionScratchBytes, cacheRows,
} from './attention'
export { attentionGradient, attentionGradientScratchBytes } from './attentionGradient'
export { chooseToken } from './choosing'
export { crossEntropy, weightedSum } from './loss'
export { embed, norm, normGradient, normOfHeads, normOfHeadsGradient } from './norm'
export { adam, proximal, sumOfSquares } from './optimizer'
export { productNN, productNT, productScratchBytes, productTN } from './products'
// Exported so that the optimizer does not fold them into their only caller, where registers run short: half as fast.
export { rowTimesEight, tileOfFour } from './tiles'

/** The first byte that no constant of this module occupies. */
export const heapBase: usize = __heap_base
