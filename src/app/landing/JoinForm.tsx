/** Joining by a code read off somebody's screen, or by a pasted invite. */
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import { CodeForm } from './CodeForm'

export function JoinForm({ className }: { readonly className?: string }) {
  const words = useWords()
  return (
    <Panel title={words.landing.join} lead={words.landing.joinLead} className={className}>
      <CodeForm />
    </Panel>
  )
}
