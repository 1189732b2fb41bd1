import { describe, expect, it } from 'vitest'
import type { Refusal, Vote } from '../../federation/succession/election'
import type { Certificate } from '../../federation/succession/succession'
import { virtualClock } from '../../network/time/virtual-clock'
import { campaignOf } from './campaign'
import { electorate } from './fixtures/electorate'

const vote: Vote = { publicKey: 'ada', signature: 'hers' }

/** An heir whose disk takes no vote for so long. */
async function heir(fullForMs: number) {
  const { identity, will } = electorate()
  const clock = virtualClock()
  const won: Certificate[] = []
  const asked: string[][] = []
  const campaign = campaignOf({
    clock,
    identity,
    self: 'ada',
    term: () => 0,
    voter: {
      ballot: async () => null,
      answer: async (): Promise<Vote | Refusal> => (clock.now() < fullForMs ? 'voted' : vote),
    },
    ask: (roster) => void asked.push([...roster]),
    won: (certificate) => void won.push(certificate),
  })
  await campaign.begin(await will('founder'))
  return { clock, campaign, asked }
}

describe('an heir that cannot vote for itself', () => {
  it('asks nobody, and stands again once that may have passed', async () => {
    const { clock, asked } = await heir(20_000)
    await clock.run(11_000)
    expect(asked).toEqual([])
    await clock.run(30_000)
    expect(asked[0]).toEqual(['bob', 'eve'])
  })

  it('does not where a coordinator is there meanwhile', async () => {
    const { clock, campaign, asked } = await heir(20_000)
    await clock.run(11_000)
    campaign.end()
    await clock.run(60_000)
    expect(asked).toEqual([])
  })
})
