/** The tabs at work: which layers each holds, or how much each counts; and for the audience of a coordinator, a button that closes one. */
import type { Asking } from '../../../node/reasoning/view'
import { Panel } from '../../ui/page/Panel'
import { useWords } from '../../words/words'
import type { People } from '../people'
import { LayerStrip } from './LayerStrip'
import { TabCards } from './TabCards'
import { WeightsPicture } from './WeightsPicture'

interface Props {
  readonly asking: Asking | null
  readonly people: People
}

export function CrewPanel({ asking, people }: Props) {
  const { reason: words } = useWords()
  const weighs = (asking?.weights.length ?? 0) > 0
  const leads = asking && !weighs ? words.layersLead : weighs ? words.weightsLead : words.crewLead
  return (
    <Panel title={words.crew} lead={leads}>
      {asking && !weighs && <LayerStrip asking={asking} people={people} />}
      {asking && weighs && <WeightsPicture past={asking.pastWeights} people={people} />}
      <TabCards asking={asking} people={people} />
    </Panel>
  )
}
