/** Who would carry the room on without its coordinator; and, once it is lost, that the devices elect. */
import { useNodeState } from '../node'
import { useWords } from '../words/words'

export function Heirs() {
  const words = useWords()
  const { heirs, isElecting } = useNodeState((state) => state.succession)
  const isHeir = useNodeState((state) => state.succession.heirs.includes(state.selfKey))
  const isCoordinator = useNodeState((state) => state.role === 'coordinator')
  const devices = useNodeState((state) => state.devices)
  if (isElecting) return <p>{words.lobby.electing}</p>
  if (isHeir) return <p>{words.lobby.isHeir}</p>
  const names = heirs.flatMap((heir) => devices.find(({ key }) => key === heir)?.name ?? [])
  return isCoordinator && names.length > 0 ? <p>{words.lobby.heirs(names.join(', '))}</p> : null
}
