import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { deferred } from './async'
import { lifetime } from './lifetime'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
/** What a `WeakRef` has shown stays until the turn is over. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('within a lifetime', () => {
  it('an answer comes as it is, also as a rejection', async () => {
    const life = lifetime()
    await expect(life.within(Promise.resolve(7))).resolves.toBe(7)
    await expect(life.within(Promise.reject(new Error('no')))).rejects.toThrow('no')
  })

  it('the end tells everybody who waits, and whoever asks later', async () => {
    const life = lifetime()
    const never = deferred<number>()
    const waiting = [life.within(never.promise), life.within(never.promise)]
    life.end(new Error('over'))
    life.end(new Error('a second reason'))
    for (const answer of [...waiting, life.within(never.promise)])
      await expect(answer).rejects.toThrow('over')
  })

  it('an answer that was given is not kept until the end', async () => {
    const life = lifetime()
    const given: WeakRef<object>[] = []
    for (let call = 0; call < 5; call++) {
      const answer = deferred<Uint8Array>()
      const asked = life.within(answer.promise)
      answer.resolve(new Uint8Array(1000))
      given.push(new WeakRef(await asked))
    }
    await nextTurn()
    collectGarbage()
    expect(given.slice(0, -1).map((answer) => answer.deref())).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    life.end(new Error('over'))
  })
})
