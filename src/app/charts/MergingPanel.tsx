/** What merging costs: the distortion of each merge, how old updates were where nobody waits, bytes where there are edges. */
import type { RoundRecord } from '../../node/roundRecord'
import { useSlowState } from '../node'
import { Panel } from '../ui/page/Panel'
import { TableBehind } from '../ui/table/TableBehind'
import { useWords } from '../words/words'
import { Measure } from './measure/Measure'

/** Below this a share is rounding. */
const negligible = 1e-5

export function MergingPanel() {
  const words = useWords()
  const history = useSlowState((state) => state.history)
  const distorted = history.filter(({ distortion }) => distortion !== null)
  const aged = history.filter(({ staleness }) => staleness !== null)
  const tiered = history.filter(({ lanBytes }) => lanBytes !== null)
  if (distorted.length === 0 && aged.length === 0 && tiered.length === 0) return null
  const { merging, edges } = words
  const share = (value: number | null) =>
    value === null ? words.web.nothing : value < negligible ? merging.exact : merging.share(value)
  const age = (value: { readonly mean: number; readonly largest: number } | null) =>
    value === null ? words.web.nothing : merging.stale(value.mean, value.largest)
  const traffic = (record?: RoundRecord) =>
    record?.lanBytes == null
      ? words.web.nothing
      : edges.nearAndFar(words.bytes(record.lanBytes), words.bytes(record.bytes))
  const figures = [
    {
      title: merging.distortion,
      lead: merging.distortionLead,
      colour: 'var(--alarm)',
      latest: share(distorted.at(-1)?.distortion ?? null),
      values: distorted.map(({ distortion }) => distortion ?? 0),
      largest: undefined,
    },
    {
      title: merging.staleness,
      lead: merging.stalenessLead,
      colour: 'var(--ink-soft)',
      latest: age(aged.at(-1)?.staleness ?? null),
      values: aged.map(({ staleness }) => staleness?.mean ?? 0),
      largest: aged.map(({ staleness }) => staleness?.largest ?? 0),
    },
    {
      title: edges.traffic,
      lead: edges.trafficLead,
      colour: 'var(--ink-soft)',
      latest: traffic(tiered.at(-1)),
      values: tiered.map(({ lanBytes }) => lanBytes ?? 0),
      largest: undefined,
    },
  ].filter(({ values }) => values.length > 0)
  return (
    <Panel title={merging.title} lead={merging.lead}>
      {figures.map(({ title, lead, latest, ...course }) => (
        <Measure
          key={title}
          title={title}
          lead={lead}
          latest={latest}
          course={{ ...course, label: merging.picture(title, latest) }}
        />
      ))}
      <TableBehind
        title={merging.table}
        columns={[words.loss.round, merging.distortion, merging.staleness, edges.traffic]}
        grows
        rows={() =>
          history.map((record) => [
            String(record.round),
            share(record.distortion),
            age(record.staleness),
            traffic(record),
          ])
        }
      />
    </Panel>
  )
}
