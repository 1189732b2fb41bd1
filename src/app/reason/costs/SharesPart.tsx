/** Figures of the modes in which a device guesses and edges judge, or a text is left early; and what a cascade promises. */
import type { Asking } from '../../../node/reasoning/view'
import { decimal } from '../../format'
import { useLanguage, useWords } from '../../words/words'
import type { People } from '../people'
import styles from './costs.module.css'
import { type ShareFigure, shareFigures } from './shares'
import { useTelling } from './telling'

interface Props {
  readonly asking: Asking
  readonly people: People
}

export function SharesPart({ asking: { mode, account, incidents }, people }: Props) {
  const { reason: words } = useWords()
  const tell = useTelling(people, mode)
  const figures = shareFigures(mode, account)
  const threshold = incidents.find((one) => one.kind === 'threshold')
  if (figures.length === 0) return null
  return (
    <>
      <dl className={styles.figures}>
        {figures.map((figure) => (
          <div key={figure.name}>
            <dt>{words[figure.name]}</dt>
            <dd>
              <Figure figure={figure} />
            </dd>
          </div>
        ))}
      </dl>
      {threshold && <p className={styles.promise}>{tell(threshold)}</p>}
    </>
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
