/** What is worth asking in this room, and of this tab's own text: chips that say whose tab alone has read the answer. */
import type { SuggestedPrompt } from '../../node/state'
import { useNodeState } from '../node'
import { PictureText } from '../pictures/PictureText'
import { useWords } from '../words/words'
import styles from './AskPanel.module.css'

interface Props {
  readonly disabled: boolean
  readonly onChoose: (suggestion: SuggestedPrompt) => void
}

/** Of this tab's own text nobody else is shown anything. */
export function useSuggestions(): readonly SuggestedPrompt[] {
  const shared = useNodeState((state) => state.suggestedPrompts)
  const own = useNodeState((state) => state.text.prompt)
  return own ? [own, ...shared] : shared
}

export function Suggestions({ disabled, onChoose }: Props) {
  const words = useWords()
  const suggestions = useSuggestions()
  const own = useNodeState((state) => state.text.prompt)
  const selfName = useNodeState((state) => state.devices.find(({ isSelf }) => isSelf)?.name ?? null)
  const whose = (one: SuggestedPrompt) => {
    if (one === own) return words.ask.ownText
    if (one.owner === null) return words.ask.everyday
    return one.owner === selfName ? words.ask.own : words.ask.only(one.owner)
  }
  if (suggestions.length === 0) return null
  return (
    <ul className={styles.chips} aria-label={words.ask.suggestions}>
      {suggestions.map((one) => (
        <li key={one.prompt}>
          <button type="button" disabled={disabled} onClick={() => onChoose(one)}>
            <span>
              <PictureText text={one.prompt} /> …
            </span>
            <small>{whose(one)}</small>
          </button>
        </li>
      ))}
    </ul>
  )
}
