/**
 * What the reducer costs as devices become many. Its work for one event must not grow with how many devices there are, or
 * that of a round grows with their square: four times the devices may cost little more per event, never four times as much.
 */
import { describe, expect, it } from 'vitest'
import { defaultConfig } from './config'
import { initialState, step } from './federation'
import { type CoordinatedName, coordinated } from './schemes/registry'
import type { CoordinatorEffect, CoordinatorHappening, FederationConfig } from './types'

/** What becomes of an effect where all devices answer at once. */
function answersTo(effect: CoordinatorEffect): CoordinatorHappening[] {
  switch (effect.type) {
    case 'order': {
      const { round, version } = effect
      return effect.to.map((device) => ({ type: 'update-arrived', device, round, version, examples: 4 }))
    }
    case 'order-edge': {
      const { round, version, devices } = effect.order
      const examples = 4 * devices.length
      return [{ type: 'update-arrived', device: effect.to, round, version, examples }]
    }
    case 'announce': {
      const { adapter, version } = effect
      return effect.to.map((device) => ({ type: 'loaded', device, adapter, version }))
    }
    case 'merge': {
      const { adapter, version, round } = effect
      return [{ type: 'merged', adapter, version, round, adapterHash: 'h' }]
    }
    case 'compare': {
      const { round, devices, landmarks } = effect
      const groupOf = (device: string) => Number(device) % 2
      const gram = devices.map((a) => landmarks.map((b) => Number(groupOf(a) === groupOf(b))))
      return [{ type: 'compared', round, devices, landmarks, gram, norms: devices.map(() => 1) }]
    }
    default:
      return []
  }
}

/** Microseconds of this thread per event, from the first to the last round. */
function costOf(scheme: CoordinatedName, devices: number): number {
  const config: FederationConfig = {
    ...defaultConfig,
    scheme,
    rounds: 8,
    hierarchical: { ...defaultConfig.hierarchical, appointed: Math.ceil(devices / 8) },
  }
  let state = initialState(config)
  let events = 0
  const happen = (event: CoordinatorHappening): CoordinatorHappening[] => {
    const [next, effects] = step(state, { ...event, atMs: events++ })
    state = next
    return effects.flatMap(answersTo)
  }
  for (let device = 0; device < devices; device++) {
    happen({ type: 'device-joined', device: `${device}` })
    happen({ type: 'text-held', device: `${device}`, examples: 4 })
  }
  const before = process.cpuUsage()
  let waiting = happen({ type: 'command', command: 'start' })
  while (waiting.length > 0 && state.control.kind === 'running') waiting = waiting.flatMap(happen)
  expect(state.completedRounds).toBe(8)
  return process.cpuUsage(before).user / events
}

describe('the reducer', () => {
  it.each(Object.keys(coordinated) as CoordinatedName[])(
    '%s: costs no more per event where devices are many',
    (scheme) => {
      costOf(scheme, 400) // warm
      const [few, many] = [400, 1600].map((devices) => costOf(scheme, devices))
      console.log(`${scheme}: ${few.toFixed(1)} µs per event with 400 devices, ${many.toFixed(1)} with 1,600`)
      expect(many / few).toBeLessThan(3)
    },
  )
})
