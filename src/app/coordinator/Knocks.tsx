/**
 * Those who have the code but not the secret: the coordinator lets them in, or not. They stand at the foot of the window, wherever
 * the page is scrolled to: somebody waits outside, and nothing that is being read moves out of its place.
 */
import { useNode, useNodeState } from '../node'
import { Button } from '../ui/controls/Button'
import { SwitchField } from '../ui/controls/SwitchField'
import { useWords } from '../words/words'
import styles from './Knocks.module.css'

export function Knocks() {
  const words = useWords()
  const node = useNode()
  const knocks = useNodeState((state) => state.knocks)
  return (
    <section aria-label={words.lobby.knocks} aria-live="polite" className={styles.door}>
      {knocks.length > 0 && (
        <ul className={styles.knocks}>
          {knocks.map(({ peer, name, phrase }) => (
            <li key={peer}>
              <p>
                {words.lobby.knocks}: <strong>{name}</strong>. {words.lobby.compare(phrase)}
              </p>
              <Button look="primary" aria-label={words.lobby.admit(name)} onClick={() => node.admit(peer)}>
                {words.lobby.admitShort}
              </Button>
              <Button look="quiet" aria-label={words.lobby.refuse(name)} onClick={() => node.refuse(peer)}>
                {words.lobby.refuseShort}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Whether anybody new is let in; and the way back for those who were shut out. */
export function Lock() {
  const words = useWords()
  const node = useNode()
  const { isLocked, shutOut } = useNodeState((state) => state.door)
  return (
    <>
      <SwitchField
        label={words.lobby.locked}
        checked={isLocked}
        onChange={(checked) => node.setLocked(checked)}
      />
      {shutOut.length > 0 && (
        <p>
          {words.lobby.shutOutCount(shutOut.length)}{' '}
          {!isLocked && (
            <Button look="quiet" onClick={() => node.setLocked(false)}>
              {words.lobby.letBack}
            </Button>
          )}
        </p>
      )}
    </>
  )
}

export function AdmitAll() {
  const words = useWords()
  const node = useNode()
  const admitAll = useNodeState((state) => state.admitAll)
  return (
    <SwitchField
      label={words.lobby.admitAll}
      checked={admitAll}
      onChange={(checked) => node.setAdmitAll(checked)}
    />
  )
}
