/** The terms that convergence bounds rest on, as the chosen run measures them, and the page that explains each. */
import theory from '../../../../docs/convergence.md?url'
import type { Terms } from '../../../lab/measuring/watch'
import { Measure } from '../../charts/measure/Measure'
import { decimal } from '../../format'
import { Panel } from '../../ui/page/Panel'
import { TableBehind } from '../../ui/table/TableBehind'
import { useLanguage, useWords } from '../../words/words'
import { runName } from '../names'
import { useRuns } from '../runs'
import styles from './figures.module.css'

const kinds = ['drift', 'distortion', 'staleness', 'consensus'] as const

const measured: Record<(typeof kinds)[number], (terms: Terms) => number | undefined> = {
  drift: ({ relativeDrift }) => relativeDrift,
  distortion: ({ distortion }) => distortion,
  staleness: ({ staleness }) => staleness?.mean,
  consensus: ({ consensusError }) => consensusError,
}

/** Of all updates in a merge, where that says more than their mean. */
const largest = ({ staleness }: Terms): number | undefined => staleness?.largest

const colours = ['var(--device-1)', 'var(--alarm)', 'var(--ink-soft)', 'var(--device-4)']

export function TermsPanel() {
  const words = useWords()
  const language = useLanguage()
  const run = useRuns(({ runs, selected }) => runs.find(({ id }) => id === selected))
  const curve = run?.curves.at(-1)
  const terms = curve?.terms ?? []
  const shown = kinds.flatMap((kind, index) => {
    const values = terms.flatMap((one) => measured[kind](one) ?? [])
    return values.length > 0 ? [{ kind, values, colour: colours[index] }] : []
  })
  const gap = curve?.outcome?.spectralGap ?? null
  const figure = (value: number | undefined) =>
    value === undefined ? '–' : decimal(value, value < 0.01 ? 5 : 2, language)
  const written = (kind: (typeof kinds)[number], one: Terms | undefined) => {
    const most = kind === 'staleness' && one ? largest(one) : undefined
    const value = one && measured[kind](one)
    return value !== undefined && most !== undefined ? words.merging.stale(value, most) : figure(value)
  }
  return (
    <Panel title={words.lab.terms} lead={run ? words.lab.termsLead(runName(words, run.settings)) : undefined}>
      {shown.length === 0 && <p className={styles.progress}>{words.lab.noTerms}</p>}
      {shown.map(({ kind, values, colour }) => {
        const { name, says } = words.lab.term[kind]
        const above = kind === 'staleness' ? terms.flatMap((one) => largest(one) ?? []) : undefined
        const latest = written(
          kind,
          terms.findLast((one) => measured[kind](one) !== undefined),
        )
        return (
          <Measure
            key={kind}
            title={name}
            latest={latest}
            lead={says}
            course={{ values, largest: above, colour, label: words.lab.termPicture(name, latest) }}
          />
        )
      })}
      {gap !== null && <p className={styles.progress}>{words.lab.gap(gap)}</p>}
      <p>
        <a href={theory} target="_blank" rel="noreferrer">
          {words.lab.theory}
        </a>
      </p>
      {shown.length > 0 && (
        <TableBehind
          title={words.lab.termsTable}
          columns={[words.lab.merge, ...shown.map(({ kind }) => words.lab.term[kind].name)]}
          rows={() => terms.map((one, at) => [`${at + 1}`, ...shown.map(({ kind }) => written(kind, one))])}
        />
      )}
    </Panel>
  )
}
