/** The way between a room's screens: learn, reason, prove. A drop says that an answer, or a proof, is on its way. */
import { useNodeState } from '../node'
import { useWords } from '../words/words'
import styles from './ScreenTabs.module.css'
import { type ScreenName, screenNames } from './screen'

interface Props {
  readonly screen: ScreenName
  readonly screens?: readonly ScreenName[]
  readonly onOpen: (screen: ScreenName) => void
}

export function ScreenTabs({ screen, screens = screenNames, onOpen }: Props) {
  const { screens: words } = useWords()
  const isProving = useNodeState(({ proof }) => proof?.isRunning ?? false)
  const isAnswering = useNodeState(({ reasoning }) => reasoning.asking?.isRunning ?? false)
  const busy: ScreenName | null = isProving ? 'proof' : isAnswering ? 'reason' : null
  return (
    <nav aria-label={words.label} className={styles.tabs}>
      {screens.map((name) => (
        <button
          key={name}
          type="button"
          aria-current={name === screen ? 'page' : undefined}
          onClick={() => onOpen(name)}
        >
          {words[name]}
          {name === busy && (
            <i className={styles.drop}>
              <span className="visually-hidden">({isProving ? words.proving : words.answering})</span>
            </i>
          )}
        </button>
      ))}
    </nav>
  )
}
