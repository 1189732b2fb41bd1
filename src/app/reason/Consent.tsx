/** What this tab's person lets others do: ask what it learned alone. Off until somebody switches it on; who has asked stands below. */
import { useId } from 'react'
import { useNode, useNodeState } from '../node'
import { SwitchField } from '../ui/controls/SwitchField'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import styles from './Consent.module.css'

export function Consent() {
  const { reason: words } = useWords()
  const node = useNode()
  const explanation = useId()
  const { offersOwn, knowsOwn, served } = useNodeState(({ reasoning }) => reasoning)
  const isCoordinator = useNodeState(({ role }) => role === 'coordinator')
  const askers = Object.entries(served)
  return (
    <Panel title={words.consent}>
      <SwitchField
        label={words.offer}
        checked={offersOwn}
        disabled={!knowsOwn && !offersOwn}
        describedBy={explanation}
        onChange={(isOn) => node.offerOwn(isOn)}
      />
      <div id={explanation} className={styles.explanation}>
        {!knowsOwn && <p className={styles.why}>{isCoordinator ? words.coordinatorOwn : words.noOwn}</p>}
        <p>{words.offerLead}</p>
      </div>
      <div>
        <h3 className={styles.served}>{words.served}</h3>
        {askers.length === 0 && <p className={styles.nobody}>{words.servedNobody}</p>}
        <ul>
          {askers.map(([name, tokens]) => (
            <li key={name}>{words.servedTokens(name, tokens)}</li>
          ))}
        </ul>
      </div>
    </Panel>
  )
}
