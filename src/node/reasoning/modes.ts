/** The modes as a page shows them: what each promises, who is who in it, and what is usual where nobody says more. */
import type { ModeName, Question, Stage } from '../../reasoning/mode'
import { modes } from '../../reasoning/registry'
import { usualWish } from '../../reasoning/usual'

export { type Account, type Shares, sharesOf } from '../../reasoning/account'
export { type Codec, codecNames } from '../../reasoning/core/codecs'
export { type ModeName, modeNames, type Stage } from '../../reasoning/mode'
export { usualExitDoubt } from '../../reasoning/modes/earlyExit/earlyExit'
export { confidence } from '../../reasoning/plan/risk'
export type { LinkTraffic, PacketKind } from '../../reasoning/traffic'

export const usualRisk = usualWish.risk

/** What of a question may break a mode's promise. */
export type Terms = Pick<Question, 'codec' | 'tiers'>

/** Whether a mode says what one tab alone would say, token by token. What a cloud says, only its ensemble does. */
export const isLossless = (mode: ModeName, { codec, tiers }: Terms): boolean =>
  modes[mode].isLossless &&
  ((mode !== 'split' && mode !== 'auto') || codec === 'float32') &&
  ((mode !== 'speculative' && mode !== 'auto') || tiers === 2)

/** Whose first layers a weak tab runs itself, while others have all of them, or the rest. */
const deviceModes: readonly ModeName[] = ['speculative', 'cascade', 'split', 'multi-access']

/** Whether a device guesses, and others judge. */
export const isJudged = (mode: ModeName): boolean => mode !== 'split' && deviceModes.includes(mode)

interface AtWork {
  /** How the text is made at the moment. */
  readonly way: ModeName
  readonly stages: readonly Stage[]
}

/** What each has to do with the answer: the asker and stages of its pipeline, or a device and its edges. @param self this tab */
export function rolesIn(
  { way, stages }: AtWork,
  self: string | undefined,
): readonly ('asker' | 'stage' | 'device' | 'edge')[] {
  const isOfDevice = deviceModes.includes(way)
  return stages.map(({ id }, place) => {
    if (isOfDevice) return id === self && place === 0 ? 'device' : 'edge'
    return id === self ? 'asker' : 'stage'
  })
}
