/** Opening a device's tab: it finds its room, proves that it may enter or knocks, and does there what it is told to. */
import { canonicalCode } from '../../network/ids'
import type { Network, Peer } from '../../network/network'
import { federatingOf } from '../../settings/derived/merging'
import { ownDecision } from '../../settings/ownership'
import { type Fragment, settingsToSearch } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import type { Choice } from '../local/text'
import { type Workplace, workplaceOf } from '../local/workplace'
import type { Part } from '../part'
import type { Ear, Router } from '../router'
import type { Self } from '../self'
import { showNetwork } from '../tab/showNetwork'
import type { Tab } from '../tab/tab'
import { ofAnEdgesDevices, ofElectors, ofTheCoordinator } from '../wire/letters'
import type { FromCoordinator, FromDevice } from '../wire/messages'
import type { World } from '../world'
import { tellOfAbsence } from './absence'
import { Arrivals } from './arrivals'
import { attachmentOf } from './attachment'
import { auditingOf } from './auditing'
import { beliefOf } from './belief'
import { Discretion } from './discretion'
import { holdAdapter } from './holding'
import { receiveOrders } from './intake'
import { leavingOf, showWish } from './leaving'
import { sendingOf } from './lying'
import { Masking } from './masking'
import { Outbox } from './outbox'
import { OwnEdge } from './ownEdge'
import { roomViewOf } from './roomView'
import { type OpenOffice, type Succeeding, succeedingOf } from './succeeding'
import { Work } from './work'

/** A device whose room is not there yet waits so long for it. */
const waitForRoomMs = 60_000

const onlyTheCoordinator = (): never => {
  throw new Error('Only the coordinator’s tab can do that.')
}

export async function openDevice(
  tab: Tab,
  router: Router,
  world: World,
  fragment: Fragment,
  { storage, signingKey }: Self,
  openOffice: OpenOffice,
): Promise<Part> {
  const { settings, devices } = tab.store.getState()
  if (!settings.room)
    throw new Error('This link names no room. Ask the coordinator for the room’s code or link.')
  tab.set({ phase: { kind: 'waiting-for-room' } })
  const workplace = workplaceOf(tab, storage, world.openCompute)
  const fromCoordinator = router.understand(ofTheCoordinator)
  const fromDevices = router.understand(
    ofAnEdgesDevices(() => workplace.engine()?.opened.initialAdapter.length ?? null),
  )
  const electors = router.understand(ofElectors)
  const showAddress = (secret: string, keyHash: string) =>
    world.showAddress(
      settingsToSearch(settings),
      `s=${secret}&k=${keyHash}${fragment.edgePass ? `&e=${fragment.edgePass}` : ''}`,
    )
  const succeeding = succeedingOf({
    tab,
    world,
    self: { storage, signingKey },
    code: settings.room,
    keyHash: fragment.keyHash,
    showAddress,
    openOffice,
  })
  await showWish(tab, storage)
  if (fragment.secret !== null) succeeding.knows(fragment.secret)
  await succeeding.resume()
  const network = await world.joinRoom({
    code: settings.room,
    role: settings.role === 'edge' ? 'edge' : 'device',
    name: devices.find(({ isSelf }) => isSelf)?.name ?? '',
    signingKey,
    understood: router.understood,
    secret: fragment.secret,
    publicKeyHash: succeeding.keyHash(),
    waitMs: waitForRoomMs,
    onKnocking: (phrase) => tab.set({ phase: { kind: 'knocking', phrase } }),
    onHindered: ({ code, message }) => tab.problem(code, message),
    // A guest who was let in keeps the secret in its address: a reload does not knock again.
    onCredentials({ secret, publicKeyHash }) {
      succeeding.knows(secret)
      showAddress(secret, publicKeyHash)
    },
    lineage: succeeding.lineage,
    onFollowing: succeeding.onFollowing,
    membership: succeeding.membership(),
    onMembership: succeeding.admitted,
  })
  // Whatever seemed to stand in the way did not.
  for (const code of ['room-of-equals', 'wrong-secret', 'knock-refused', 'locked', 'other-version'])
    tab.solved(code)
  tab.set({ phase: { kind: 'starting', stage: 'starting-engine', done: 0, total: 0 } })
  showNetwork(tab, network)
  const ears = { fromCoordinator, fromDevices }
  const device = attend(
    tab,
    world,
    network,
    ears,
    { storage, signingKey },
    workplace,
    succeeding,
    fragment.edgePass,
  )
  succeeding.entered(network, electors)
  router.listen(network)
  const sleep = world.keepAwake(device.pause)
  return {
    network,
    engine: () => workplace.engine(),
    adapter: device.adapter,
    alone: () => workplace.training()?.alone() ?? null,
    command: onlyTheCoordinator,
    configure: async (next) =>
      device.decide(ownDecision(tab.store.getState().settings, next) ?? onlyTheCoordinator()),
    answer: onlyTheCoordinator,
    appoint(key, isEdge) {
      if (key !== tab.selfKey) onlyTheCoordinator()
      device.volunteer(isEdge)
    },
    assign: onlyTheCoordinator,
    forget(key) {
      if (key !== tab.selfKey) onlyTheCoordinator()
      device.forget()
    },
    forgetText: device.forgetText,
    setLocked: onlyTheCoordinator,
    shutOut: onlyTheCoordinator,
    use: device.use,
    rename: device.rename,
    async leave() {
      sleep()
      await Promise.all([network.leave(), succeeding.left()])
      workplace.close()
    },
  }
}

const unsigned = ({ name }: Peer, kind: string) =>
  `${name} sent a message (${kind}) that the coordinator has not signed, and nothing of it was believed. Tell whoever opened the room if this goes on.`

interface Ears {
  readonly fromCoordinator: Ear<FromCoordinator>
  readonly fromDevices: Ear<FromDevice>
}

/** Puts together what a device in its room is: intake, work and view. It listens from now on. */
function attend(
  tab: Tab,
  { clock, identity, openMerging, memoryBytes }: World,
  network: Network,
  ears: Ears,
  { storage, signingKey }: Pick<Self, 'storage' | 'signingKey'>,
  workplace: Workplace,
  succeeding: Succeeding,
  edgePass: string | null,
) {
  const settings = () => tab.store.getState().settings
  const isOpenedAsEdge = settings().role === 'edge'
  const outbox = new Outbox(network, clock, tab.selfKey)
  const { say } = outbox
  const holding = holdAdapter(() => federatingOf(settings()), sendingOf(settings))
  const ownEdge = new OwnEdge({ tab, clock, identity, network, outbox, holding, workplace, openMerging })
  const arrivals = new Arrivals({ tab, holding, workplace, ownEdge })
  const masking = new Masking(tab, identity, signingKey)
  const work = new Work({
    tab,
    clock,
    storage,
    workplace,
    holding,
    arrivals,
    masking,
    say,
    discretion: new Discretion({ tab, storage, randomBytes: identity.randomBytes }),
    auditing: auditingOf(tab, workplace),
    memoryBytes: memoryBytes(),
  })
  const leave = async () => void (await Promise.all([network.leave(), succeeding.left()]))
  const attachment = attachmentOf({
    network,
    selfKey: tab.selfKey,
    toEdge: (edge, message) => outbox.toEdge(edge, message),
    toCoordinator: say,
  })
  const leaving = leavingOf({ tab, storage, workplace, holding, arrivals, attachment, work, say, leave })
  const volunteer = (isEdge: boolean) => say({ type: 'volunteer', isEdge, pass: edgePass })
  receiveOrders({
    tab,
    network,
    belief: beliefOf({
      network,
      identity,
      code: canonicalCode(tab.store.getState().room),
      doubt: ({ from, message }) => tab.problem('not-signed', unsigned(from, message.type)),
    }),
    fromCoordinator: ears.fromCoordinator,
    fromDevices: ears.fromDevices,
    outbox,
    attachment,
    arrivals,
    masking,
    work,
    leaving,
    ownEdge,
    succeeding,
    room: roomViewOf(tab, () => workplace.engine() !== null),
    // Not on joining: a coordinator that is still loading its model hears nobody yet.
    welcomed: () => isOpenedAsEdge && volunteer(true),
  })
  tellOfAbsence(tab, network, succeeding.membership() !== null, () => arrivals.turnTo(null))
  return {
    /** The merged adapter this tab holds. */
    adapter: () => holding.own()?.bytes ?? null,
    use: (choice: Choice) => work.use(choice),
    forget: () => leaving.everything(),
    forgetText: (words: string) => leaving.text(words),
    decide: (decision: Partial<Settings>) => work.decide(decision),
    /** Says whether it would merge for others. */
    volunteer,
    pause: (isPaused: boolean) => work.show(isPaused ? 'paused' : 'idle'),
    rename(name: string) {
      tab.setDevice(tab.selfKey, { name })
      say({ type: 'rename', name })
    },
  }
}
