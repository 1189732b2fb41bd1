/** Everybody in the room, this tab first: what each does for the answer, and on a coordinator the button that closes a tab. */
import type { CSSProperties } from 'react'
import { isJudged, rolesIn } from '../../../node/reasoning/modes'
import type { Asking } from '../../../node/reasoning/view/view'
import { useNode, useNodeState } from '../../node'
import { Button } from '../../ui/controls/Button'
import type { Words } from '../../words/en'
import { useWords } from '../../words/words'
import type { People, Person } from '../people'
import styles from './crew.module.css'

interface Props {
  readonly asking: Asking | null
  readonly people: People
}

export function TabCards({ asking, people }: Props) {
  const words = useWords()
  const node = useNode()
  const mayClose = useNodeState(
    ({ role, settings }) => role === 'coordinator' && settings.scheme !== 'gossip',
  )
  return (
    <ul className={styles.tabs} aria-label={words.reason.crew}>
      {people.all.map((person) => {
        const { peer, name, colour, isSelf, isGone } = person
        const share = asking?.weights.find(({ id }) => id === peer)?.weight
        return (
          <li
            key={peer}
            data-gone={isGone || undefined}
            style={{ '--own': colour, '--share': isGone ? 0 : (share ?? 0) } as CSSProperties}
          >
            <b data-rest>{isSelf ? words.reason.you(name) : name}</b>
            <span className={styles.does}>{doingOf(person, asking, people.self?.peer, words)}</span>
            {share !== undefined && <i className={styles.weight} aria-hidden="true" />}
            {mayClose && !isSelf && !isGone && (
              <Button
                look="danger"
                className={styles.close}
                aria-label={words.reason.closeNamed(name)}
                onClick={() => node.sendAway(peer)}
              >
                {words.reason.close}
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** What a tab has to do with the answer, in words. */
function doingOf(
  { peer, isSelf, isGone }: Person,
  asking: Asking | null,
  self: string | undefined,
  words: Words,
): string {
  const { reason } = words
  if (isGone) return reason.gone
  if (!asking) return reason.free
  const weighed = asking.weights.find(({ id }) => id === peer)
  if (weighed) {
    const share = words.percent(weighed.weight)
    return weighed.answered ? reason.weight(share) : reason.silent(share)
  }
  const view = asking.gains.find(({ id }) => id === peer)
  if (view) return view.nats === null ? reason.didNotAnswer : reason.sees
  const roles = rolesIn(asking, self)
  const held = asking.stages.flatMap(({ id, layers }, place) => {
    if (id !== peer) return []
    const all = reason.layers(...layers)
    const role = roles[place]
    if (!isJudged(asking.way)) return role === 'device' || role === 'edge' ? [reason[role], all] : [all]
    return role === 'device' ? [reason.device, reason.guesses(all)] : [reason.edge, reason.judges]
  })
  if (isSelf && asking.way === 'alone') held.push(reason.allLayers)
  if (isSelf && asking.way === 'early-exit') held.push(reason.leavesEarly)
  if (isSelf) held.unshift(reason.asks)
  return held.length > 0 ? held.join(', ') : reason.free
}
