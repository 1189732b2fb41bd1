/** What a room with and without privacy is compared by, as data for pages; costs.ts measures it. */
export const pricedNames = ['plain', 'masks', 'noise', 'both'] as const
export type Priced = (typeof pricedNames)[number]

export interface Cost {
  readonly bytes: number
  /** Virtual. */
  readonly roomSeconds: number
  readonly computingSeconds: number
  /** Nats per token; the base's is `base`. */
  readonly loss: number
  readonly base: number
  /** What the accountant says of the text that most was told of; null: nothing is promised. */
  readonly epsilon: number | null
}
