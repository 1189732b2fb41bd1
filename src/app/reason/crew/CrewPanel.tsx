/** The tabs at work: which layers each holds, or how much each counts; and for the audience of a coordinator, a button that closes one. */
import { isJudged } from '../../../node/reasoning/modes'
import type { Asking } from '../../../node/reasoning/view/view'
import { Panel } from '../../ui/page/Panel'
import { useWords } from '../../words/words'
import type { People } from '../people'
import { JudgesPicture } from './JudgesPicture'
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
  const judged = asking && isJudged(asking.way) && asking.stages.length > 0
  const sees = (asking?.gains.length ?? 0) > 0
  const leads = judged
    ? words.judgesLead
    : sees
      ? words.viewsLead
      : weighs
        ? words.weightsLead
        : asking
          ? words.layersLead
          : words.crewLead
  return (
    <Panel title={words.crew} lead={leads}>
      {judged && <JudgesPicture asking={asking} people={people} />}
      {asking && !weighs && !judged && !sees && <LayerStrip asking={asking} people={people} />}
      {asking && weighs && <WeightsPicture past={asking.pastWeights} people={people} />}
      <TabCards asking={asking} people={people} />
    </Panel>
  )
}
