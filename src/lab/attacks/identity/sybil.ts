/**
 * A sybil (Douceur, IPTPS 2002): one person opens many tabs, each with a key of its own, so that each is somebody, and each claims to
 * have trained on far more examples than it has. An average weighs updates by examples, so the number is the share of a merge that is this
 * person's.
 *
 * What meets the claims is the bound that stands in every room: none counts for more than the median of all
 * (federation/aggregation/limits.ts), which is the others' as long as they are more. What meets the tabs is a locked room, where nobody
 * comes in who was not there when it was locked. Nothing finds out that two keys are one person: in an open room whoever makes half
 * of the tabs makes half of the merge.
 */
import { countedExamples } from '../../../federation/aggregation/limits'
import { seededIdentities } from '../../../network/identity/seeded'
import { introduce } from '../../../network/introduction'
import type { OwnKey } from '../../../network/keys'
import type { Attack } from '../attack'
import { type Door, openDoor } from './handshake'

const [honest, tabs] = [4, 3]
const [examples, claimed] = [16, 1000]

export const sybil: Attack<'sybil'> =
  async ({ seed }) =>
  async (arm) => {
    const identity = seededIdentities(seed)('sybil')
    const known = new Set<string>()
    let isLocked = false
    const whyNot = ({ deviceKey }: { readonly deviceKey: string }) =>
      isLocked && !known.has(deviceKey) ? 'locked' : null
    const door = await openDoor(identity, identity, whyNot)
    const comeIn = async (name: string): Promise<boolean> => {
      const key = await door.makeKey()
      const isIn = await isAdmitted(door, key, name)
      if (isIn) known.add(key.name)
      return isIn
    }
    for (let device = 0; device < honest; device++) await comeIn(`Device ${device + 1}`)
    let own = (await comeIn('Mallory')) ? 1 : 0
    isLocked = arm === 'lock'
    const wanted = arm === 'nobody' ? 1 : tabs
    while (own < wanted && (await comeIn('Mallory again'))) own++
    return shareOf(own, arm === 'nobody' ? examples : claimed, arm !== 'undefended')
  }

async function isAdmitted({ identity, knock }: Door, key: OwnKey, name: string): Promise<boolean> {
  const sign = (text: string) => identity.sign(key.signingKey, text)
  return (await knock({ introduction: introduce(key, 'device', name), sign })).status === 'admitted'
}

/** @param isBounded whether a claim counts as every room counts it */
function shareOf(own: number, claim: number, isBounded: boolean): number {
  const said = [
    ...Array.from({ length: honest }, () => examples),
    ...Array.from({ length: own }, () => claim),
  ]
  const counted = isBounded ? countedExamples(said.map((one) => ({ examples: one, behind: [] }))) : said
  const sum = (values: readonly number[]) => values.reduce((one, other) => one + other, 0)
  return sum(counted.slice(honest)) / sum(counted)
}
