/** Both halves of secure aggregation together: what comes out of rounds in which devices go, lie, or are asked wrongly. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../lib/rng'
import { Refusal, secureClient } from './client'
import { cryptographyOf } from './fixtures/cryptography'
import {
  agreed,
  count,
  names,
  type Round,
  range,
  send,
  tell,
  type Vectors,
  vectorsOf,
  weightOf,
} from './fixtures/round'
import { wordsOf } from './masks'
import { add, gridOf, meanOf, quantised } from './quantising'
import { secureServer } from './server'
import { UnmaskingError } from './unmasking'

/** The steps that a device has sent stand between those of the two ways to round. */
function boundsOf({ roster }: Round, survivors: readonly string[], vectors: Vectors) {
  const total = roster.parties.reduce((sum, { weight }) => sum + weight, 0)
  const grid = gridOf(range, total)
  return [0, 2 ** 32 - 1].map((draw) => {
    const sum = new Uint32Array(count + 1)
    for (const device of survivors)
      add(sum, quantised(vectors[device], weightOf(device), grid, new Uint32Array(count).fill(draw)))
    return sum
  })
}

describe('a secure round', () => {
  it('comes to the sum of what the survivors sent, whoever goes before sharing, before sending or before unmasking', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: 10 }), fc.nat(1000), async (devices, seed) => {
        const all = names(devices)
        const dice = random(seed, 'goes')
        const mayGo = dice.shuffle(all).slice(0, Math.floor(0.3 * devices))
        const goes = new Map(mayGo.map((device) => [device, dice.int(3)])) // 0: shares nothing, 1: sends nothing, 2: tells nothing
        const until = (step: number) => all.filter((device) => (goes.get(device) ?? 3) > step)
        const vectors = vectorsOf(all, seed)
        const round = await agreed(all, until(0))
        await send(round, until(1), vectors)
        await tell(round, until(2), until(1))
        const { sum, grid } = await round.server.unmask(until(1), range)
        const [high, low] = boundsOf(round, until(1), vectors)
        expect(sum[0]).toBe(until(1).reduce((all, device) => all + weightOf(device), 0))
        for (let at = 1; at <= count; at++) {
          expect(sum[at]).toBeGreaterThanOrEqual(low[at])
          expect(sum[at]).toBeLessThanOrEqual(high[at])
        }
        const weight = sum[0]
        const mean = until(1).reduce(
          (all, device) => all + (weightOf(device) * vectors[device][0]) / weight,
          0,
        )
        expect(meanOf(sum, grid)[0]).toBeCloseTo(mean, 5)
      }),
      { numRuns: 25 },
    )
  })

  it('comes to exactly that sum: on numbers of the grid itself, where nothing is rounded', async () => {
    const all = names(7)
    const round = await agreed(all)
    const grid = gridOf(
      range,
      round.roster.parties.reduce((sum, { weight }) => sum + weight, 0),
    )
    const steps = all.map((_, at) =>
      Array.from({ length: count }, (_, place) => (977 * (at + 1) * (place + 3)) % grid.levels),
    )
    const vectors = Object.fromEntries(
      all.map((device, at) => [
        device,
        steps[at].map((step) => (step * 2 * range) / (grid.levels - 1) - range),
      ]),
    )
    await send(round, all, vectors)
    await tell(round, all, all)
    const { sum } = await round.server.unmask(all, range)
    const expected = Array.from({ length: count }, (_, place) =>
      all.reduce((total, device, at) => total + weightOf(device) * steps[at][place], 0),
    )
    // A number of the grid, written as a double, may lie a hair beside it.
    for (const [place, value] of expected.entries())
      expect(Math.abs(sum[place + 1] - value)).toBeLessThanOrEqual(28)
  })

  it('shows whoever merges nothing of one vector: what it holds of a device looks the same for another vector', async () => {
    const all = names(4)
    const bytesOf = async (vectors: Vectors) => {
      const round = await agreed(all)
      const incoming = round.server.sealedFor('d1', all)
      return wordsOf(await round.clients.get('d1')!.send(incoming, vectors.d1, range))
    }
    const zeros = await bytesOf({ d1: Array(count).fill(0) })
    const ones = await bytesOf({ d1: Array(count).fill(1) })
    // Same chance, same masks: only the vector differs, and it is hidden by a word that nobody knows.
    const grid = gridOf(
      range,
      all.reduce((sum, device) => sum + weightOf(device), 0),
    )
    const bare = quantised(Array(count).fill(0), weightOf('d1'), grid, new Uint32Array(count))
    for (let at = 0; at <= count; at++) expect(zeros[at]).not.toBe(bare[at])
    expect(ones.slice(1)).not.toEqual(zeros.slice(1))
  })
})

describe('whoever merges', () => {
  it('learns nothing where fewer than the threshold tell their shares', async () => {
    const all = names(6)
    const round = await agreed(all)
    await send(round, all, vectorsOf(all, 1))
    await tell(round, all.slice(0, 4), all)
    await expect(round.server.unmask(all, range)).rejects.toThrow(
      'only 4 shares of a secret were told, and 5 are needed',
    )
  })

  it('sees that shares do not add up, of a mask and of a key', async () => {
    const all = names(5)
    const survivors = all.slice(1)
    const spoiled = (part: Readonly<Record<string, Uint8Array>>) =>
      Object.fromEntries(Object.entries(part).map(([of, share]) => [of, share.map((byte) => byte ^ 1)]))
    for (const part of ['ofMasks', 'ofKeys'] as const) {
      const round = await agreed(all)
      await send(round, survivors, vectorsOf(all, 2))
      await tell(round, survivors, survivors, (unmasking, device) =>
        device === 'd2' ? { ...unmasking, [part]: spoiled(unmasking[part]) } : unmasking,
      )
      await expect(round.server.unmask(survivors, range)).rejects.toThrow(UnmaskingError)
    }
  })

  it('sees that somebody has sent something else than its weight', async () => {
    const all = names(4)
    const round = await agreed(all)
    await send(round, all.slice(1), vectorsOf(all, 3))
    const incoming = round.server.sealedFor('d0', all)
    const bytes = await round.clients.get('d0')!.send(incoming, vectorsOf(all, 3).d0, range)
    bytes[0] ^= 1
    round.server.takeVector('d0', bytes, count)
    await tell(round, all, all)
    await expect(round.server.unmask(all, range)).rejects.toThrow('the sum of the weights')
  })

  it('takes nothing that does not fit: lengths, keys of others, shares for others, both shares of one', async () => {
    const all = names(4)
    const { server, clients, shared } = await agreed(all)
    const fresh = secureServer(cryptographyOf(1)('server'))
    expect(fresh.takeKeys('d0', clients.get('d0')!.keys)).toBeNull()
    expect(fresh.takeKeys('d9', clients.get('d0')!.keys)).toBe('its keys are those of another device')
    expect(server.takeVector('d0', new Uint8Array(12), count)).toMatch('another length')
    const { d1: _, ...fewer } = shared.get('d0')!.sealed
    const early = await agreed(all, all.slice(1))
    expect(early.server.takeShares('d0', { ...shared.get('d0')!, sealed: fewer })).toMatch('than it should')
    const round = await agreed(all)
    await send(round, all.slice(1), vectorsOf(all, 4))
    const complaints = await tell(round, all.slice(1), all.slice(1), (told) => ({
      ...told,
      ofKeys: { ...told.ofKeys, ...told.ofMasks },
    }))
    expect(complaints).toEqual(Array(3).fill('it has told other shares than it was asked for'))
  })
})

describe('a device', () => {
  const all = names(5)
  const refused = (asking: Promise<unknown>, why: string) => expect(asking).rejects.toThrow(new Refusal(why))

  it('tells of each other one secret, never both', async () => {
    const round = await agreed(all)
    await send(round, all, vectorsOf(all, 5))
    const told = await round.clients.get('d0')!.unmask(all.slice(0, 4))
    expect(Object.keys(told.ofMasks)).toEqual(['d0', 'd1', 'd2', 'd3'])
    expect(Object.keys(told.ofKeys)).toEqual(['d4'])
  })

  it('refuses a second list of survivors, and tells the same again for the same', async () => {
    const round = await agreed(all)
    await send(round, all, vectorsOf(all, 6))
    const client = round.clients.get('d0')!
    const told = await client.unmask(all)
    expect(await client.unmask([...all].reverse())).toEqual(told)
    await refused(client.unmask(all.slice(0, 4)), 'masks were asked for a second time, of other devices')
  })

  it('refuses too few survivors, and strangers among them', async () => {
    const round = await agreed(all)
    await send(round, all, vectorsOf(all, 7))
    const client = round.clients.get('d0')!
    await refused(client.unmask(all.slice(0, 3)), 'only 3 vectors have come, and 4 are needed')
    await refused(client.unmask([...all, 'd9']), 'masks were asked for of devices that do not take part')
    await refused(
      client.unmask(['d0', 'd0', 'd1', 'd2']),
      'masks were asked for of devices that do not take part',
    )
  })

  it('refuses lists of too few, doubled keys, other keys than its own, and another list', async () => {
    const { roster, clients } = await agreed(all, [])
    const cryptography = cryptographyOf(9)
    const parties = roster.parties
    const fresh = clients.get('d0')!
    await refused(
      fresh.share({ ...roster, parties: parties.slice(0, 2) }),
      '2 devices take part, and a sum of so few would hide nobody: 3 are needed',
    )
    await refused(
      fresh.share({
        ...roster,
        parties: parties.map((party, at) => (at === 3 ? { ...party, maskKey: parties[2].maskKey } : party)),
      }),
      'the list of devices names one of them, or a key, twice',
    )
    const stranger = await secureClient('d0', cryptography('stranger'))
    await refused(stranger.share(roster), 'the list of devices has other keys of this device than its own')
    expect(await fresh.share(roster)).toBe(await fresh.share(roster))
    await refused(fresh.share({ ...roster, merger: 'd1' }), 'another list of devices was sent')
  })

  it('needs one more of the others where whoever merges takes part', async () => {
    const { roster, clients } = await agreed(all.slice(0, 3), [], 'd2')
    await refused(
      clients.get('d0')!.share(roster),
      '3 devices take part, and a sum of so few would hide nobody: 4 are needed',
    )
  })

  it('sends nothing where too few have shared, where something does not open, or twice', async () => {
    const round = await agreed(all, all.slice(0, 4))
    const client = round.clients.get('d0')!
    const incoming = round.server.sealedFor('d0', all)
    await refused(
      client.send({ d1: incoming.d1 }, Array(count).fill(0), range),
      'only 2 devices have shared their secrets, and 4 are needed',
    )
    await refused(
      round.clients
        .get('d1')!
        .send({ ...round.server.sealedFor('d1', all), d2: incoming.d2 }, Array(count).fill(0), range),
      'what another device has sealed for this one does not open',
    )
    await refused(round.clients.get('d1')!.unmask(all), 'masks were asked for out of turn')
    await client.send(incoming, Array(count).fill(0), range)
    await refused(client.send(incoming, Array(count).fill(0), range), 'a vector was asked for out of turn')
  })
})
