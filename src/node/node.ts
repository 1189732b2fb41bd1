/**
 * One tab = one node. Opens what a tab needs, hands it to the coordinator's or the device's file, and offers the page and
 * the automation surface one set of actions. Opening never throws: trouble becomes a problem that the page shows, and the
 * tab says `failed`.
 */
import type { TextReading } from '../corpora/own'
import { fittingName } from '../network/introduction'
import { NetworkError } from '../network/problems'
import type { Fragment, SettingProblem } from '../settings/reading'
import type { Settings } from '../settings/table'
import { whyNotSeen } from '../settings/text'
import { openCoordinator } from './coordinator/coordinator'
import { openDevice } from './device/device'
import type { OpenOffice } from './device/succeeding'
import type { Extension, OpenExtension } from './extension'
import type { GossamerNode } from './gossamerNode'
import { foundRoom, openGossip } from './gossip/open'
import { ownTextOf, readSource } from './local/ownText'
import { isCorpus } from './local/shares'
import type { Part } from './part'
import { openTabProof, type TabProof } from './reasoning/proof/tabProof'
import { openReasoning, type TabReasoning } from './reasoning/reasoning'
import { readPlainQuestion, readQuestion, readView, usualDraw } from './reasoning/wishes'
import { type Router, routerOf } from './router'
import { openCoordinatingSelf, openSelf, type Self } from './self'
import type { Problem } from './state'
import { nameFor } from './tab/names'
import { ModelUnavailable, makeTab, type Tab } from './tab/tab'
import { snapshotOf } from './tab/takeSnapshot'
import type { World } from './world'

export interface NodeOptions extends Fragment {
  readonly settings: Settings
  /** What `readSettings` could not use: shown as problems. */
  readonly problems?: readonly SettingProblem[]
}

/** @param extensions what else takes part in this tab */
export async function createNode(
  options: NodeOptions,
  world: World,
  extensions: readonly Extension[] = [],
): Promise<GossamerNode> {
  const { problems = [] } = options
  const { settings, somebody, trouble } = await settleWho(options, world)
  const key = somebody?.self.key ?? nobody
  const usual = isCoordinator(settings) ? 'Coordinator' : nameFor(key)
  const tab = makeTab(settings, key, fittingName(settings.name || usual), world.clock)
  for (const { name, message } of problems) tab.problem(`setting-${name}`, message)
  const router = routerOf(tab)
  const others: readonly Other[] = extensions.map((extension) => ({
    name: extension.name,
    opened: extension.open(tab, router),
  }))
  const reasoning = openReasoning(tab, router, world)
  const proof = openTabProof(tab, router, reasoning, world)
  let part: Part | null = null
  const leaveForGood = async () => {
    await opened
    reasoning.close()
    for (const other of others) other.opened.close()
    await part?.leave()
  }
  let leaving: Promise<void> | null = null
  const leave = () => {
    leaving ??= leaveForGood()
    return leaving
  }
  const opened = (somebody ? openPart(tab, router, somebody) : Promise.reject(trouble)).then(
    (ready) => {
      const { storage, keeping } = somebody!.self
      part = ready
      reasoning.entered(ready, storage)
      proof.entered(ready, keeping === 'lasting')
      for (const other of others) other.opened.entered(ready)
      const end = ({ code, message }: Pick<Problem, 'code' | 'message'>) => {
        if (!endings.includes(code)) return
        // At once: to it all others seem to be gone now, and their texts are not to be taken over.
        reasoning.close()
        void leave().then(() => tab.fail(code, message))
      }
      ready.network.on('problem', end)
      // It may have been said while this tab was getting ready.
      for (const problem of tab.store.getState().problems) end(problem)
    },
    (error: unknown) => fail(tab, error),
  )
  return actionsOf(tab, world, reasoning, proof, others, () => part, { opened, leave })
}

/** Who this tab is, and how it comes to its room. */
interface Somebody {
  readonly self: Self
  open(tab: Tab, router: Router): Promise<Part>
}

interface Settled {
  readonly settings: Settings
  /** Null: this tab can be nobody, because of this trouble. */
  readonly somebody: Somebody | null
  readonly trouble?: unknown
}

/** With these a tab’s part in its room is over. */
const endings: readonly string[] = ['sent-away', 'shut-out', 'succeeded']

/** A tab that cannot have a key of its own is shown all the same, with the reason. */
const nobody = 'nobody'

async function settleWho(options: NodeOptions, world: World): Promise<Settled> {
  const { keyHash, edgePass } = options
  try {
    const { settings, secret } = await foundRoom(options, world)
    return { settings, somebody: await somebodyOf(settings, { secret, keyHash, edgePass }, world) }
  } catch (trouble) {
    return { settings: options.settings, somebody: null, trouble }
  }
}

async function somebodyOf(settings: Settings, fragment: Fragment, world: World): Promise<Somebody> {
  if (isCoordinator(settings)) {
    const self = await openCoordinatingSelf(settings, fragment, world)
    return { self, open: (tab, router) => openCoordinator(tab, router, world, self) }
  }
  const self = await openSelf(settings, world)
  return {
    self,
    open: (tab, router) =>
      settings.scheme === 'gossip'
        ? openGossip(tab, router, world, fragment, self)
        : openDevice(tab, router, world, fragment, self, openOfficeIn(world)),
  }
}

/** A room that this tab has taken over is coordinated by a node of its own. */
const openOfficeIn =
  (world: World): OpenOffice =>
  async (settings, fragment) => {
    // The address stays the device's: a reload opens both again.
    const office = await createNode({ settings, ...fragment }, { ...world, showAddress() {} })
    world.coordinates(office)
    const end = office.store.subscribe(({ phase }) => {
      if (phase.kind !== 'failed') return
      end()
      world.coordinates(null)
    })
  }

function openPart(tab: Tab, router: Router, { self, open }: Somebody): Promise<Part> {
  if (self.keeping !== 'lasting') tab.problem('no-storage', whyNothingIsKept[self.keeping])
  if (self.damage !== null) tab.problem('key-damaged', self.damage)
  return open(tab, router)
}

const whyNothingIsKept = {
  refused:
    'This browser keeps nothing for this page (a private window?), so a reload would lose this tab’s part. Leave the tab open, or use an ordinary window.',
  'older-tab-open':
    'Another tab with an older version of this page is still open, so nothing of this tab can be kept and a reload would lose its part. Close the older tabs, then reload this one.',
} as const

/** Where tabs gossip, nobody is. */
const isCoordinator = ({ role, scheme }: Settings): boolean => role === 'coordinator' && scheme !== 'gossip'

function fail(tab: Tab, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof NetworkError) return tab.fail(error.problem.code, message)
  tab.fail(error instanceof ModelUnavailable ? 'no-model' : 'cannot-start', message)
}

interface Other {
  readonly name: string
  readonly opened: OpenExtension
}

function actionsOf(
  tab: Tab,
  world: World,
  reasoning: TabReasoning,
  proof: TabProof,
  others: readonly Other[],
  current: () => Part | null,
  { opened, leave }: { readonly opened: Promise<void>; leave(): Promise<void> },
): GossamerNode {
  const part = (): Part => {
    const ready = current()
    if (!ready) throw new Error('This tab is still getting ready. Try again in a moment.')
    return ready
  }
  const engine = () => {
    const running = part().engine()
    if (!running) throw new Error('This tab’s model is still loading. Try again in a moment.')
    return running
  }
  const state = () => tab.store.getState()
  const learnFrom = (readings: readonly TextReading[]) =>
    part().use({ kind: 'own', text: ownTextOf(readings) })
  return {
    store: tab.store,
    snapshot: () =>
      snapshotOf(state(), Object.fromEntries(others.map(({ name, opened }) => [name, opened.snapshot()]))),
    generate: async (request) => reasoning.generate(readQuestion(request)),
    stopAsking: reasoning.stop,
    lacks: reasoning.lacks,
    async lookAround() {
      await opened
      await reasoning.lookAround()
    },
    async prove(wish) {
      const { prompt, ...draw } = readPlainQuestion(wish)
      return proof.prove({ prompt, ...usualDraw(draw, state().settings.seed) })
    },
    stopProving: proof.stop,
    offerOwn: reasoning.offerOwn,
    see: async (text) => reasoning.see(readView(text)),
    async ask(prompt, options = {}) {
      const question = readPlainQuestion({ ...options, prompt })
      const base = await reasoning.alone(question, null)
      const own = part().alone()
      const alone = own && (await reasoning.alone(question, own))
      const federated = await reasoning.alone(question, part().adapter())
      return { prompt, base, alone, federated }
    },
    start: () => part().command('start'),
    pause: () => part().command('pause'),
    resume: () => part().command('resume'),
    stepRound: () => part().command('step'),
    stop: () => part().command('stop'),
    admit: (peer) => part().answer(peer, true),
    refuse: (peer) => part().answer(peer, false),
    setAdmitAll(admitAll) {
      tab.set({ admitAll })
      if (admitAll) for (const { peer } of state().knocks) part().answer(peer, true)
    },
    setLocked: (isLocked) => part().setLocked(isLocked),
    shutOut: (key) => part().shutOut(key),
    sendAway(peer) {
      if (!isCoordinator(state().settings)) throw new Error('Only the coordinator’s tab can do that.')
      part().network.dismiss(peer, 'sent-away')
    },
    appoint: (key, isEdge) => part().appoint(key, isEdge),
    assign: (key, override) => part().assign(key, override),
    forget: (key) => part().forget(key),
    forgetText: async (words) => part().forgetText(words),
    async configure(change) {
      const { settings } = state()
      const next = { ...settings, ...change }
      if ((next.scheme === 'gossip') !== (settings.scheme === 'gossip'))
        throw new Error('A room is opened with or without a coordinator. Open a new one to change that.')
      await part().configure(next)
    },
    readText: (source) => readSource(world.reader, source),
    useText: learnFrom,
    useFiles: async (files) => learnFrom(await readSource(world.reader, { kind: 'files', files })),
    usePaste: async (text) => learnFrom(await readSource(world.reader, { kind: 'paste', text })),
    async useCorpus(name) {
      if (!isCorpus(name)) throw new Error(`There is no corpus “${name}”.`)
      const unseen = whyNotSeen({ corpus: name, model: state().settings.model })
      if (unseen !== null) throw new Error(unseen)
      await part().use({ kind: 'corpus', name })
    },
    adapter: (id) => current()?.adapter(id) ?? null,
    rename: (name) => part().rename(fittingName(name)),
    async takeHome() {
      const { settings, version, room } = state()
      const adapter = part().adapter()
      if (!adapter || version === 0)
        throw new Error('There is nothing to take home before the first round is done.')
      const { merging, close } = world.openMerging()
      const { model, depth } = settings
      const packed = merging.pack(adapter, { model, depth }, engine().opened.adapter)
      const bytes = await packed.finally(close)
      return { fileName: `gossamer-${room}-version-${version}.zip`, bytes }
    },
    dismissProblem: (problem) => tab.set({ problems: state().problems.filter((other) => other !== problem) }),
    leave,
  }
}
