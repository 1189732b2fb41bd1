/**
 * What left this device: every byte of it, sorted by what it tells, down to the newest letter of each kind in its own words. The words
 * come from the tab's own network (`network/exchange/traffic.ts`), which counts each frame where it is sent, so nothing is left out.
 */

import type { NodeState } from '../../node/state'
import { type Theme, themeNames, themeOf } from '../../node/tab/departed'
import { useSlowState } from '../node'
import { Fold } from '../ui/Fold'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import styles from './DepartedPanel.module.css'

type Departed = NodeState['departed'][string]

/** A letter may be long: a digest of a whole class. */
const mostShown = 800

export function DepartedPanel() {
  const { departed: words, bytes: inBytes } = useWords()
  const departed = useSlowState((state) => state.departed)
  const kinds = Object.entries(departed).sort(([, one], [, other]) => other.bytes - one.bytes)
  const of = (theme: Theme) => kinds.filter(([kind]) => themeOf(kind) === theme)
  const sum = (some: typeof kinds) => some.reduce((total, [, { bytes }]) => total + bytes, 0)
  return (
    <Panel title={words.title} lead={words.lead(inBytes(sum(kinds)))}>
      <ul className={styles.themes} aria-label={words.title}>
        {themeNames
          .filter((theme) => of(theme).length > 0)
          .map((theme) => (
            <li key={theme}>
              <Fold quiet title={words.line(words.themes[theme].name, inBytes(sum(of(theme))))}>
                {() => (
                  <>
                    <p className={styles.tells}>{words.themes[theme].tells}</p>
                    {of(theme).map(([kind, what]) => (
                      <Kind key={kind} kind={kind} what={what} />
                    ))}
                  </>
                )}
              </Fold>
            </li>
          ))}
      </ul>
      <p className={styles.tells}>{words.server}</p>
    </Panel>
  )
}

function Kind({ kind, what: { bytes, attachedBytes, newest } }: { kind: string; what: Departed }) {
  const { departed: words, bytes: inBytes } = useWords()
  const text = newest && JSON.stringify(newest, null, 1)
  return (
    <section className={styles.kind} aria-label={kind}>
      <p>
        <code>{kind}</code> {words.of(inBytes(bytes), attachedBytes > 0 ? inBytes(attachedBytes) : null)}
      </p>
      {text && (
        <pre className={styles.letter}>
          {text.length > mostShown ? `${text.slice(0, mostShown)} …` : text}
        </pre>
      )}
    </section>
  )
}
