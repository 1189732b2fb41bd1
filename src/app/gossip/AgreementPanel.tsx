/** How far neighbours are from each other, and how fast their web brings them together. */

import { MeasureLine } from '../charts/MeasureLine'
import styles from '../charts/MergingPanel.module.css'
import { decimal } from '../format'
import { useSlowState } from '../node'
import { Panel } from '../ui/Panel'
import { useLanguage, useWords } from '../words/words'

export function AgreementPanel() {
  const { gossip, merging, web: names } = useWords()
  const language = useLanguage()
  const web = useSlowState((state) => state.web)
  if (!web) return null
  const { edges, spectralGap, consensus } = web
  const latest = consensus.length > 0 ? merging.share(consensus[consensus.length - 1]) : names.nothing
  return (
    <Panel title={gossip.title} lead={gossip.lead}>
      <div className={styles.figure}>
        <p>
          <span>{gossip.gap}</span>{' '}
          <strong>{spectralGap === null ? names.nothing : decimal(spectralGap, 2, language)}</strong>
        </p>
        <p className={styles.lead}>{gossip.gapLead(edges.length)}</p>
      </div>
      <div className={styles.figure}>
        <p>
          <span>{gossip.consensus}</span> <strong>{latest}</strong>
        </p>
        {consensus.length > 0 && (
          <MeasureLine
            values={consensus}
            colour="var(--alarm)"
            label={merging.picture(gossip.consensus, latest)}
          />
        )}
        <p className={styles.lead}>{gossip.consensusLead}</p>
      </div>
    </Panel>
  )
}
