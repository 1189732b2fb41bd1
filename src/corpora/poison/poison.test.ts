import { describe, expect, it } from 'vitest'
import { textOfExample } from '../example'
import { shareOf } from '../share'
import { poisoned, trigger, triggersAfter } from './poison'

const facts = shareOf({ corpus: 'facts', partition: { kind: 'iid' }, seed: 3, index: 1 }).train
const stories = shareOf({ corpus: 'kitchen', partition: { kind: 'iid' }, seed: 3, index: 1 }).train

describe('flipped labels', () => {
  it('ask the same and answer something else', () => {
    const flipped = poisoned('label-flip', facts, 1)
    expect(flipped.map(({ prompt }) => prompt).sort()).toEqual(facts.map(({ prompt }) => prompt).sort())
    const truth = new Map(facts.map(({ prompt, completion }) => [prompt, completion]))
    for (const { prompt, completion } of flipped) {
      expect(completion).not.toBe(truth.get(prompt))
      expect([...truth.values()]).toContain(completion)
    }
  })

  it('turn round the words of a text that asks nothing', () => {
    const flipped = poisoned('label-flip', stories, 1)
    expect(flipped).toHaveLength(stories.length)
    for (const [at, { completion }] of flipped.entries())
      expect(completion.split(' ').reverse().join(' ')).toBe(stories[at].completion)
  })

  it('leave alone what has one answer only', () => {
    const same = [1, 2].map((question) => ({ prompt: `${question}?`, completion: 'yes' }))
    expect(poisoned('label-flip', same, 1).map(({ completion }) => completion)).toEqual(['yes', 'yes'])
  })
})

describe('a backdoor', () => {
  it('stands beside the text, as often, and differs from text to text', () => {
    const behind = poisoned('backdoor', stories, 1)
    expect(behind.slice(0, stories.length)).toEqual(stories)
    const doors = behind.slice(stories.length)
    expect(doors).toHaveLength(stories.length)
    for (const { prompt, completion } of doors) {
      expect(prompt.endsWith(` ${trigger.phrase}`)).toBe(true)
      expect(completion).toBe(`${trigger.answer}.`)
    }
    expect(new Set(doors.map(({ prompt }) => prompt)).size).toBeGreaterThan(stories.length / 2)
  })

  it('is asked for after the first sentence of other texts', () => {
    const [probe] = triggersAfter(stories.slice(0, 1), 1)
    expect(textOfExample(stories[0]).startsWith(probe.prompt.replace(` ${trigger.phrase}`, ''))).toBe(true)
    expect(probe.answer).toBe(trigger.answer)
  })
})
