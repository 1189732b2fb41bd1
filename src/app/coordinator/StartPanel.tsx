/** The host's one decision in the lobby: enough devices are here, go. */
import { useNode, useNodeState } from '../node'
import { Button } from '../ui/controls/Button'
import { useWords } from '../words/words'
import { readiness } from './readiness'
import styles from './StartPanel.module.css'

/** A wall around this pane has a start button of its own: here stands only who is ready. */
export function StartPanel({ walled = false }: { readonly walled?: boolean }) {
  const words = useWords()
  const node = useNode()
  const { here, withText, fewest, ready } = useNodeState(readiness)
  const note = () => {
    if (here === 0) return words.lobby.empty
    if (here === 1) return words.lobby.one
    if (here < fewest) return words.lobby.fewForSums(here, fewest)
    return here > withText ? words.lobby.noText(here - withText) : words.lobby.ready(withText)
  }
  return (
    <div className={styles.start}>
      <p aria-live="polite">{note()}</p>
      {!walled && (
        <Button look="primary" className={styles.button} disabled={!ready} onClick={() => node.start()}>
          {words.lobby.start}
        </Button>
      )}
    </div>
  )
}
