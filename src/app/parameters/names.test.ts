import { describe, expect, it } from 'vitest'
import { labTable } from '../../lab/controls'
import { readSettings } from '../../settings/reading'
import type { Setting } from '../../settings/setting'
import { table } from '../../settings/table'
import { de } from '../words/de'
import { en } from '../words/en'
import { choiceName, problemIn, settingLabel } from './names'

const shown = [...Object.entries<Setting<unknown>>(table), ...Object.entries(labTable.world)].filter(
  ([, { page, lab }]) => page !== null || lab !== null,
)
/** What people know under no other name. */
const properNames = ['k-means', 'WebGPU', 'WebAssembly']

describe.each([
  ['en', en],
  ['de', de],
] as const)('in %s', (_, words) => {
  it.each(shown)('%s has a name, and so has each of its choices', (name, { kind }) => {
    expect(settingLabel(words, name)).not.toBe(name)
    const options = kind.shape.kind === 'choice' ? kind.shape.options : []
    for (const option of options.filter((one) => !properNames.includes(one)))
      expect(choiceName(words, name, option)).not.toBe(option)
  })

  it('says what is wrong with an address, what is possible and what stands instead', () => {
    const said = { rank: '900', scheme: 'chaos', bufferSize: 'half', room: '?' }
    const { problems } = readSettings(new URL(`http://localhost/?${new URLSearchParams(said)}`))
    expect(problems).toHaveLength(4)
    for (const problem of problems) {
      const text = problemIn(words, problem)
      const { name, text: typed, instead } = problem.unusable!
      expect(text).toContain(`${name}=${typed}`)
      if (instead) expect(text).toContain(instead)
      if (words === en) expect(text).toBe(problem.message)
      else expect(text).toMatch(/lässt sich nicht verwenden\. Möglich: .* Es gilt/)
    }
  })
})
