/** The way between a room's screens, in the head of its page: learn, reason. A drop says that an answer is on its way. */
import { useNodeState } from '../node'
import { useWords } from '../words/words'
import styles from './ScreenTabs.module.css'
import { type ScreenName, screenNames } from './screen'

interface Props {
  readonly screen: ScreenName
  readonly onOpen: (screen: ScreenName) => void
}

export function ScreenTabs({ screen, onOpen }: Props) {
  const { screens: words } = useWords()
  const isAnswering = useNodeState(({ reasoning }) => reasoning.asking?.isRunning ?? false)
  return (
    <nav aria-label={words.label} className={styles.tabs}>
      {screenNames.map((name) => (
        <button
          key={name}
          type="button"
          aria-current={name === screen ? 'page' : undefined}
          onClick={() => onOpen(name)}
        >
          {words[name]}
          {name === 'reason' && isAnswering && (
            <i className={styles.drop}>
              <span className="visually-hidden">({words.answering})</span>
            </i>
          )}
        </button>
      ))}
    </nav>
  )
}
