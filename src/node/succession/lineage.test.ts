import { describe, expect, it } from 'vitest'
import { writePapers } from '../wire/successionMessages'
import { electorate } from './fixtures/electorate'
import { lineageOf } from './lineage'

/** A founder, whose will has put ada in its place; other halves of the room say other things. */
async function scene() {
  const { identity, hashOf, will, elects } = electorate()
  const first = await elects(await will('founder'), 1, 'ada', 'key of ada', ['ada', 'eve'])
  const later = await elects(await will('key of ada', { term: 1 }), 2, 'bob', 'key of bob', ['bob', 'eve'])
  const rival = await elects(await will('founder'), 3, 'bob', 'other key of bob', ['bob', 'eve'])
  const lineage = (ownKey: string, begun = writePapers([])) => {
    const known = lineageOf(identity, 'ROOM', [], () => hashOf(ownKey))
    return known.learn(begun).then(() => known)
  }
  return { hashOf, will, elects, first, later, rival, lineage }
}

describe('a tab', () => {
  it('follows whoever has papers from the coordinator of its link', async () => {
    const { hashOf, first, later, lineage } = await scene()
    const guest = await lineage('founder')
    expect(await guest.judge(hashOf('key of ada'), writePapers([first]))).toBe('later')
    expect(await guest.judge(hashOf('key of bob'), writePapers([first, later]))).toBe('later')
    await guest.learn(writePapers([first, later]))
    expect([guest.term(), guest.papers()]).toEqual([2, writePapers([first, later])])
  })

  it('follows nobody without papers, with papers of another room, or with those of somebody else', async () => {
    const { hashOf, first, will, elects, lineage } = await scene()
    const guest = await lineage('founder')
    expect(await guest.judge(hashOf('mallory'), '')).toBe('unrelated')
    expect(await guest.judge(hashOf('mallory'), writePapers([first]))).toBe('unrelated')
    expect(await guest.judge(hashOf('mallory'), '{"no":"papers"}')).toBe('unrelated')
    const elsewhere = await elects(await will('founder', { code: 'OTHER' }), 1, 'ada', 'mallory', [
      'ada',
      'eve',
    ])
    expect(await guest.judge(hashOf('mallory'), writePapers([elsewhere]))).toBe('unrelated')
    const ownRoom = await elects(await will('mallory'), 9, 'ada', 'key of mallory', ['ada', 'eve'])
    expect(await guest.judge(hashOf('key of mallory'), writePapers([ownRoom]))).toBe('unrelated')
  })

  it('knows a coordinator of before, with and without papers, and of two halves the later election', async () => {
    const { hashOf, first, later, rival, lineage } = await scene()
    const member = await lineage('key of bob', writePapers([first, later]))
    expect(await member.judge(hashOf('founder'), '')).toBe('earlier')
    expect(await member.judge(hashOf('key of ada'), writePapers([first]))).toBe('earlier')
    expect(await member.judge(hashOf('other key of bob'), writePapers([rival]))).toBe('later')
    const ofRival = await lineage('other key of bob', writePapers([rival]))
    expect(await ofRival.judge(hashOf('key of bob'), writePapers([first, later]))).toBe('earlier')
  })

  it('that coordinates and was given up learns so from the papers alone', async () => {
    const { first, later, lineage } = await scene()
    const founder = await lineage('founder')
    expect(await founder.judge(null, writePapers([first, later]))).toBe('later')
    const ada = await lineage('key of ada', writePapers([first]))
    expect(await ada.judge(null, writePapers([first, later]))).toBe('later')
    expect(await ada.judge(null, writePapers([first]))).toBe('earlier')
  })

  it('that joined late learns from its coordinator where that came from', async () => {
    const { hashOf, first, rival, lineage } = await scene()
    const late = await lineage('key of ada')
    expect(await late.judge(hashOf('other key of bob'), writePapers([rival]))).toBe('unrelated')
    await late.learn(writePapers([first]))
    expect(await late.judge(hashOf('other key of bob'), writePapers([rival]))).toBe('later')
  })
})
