/**
 * What a device trains on and is tested with. Text is kept as prompt and completion: the loss counts the completion's
 * tokens only. Plain text has an empty prompt, so all of it counts. Nothing here leaves the device.
 */
export interface Turn {
  readonly prompt: string
  readonly completion: string
}

export interface Example extends Turn {
  /** What follows in the same text, a conversation's further turns: each given and then learned in its turn. */
  readonly further?: readonly Turn[]
}

/** All of an example's turns, in their order. */
export const turnsOfExample = ({ prompt, completion, further = [] }: Example): readonly Turn[] => [
  { prompt, completion },
  ...further,
]

/** The example as one text. */
export const textOfExample = (example: Example): string =>
  turnsOfExample(example)
    .map(({ prompt, completion }) => prompt + completion)
    .join('')

/** A text's beginning of at most `most` letters, with “…” where more follows: to be looked at. No letter is halved. */
export const beginningOf = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text
        .slice(0, most)
        .replace(/[\ud800-\udbff]$/, '')
        .trimEnd()}…`

/** A question with one right answer: after `prompt`, the model's greedy next token(s) must spell `answer`. */
export interface Probe {
  readonly prompt: string
  /** With its leading space, as it follows the prompt. */
  readonly answer: string
  /** Whether training showed this fact in this wording, or the wording was kept back. */
  readonly phrasing: 'trained' | 'unseen'
}

/** One device's private share of a corpus. */
export interface Share {
  readonly train: readonly Example[]
  /** Never trained on by anybody. */
  readonly heldOut: readonly Example[]
  /** Empty where a corpus has no facts to ask for. */
  readonly probes: readonly Probe[]
}

/** How generated text is dealt to the devices. */
export type Partition =
  | { readonly kind: 'iid' }
  | { readonly kind: 'by-domain' }
  | { readonly kind: 'dirichlet'; readonly alpha: number }
