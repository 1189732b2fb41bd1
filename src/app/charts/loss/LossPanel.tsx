/** The loss curves with their title. */
import { Panel } from '../../ui/page/Panel'
import { useWords } from '../../words/words'
import { LossChart } from './LossChart'

export function LossPanel({ className }: { readonly className?: string }) {
  const words = useWords()
  return (
    <Panel title={words.loss.title} lead={words.loss.lead} tour="loss" className={className}>
      <LossChart />
    </Panel>
  )
}
