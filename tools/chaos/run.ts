/** One schedule, from the first tab to the end of the run: what befell the room, and what did not hold. */
import type { SchemeName } from '../../src/federation/types'
import { quadraticTrainer } from '../../src/lab/training/quadratic'
import { virtualClock } from '../../src/network/time/virtual-clock'
import type { GossamerNode } from '../../src/node/gossamerNode'
import { privacyOf } from '../../src/settings/derived/privacy'
import type { Violation } from './invariants/violation'
import { type ChaosRoom, coordinating, openChaosRoom } from './room'
import { type Act, allDevices, coordinatorKey, type Schedule } from './schedule'
import { hasCoordinator, isEdge, leastDevices, queryOf, settingsOf } from './schemes'
import { watchOf } from './watch'

/** How long a run may take once nothing is in its way: a first round may wait for an hour. */
const patienceMs = 75 * 60_000
/** Somebody sees that it has paused, and goes on. */
const lookEveryMs = 10_000

/** @param tell hears what happens, line by line @param query what is run, if it is not what the seed draws */
export async function runChaos(
  scheme: SchemeName,
  schedule: Schedule,
  tell: (line: string) => void = () => {},
  query = queryOf(scheme, schedule.seed),
): Promise<readonly Violation[]> {
  const clock = virtualClock()
  const everybody = [coordinatorKey, ...allDevices(schedule)]
  const trainer = quadraticTrainer({
    devices: everybody.length,
    seed: schedule.seed,
    groups: 2,
    spread: 0.3,
    noise: 0.01,
  })
  const settings = settingsOf(query)
  const when = () => `${(clock.now() / 1000).toFixed(1)} s`
  const timed = (line: string) => tell(`${when()} ${line}`)
  const watch = watchOf({
    opened: trainer.opened,
    takesOnce: settings.scheme === 'gossip' && settings.mixing === 'push-sum',
    privacy: privacyOf(settings),
    now: () => clock.now(),
    when,
    tell: timed,
  })
  const room = await openChaosRoom({
    clock,
    trainer,
    indexOf: (key) => everybody.indexOf(key),
    seed: schedule.seed,
    query,
    hasCoordinator: hasCoordinator(scheme),
    isEdge: (key) => isEdge(scheme, schedule.seed, key),
    watcher: watch,
  })
  const isBroken = () => {
    watch.look(room)
    return watch.violations.length > 0
  }
  const thrown = (error: unknown) =>
    watch.note('nothing throws', error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.on('unhandledRejection', thrown)
  try {
    if (hasCoordinator(scheme)) await room.open(coordinatorKey)
    for (const [at, key] of schedule.devices.entries()) clock.after(500 * at, () => void room.open(key))
    for (const act of schedule.acts)
      clock.after(act.atMs, () => {
        timed(`--- ${JSON.stringify(act)}`)
        perform(act, room, clock.after)
      })
    clock.after(schedule.calmAtMs, () => calm(room))
    await clock.run(schedule.calmAtMs, isBroken)
    const endMs = schedule.calmAtMs + patienceMs
    while (!isBroken() && !isFinished(room) && clock.now() < endMs) {
      goOn(room)
      await clock.run(clock.now() + lookEveryMs, isBroken)
    }
    const isLost = coordinating(room) === null && hasCoordinator(scheme)
    const needed = settings.secure ? leastDevices(scheme, schedule.seed) : 1
    const maySurvive = isLost ? watch.canElect(room) : watch.mayEnd(needed)
    if (watch.violations.length === 0 && !isFinished(room) && maySurvive)
      watch.note(
        'a run goes on while a quorum lives',
        `nothing more came of it until ${clock.now() / 1000} s: ${whereItStands(room)}`,
      )
    await clock.run(clock.now() + 25_000, isBroken)
    if (watch.violations.length === 0 && (isLost || isFinished(room))) watch.end(room)
  } catch (error) {
    thrown(error)
  } finally {
    process.off('unhandledRejection', thrown)
  }
  return watch.violations
}

function perform(act: Act, room: ChaosRoom, after: (delayMs: number, action: () => void) => unknown): void {
  switch (act.do) {
    case 'join':
      return void room.open(act.key)
    case 'leave':
      return room.leave(act.key)
    case 'kill':
      return room.kill(act.key)
    case 'end':
      return room.end()
    case 'reload':
      if (!room.tabs.has(act.key)) return
      if (act.isCrash) room.kill(act.key)
      else room.leave(act.key)
      return void after(act.afterMs, () => void room.open(act.key))
    case 'freeze': {
      const life = room.tabs.get(act.key)?.life
      life?.freeze()
      return void after(act.forMs, () => life?.thaw())
    }
    case 'partition':
      room.partition(new Set(act.keys))
      return void after(act.forMs, () => room.partition(new Set()))
    case 'delay':
      room.weather.delayMs.set(act.key, act.byMs)
      return void after(act.forMs, () => room.weather.delayMs.delete(act.key))
    case 'duplicate':
      room.weather.repeats.add(act.key)
      return void after(act.forMs, () => room.weather.repeats.delete(act.key))
    case 'slow-disk':
      room.diskOf(act.key).slowDown(act.byMs)
      return void after(act.forMs, () => room.diskOf(act.key).slowDown(0))
    case 'full-disk':
      room.diskOf(act.key).fill(true)
      return void after(act.forMs, () => room.diskOf(act.key).fill(false))
    case 'clock-jump':
      room.weather.aheadMs.set(act.key, act.byMs)
      if (!room.tabs.has(act.key)) return
      room.kill(act.key)
      return void after(1_000, () => void room.open(act.key))
    case 'lost-gpu':
      room.weather.gpuLost.add(act.key)
      return void after(act.forMs, () => room.weather.gpuLost.delete(act.key))
    case 'forget': {
      const node = room.tabs.get(act.key)?.node
      try {
        node?.forget(act.key)
      } catch {} // its room does not know it yet
      return
    }
    case 'command': {
      const node = room.tabs.get(act.key)?.node
      try {
        node?.[act.command]()
      } catch {} // still getting ready: nobody can press the button yet
    }
  }
}

function calm(room: ChaosRoom): void {
  room.partition(new Set())
  room.weather.delayMs.clear()
  room.weather.repeats.clear()
  room.weather.gpuLost.clear()
  for (const [key, { life }] of room.tabs) {
    life.thaw()
    room.diskOf(key).slowDown(0)
    room.diskOf(key).fill(false)
  }
}

/** What a person would press: a run that waits for somebody is no run that hangs. */
function goOn(room: ChaosRoom): void {
  for (const [key, { node, office }] of [...room.tabs]) {
    for (const each of office ? [node, office] : [node]) press(each)
    // Its room was not there when it came, or has another coordinator now: somebody opens it anew.
    const { phase, role } = node.store.getState()
    if (phase.kind !== 'failed' || role === 'coordinator') continue
    room.kill(key)
    void room.open(key)
  }
}

function press(node: GossamerNode): void {
  const { role, settings, phase } = node.store.getState()
  if (role !== 'coordinator' && settings.scheme !== 'gossip') return
  if (phase.kind === 'lobby') node.start()
  if (phase.kind === 'paused') node.resume()
}

const isFinished = ({ tabs }: ChaosRoom): boolean =>
  tabs.size > 0 &&
  [...tabs.values()]
    .flatMap(({ node, office }) => (office ? [node, office] : [node]))
    .filter((node) => !isGivenUp(node))
    .every((node) => node.store.getState().phase.kind === 'finished')

/** A coordinator that has come back, and was told that its room has another one. */
const isGivenUp = ({ store }: GossamerNode): boolean => {
  const { role, phase, problems } = store.getState()
  return (
    role === 'coordinator' && phase.kind === 'failed' && problems.some(({ code }) => code === 'succeeded')
  )
}

const whereItStands = ({ tabs }: ChaosRoom): string =>
  [...tabs]
    .flatMap(([key, { node, office }]) => [
      [key, node] as const,
      ...(office ? [[`office of ${key}`, office] as const] : []),
    ])
    .map(([key, node]) => {
      const { phase, round, version } = node.store.getState()
      return `${key}: ${phase.kind}, round ${round.number} ${round.stage}, version ${version}`
    })
    .join('; ')
