/**
 * What is switched on at each card, and what was measured there: one attack at a time, in the Lab's worker. Numbers stay until they are
 * measured again, so that a defence can be switched on afterwards and seen beside them.
 */
import { create } from 'zustand'
import { type Arm, type AttackName, attackCards, attackNames } from '../../lab/attacks/attack'
import { type Cost, type Priced, pricedNames } from '../../lab/attacks/prices'
import { type OpenedLab, openLab } from '../../lab/browser/openLab'
import { messageOf } from '../../lib/messageOf'

export interface AttackCardState {
  readonly isAttacked: boolean
  /** Those that are switched on. */
  readonly defences: readonly string[]
  readonly found: Readonly<Partial<Record<Arm, number>>>
  readonly problem: string | null
}

/** What is measured now, and which of its arms; null: it is getting ready. */
type UnderWay =
  | { readonly kind: 'attack'; readonly name: AttackName; readonly arm: Arm | null }
  | { readonly kind: 'costs'; readonly of: Priced }

interface AttackRuns {
  readonly cards: Readonly<Record<AttackName, AttackCardState>>
  readonly costs: Readonly<Partial<Record<Priced, Cost>>>
  readonly costsProblem: string | null
  readonly underWay: UnderWay | null
}

const untouched = (name: AttackName): AttackCardState => ({
  isAttacked: true,
  defences: attackCards[name].defences,
  found: {},
  problem: null,
})

export const useAttacks = create<AttackRuns>(() => ({
  cards: Object.fromEntries(attackNames.map((name) => [name, untouched(name)])) as AttackRuns['cards'],
  costs: {},
  costsProblem: null,
  underWay: null,
}))

let lab: OpenedLab | null = null

const changeCard = (name: AttackName, change: Partial<AttackCardState>): void =>
  useAttacks.setState(({ cards }) => ({ cards: { ...cards, [name]: { ...cards[name], ...change } } }))

export const setAttacked = (name: AttackName, isAttacked: boolean): void => changeCard(name, { isAttacked })

export function setDefence(name: AttackName, defence: string, isOn: boolean): void {
  const { defences } = useAttacks.getState().cards[name]
  changeCard(name, {
    defences: isOn ? [...defences, defence] : defences.filter((other) => other !== defence),
  })
}

/** What Run measures: what there is anyway, and what is switched on. */
export function chosenArms(name: AttackName, { isAttacked, defences }: AttackCardState): readonly Arm[] {
  if (!isAttacked) return ['nobody']
  return ['nobody', 'undefended', ...attackCards[name].defences.filter((one) => defences.includes(one))]
}

/** Does nothing while something else is measured. */
export async function runAttack(name: AttackName, seed: number): Promise<void> {
  if (useAttacks.getState().underWay) return
  const arms = chosenArms(name, useAttacks.getState().cards[name])
  useAttacks.setState({ underWay: { kind: 'attack', name, arm: null } })
  changeCard(name, { found: {}, problem: null })
  const problem = await measured((opened) => {
    let measuredSoFar = 0
    return opened.attack(name, arms, seed, (arm, number) => {
      const { found } = useAttacks.getState().cards[name]
      changeCard(name, { found: { ...found, [arm]: number } })
      measuredSoFar++
      useAttacks.setState({ underWay: { kind: 'attack', name, arm: arms[measuredSoFar] ?? null } })
    })
  })
  changeCard(name, { problem })
}

export async function runCosts(seed: number): Promise<void> {
  if (useAttacks.getState().underWay) return
  useAttacks.setState({ costs: {}, costsProblem: null, underWay: { kind: 'costs', of: pricedNames[0] } })
  const costsProblem = await measured((opened) =>
    opened.costs(seed, (what, cost) =>
      useAttacks.setState(({ costs }) => ({
        costs: { ...costs, [what]: cost },
        underWay: { kind: 'costs', of: pricedNames[pricedNames.indexOf(what) + 1] ?? what },
      })),
    ),
  )
  useAttacks.setState({ costsProblem })
}

/** What was measured so far stays. */
export const stopMeasuring = (): void => lab?.close()

/** @returns why it did not come to its end; null where it did, or was stopped */
async function measured(work: (opened: OpenedLab) => Promise<void>): Promise<string | null> {
  const opened = openLab()
  let isStopped = false
  lab = {
    ...opened,
    close() {
      isStopped = true
      opened.close()
    },
  }
  try {
    await work(opened)
    return null
  } catch (error) {
    return isStopped ? null : messageOf(error)
  } finally {
    opened.close()
    lab = null
    useAttacks.setState({ underWay: null })
  }
}
