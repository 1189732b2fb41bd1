/**
 * The tensors of a model that is too large to lie in memory as floats: each is drawn when it is asked for, anew each time, and
 * cut to bfloat16, in which such models are stored. It is a map like any other, so whoever reads a small model reads this one.
 */
import type { Tensor } from '../src/model/safetensors'

type Draw = (name: string, shape: readonly number[], deviation: number, mean: number) => Tensor
type Plan = readonly [shape: readonly number[], deviation: number, mean: number]

export class DrawnTensors implements ReadonlyMap<string, Tensor> {
  readonly #plans = new Map<string, Plan>()
  readonly #draw: Draw

  constructor(draw: Draw) {
    this.#draw = draw
  }

  add(name: string, shape: readonly number[], deviation: number, mean = 0): void {
    this.#plans.set(name, [shape, deviation, mean])
  }

  /** Names and shapes alone, which cost nothing. */
  sides(): [name: string, shape: readonly number[]][] {
    return [...this.#plans].map(([name, [shape]]) => [name, shape])
  }

  get size(): number {
    return this.#plans.size
  }

  has(name: string): boolean {
    return this.#plans.has(name)
  }

  get(name: string): Tensor | undefined {
    const plan = this.#plans.get(name)
    if (!plan) return undefined
    const tensor = this.#draw(name, ...plan)
    // The upper half of a float32 is a bfloat16.
    const words = new Uint32Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.length)
    for (let index = 0; index < words.length; index++) words[index] &= 0xffff_0000
    return tensor
  }

  keys(): MapIterator<string> {
    return this.#plans.keys()
  }

  *values(): MapIterator<Tensor> {
    for (const name of this.keys()) yield this.get(name)!
  }

  *entries(): MapIterator<[string, Tensor]> {
    for (const name of this.keys()) yield [name, this.get(name)!]
  }

  [Symbol.iterator](): MapIterator<[string, Tensor]> {
    return this.entries()
  }

  forEach(use: (tensor: Tensor, name: string, map: ReadonlyMap<string, Tensor>) => void): void {
    for (const [name, tensor] of this) use(tensor, name, this)
  }
}
