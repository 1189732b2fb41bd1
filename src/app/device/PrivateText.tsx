/** The text this tab learns from, how to choose another, and what leaves the tab and what does not. */
import { useNodeState } from '../node'
import { textName } from '../parameters/names'
import { PictureText } from '../pictures/PictureText'
import { Fold } from '../ui/Fold'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import { KeepsKnowing } from './KeepsKnowing'
import styles from './PrivateText.module.css'
import { ChooseText } from './text/ChooseText'

export function PrivateText() {
  const words = useWords()
  const isSecure = useNodeState((state) => state.settings.secure)
  const text = useNodeState((state) => state.text)
  const title = text.title && textName(words, text.title)
  return (
    <Panel title={words.own.text}>
      <p className={styles.never}>
        <svg aria-hidden="true" viewBox="0 0 16 16" width="18" height="18">
          <path
            d="M3.5 7.5h9v6h-9ZM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
          />
        </svg>
        {words.own.never}
      </p>
      {title ? (
        <>
          <p className={styles.amount}>
            <strong>{title}</strong>
            {words.own.learnsFrom(text.examples, text.tokens)} {words.own.keepsBack(text.keptBack)}
          </p>
          {text.sample.length > 0 && (
            <ul className={styles.sample} aria-label={words.own.sample}>
              {text.sample.slice(0, 4).map((example, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two samples may begin alike.
                <li key={index}>
                  <PictureText text={example} />
                </li>
              ))}
            </ul>
          )}
        </>
      ) : (
        <p className={styles.none}>{words.own.none}</p>
      )}
      <p className={styles.leaves}>{isSecure ? words.own.leavesMasked : words.own.leaves}</p>
      {title && <KeepsKnowing />}
      <Fold title={words.own.choose} open={!title}>
        <ChooseText />
      </Fold>
    </Panel>
  )
}
