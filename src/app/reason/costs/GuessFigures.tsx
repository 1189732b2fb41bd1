/** Figures of the modes in which a device guesses and edges judge, or a text is left early; and what a cascade promises. */
import { confidence } from '../../../node/reasoning/modes'
import type { Asking } from '../../../node/reasoning/view/view'
import { decimal } from '../../format'
import { useLanguage, useWords } from '../../words/words'
import styles from './costs.module.css'
import { type ShareFigure, shareFigures } from './shareFigures'

interface Props {
  readonly asking: Asking
}

/** Terms of the list of all figures. */
export function GuessFigures({ asking: { way, account } }: Props) {
  const { reason: words } = useWords()
  return shareFigures(way, account).map((figure) => (
    <div key={figure.name}>
      <dt>{words[figure.name]}</dt>
      <dd>
        <Figure figure={figure} />
      </dd>
    </div>
  ))
}

/** How far what a cascade keeps is the whole model's. */
export function KeptPromise({ asking: { incidents } }: Props) {
  const words = useWords()
  const threshold = incidents.findLast((one) => one.kind === 'threshold')
  if (!threshold) return null
  const { doubt, risk, compared } = threshold
  const sure = words.percent(confidence)
  const { kept, keptNothing, keptUncounted } = words.reason
  return (
    <p className={styles.promise}>
      {compared === 0
        ? keptUncounted
        : doubt === 0
          ? keptNothing(sure, compared)
          : kept(sure, 100 * risk, compared)}
    </p>
  )
}

function Figure({ figure }: { readonly figure: ShareFigure }) {
  const words = useWords()
  const language = useLanguage()
  switch (figure.name) {
    case 'perRound':
      return <b>{figure.tokens === null ? '–' : decimal(figure.tokens, 2, language)}</b>
    case 'accepted':
    case 'offload':
    case 'saved':
      return <b>{figure.share === null ? '–' : words.percent(figure.share)}</b>
    case 'hedges':
    case 'handovers':
      return <b>{words.reason.often(figure.times)}</b>
  }
}
