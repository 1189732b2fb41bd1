import { describe, expect, it } from 'vitest'
import { virtualClock } from '../network/time/virtual-clock'
import { openAsker } from './ask'
import type { Line } from './line'
import type { Mode, Question } from './mode'
import type { Ports } from './ports'
import { usualWish } from './usual'

const question: Question = {
  ...usualWish,
  prompt: [97],
  tokens: 6,
  seed: 0,
  adapter: null,
}

/** A mode that says these tokens, one at a time; tokens are letters. */
const saying = (ids: readonly number[]): Mode => ({
  name: 'alone',
  isLossless: true,
  others: 'unneeded',
  lacks: () => null,
  open: () => ({
    async *next({ text, promptLength }) {
      const id = ids[text.length - promptLength]
      yield { kind: 'token', id, by: 'me', gap: 0, computeMs: 0, travelMs: 0 }
    },
    rest() {},
    close() {},
  }),
})

async function answered(eosIds: readonly number[], ids: readonly number[]) {
  const ports = {
    clock: virtualClock(),
    self: { facts: { eosIds } },
    sessions: { decode: async (said: readonly number[]) => String.fromCharCode(...said) },
  } as unknown as Ports
  const asker = openAsker(ports, {} as Line)
  const heard = []
  const { signal } = new AbortController()
  for await (const { answer } of asker.ask(saying(ids), { question, signal })) heard.push(answer)
  asker.close()
  return heard.at(-1)
}

describe('an answer', () => {
  it.each([0, 1, 2])(
    'ends with any of the tokens that end a text, which is not part of it: %d',
    async (end) => {
      expect(await answered([2, 0, 1], [98, 99, end, 100])).toMatchObject({ text: 'bc', ids: [98, 99, end] })
    },
  )

  it('goes on to the wished number where no token ends it', async () => {
    const ids = [98, 0, 100, 101, 102, 103]
    expect(await answered([], ids)).toMatchObject({ text: 'b\0defg', ids })
  })
})
