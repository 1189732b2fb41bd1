/**
 * The experiment as it will run: changeable in the lobby, in the middle of a run as far as tabs have not agreed on it, and
 * copied as an address that repeats it.
 */
import { toast } from 'sonner'
import { messageOf } from '../../lib/messageOf'
import { settingsToSearch } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { useNode, useNodeState } from '../node'
import { ParameterFields } from '../parameters/ParameterFields'
import { Button } from '../ui/controls/Button'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'

interface Props {
  readonly moment: 'lobby' | 'run'
  readonly className?: string
}

export function SetupPanel({ moment, className }: Props) {
  const words = useWords()
  const node = useNode()
  const settings = useNodeState((state) => state.settings)
  const configure = async (change: Partial<Settings>) => {
    try {
      await node.configure(change)
    } catch (error) {
      toast.error(words.said(messageOf(error)))
    }
  }
  const copy = async () => {
    const search = settingsToSearch({ ...settings, room: null, name: null })
    await navigator.clipboard.writeText(`${location.origin}/?${search}`)
    toast(words.parameters.copied)
  }
  return (
    <Panel
      title={words.parameters.title}
      lead={moment === 'lobby' ? words.parameters.changed : words.parameters.goesOn}
      className={className}
      aside={
        <Button look="quiet" onClick={copy}>
          {words.parameters.copy}
        </Button>
      }
    >
      <ParameterFields moment={moment} settings={settings} onChange={(change) => void configure(change)} />
    </Panel>
  )
}
