/** Shows an answer as it grows, with what it has cost so far, to the tab's page and to whoever else listens. */
import { messageOf } from '../../lib/messageOf'
import { type Heard, hashOfIds } from '../../reasoning/ask'
import { trafficSince } from '../../reasoning/traffic'
import type { Tab } from '../tab/tab'
import type { Taking } from './taking'
import { after } from './view/answer'
import { type Asking, mayShow } from './view/view'

/** Is told a text as it grows; the next token is chosen once it has settled. */
export type Hearing = (asking: Asking) => Promise<void> | void

/** Throws what ends it early, having shown that, too. */
export async function follow(
  { store, set, clock }: Tab,
  heard: AsyncIterable<Heard>,
  first: Asking,
  { participant }: Taking,
  heardBy: Hearing = () => {},
): Promise<Asking> {
  const beganAtMs = clock.now()
  const { bytes: bytesBefore, byLink } = participant.traffic
  const before = { ...byLink }
  let asking = first
  const isShown = mayShow(store.getState().reasoning.asking, first)
  const show = (change: Partial<Asking>): Asking => {
    const { bytes, byLink: now } = participant.traffic
    const measured = {
      tookMs: clock.now() - beganAtMs,
      bytes: bytes - bytesBefore,
      traffic: trafficSince(before, now),
    }
    asking = { ...asking, ...change, ...measured }
    const { reasoning } = store.getState()
    // Of two questions at once the newer is shown.
    if (isShown && (reasoning.asking?.session ?? 0) <= asking.session)
      set({ reasoning: { ...reasoning, asking } })
    return asking
  }
  show({})
  try {
    for await (const { said, answer } of heard) await heardBy(show(after(asking, said, answer?.text)))
    await heardBy(show({ isRunning: false, hash: hashOfIds(asking.tokens.map(({ id }) => id)) }))
    return asking
  } catch (problem) {
    await heardBy(show({ isRunning: false, problem: messageOf(problem) }))
    throw problem
  }
}
