/** How far neighbours are from each other, and how fast their web brings them together. */
import { Measure } from '../charts/measure/Measure'
import { decimal } from '../format'
import { useSlowState } from '../node'
import { Panel } from '../ui/page/Panel'
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
      <Measure
        title={gossip.gap}
        latest={spectralGap === null ? names.nothing : decimal(spectralGap, 2, language)}
        lead={gossip.gapLead(edges.length)}
        course={null}
      />
      <Measure
        title={gossip.consensus}
        latest={latest}
        lead={gossip.consensusLead}
        course={
          consensus.length > 0
            ? {
                values: consensus,
                colour: 'var(--alarm)',
                label: merging.picture(gossip.consensus, latest),
              }
            : null
        }
      />
    </Panel>
  )
}
