/**
 * Events as they lie in the coordinator's stored log: a schema for each kind that it can hear (`federation/federation.ts`). A kind that
 * is added there is a type error here.
 */
import { z } from 'zod'
import { secureSteps, timerNames } from '../../federation/events'
import type { CoordinatorEvent } from '../../federation/types'
import { readBy } from '../../lib/schema'
import {
  adapterId,
  deviceKey,
  deviceKeys,
  federationConfig,
  hash,
  measuredCapability,
  notNegative,
  override,
  reason,
  whole,
} from './config'

type Fields<Type> = Omit<Extract<CoordinatorEvent, { readonly type: Type }>, 'type' | 'atMs'>

const device = z.object({ device: deviceKey })
const ofDevice = { device: deviceKey, version: whole }
const name = { adapter: adapterId, version: whole }
const commands = ['start', 'pause', 'resume', 'step', 'stop'] as const

const fields: { readonly [Type in CoordinatorEvent['type']]: z.ZodType<Fields<Type>> } = {
  'device-joined': device,
  'text-held': z.object({ device: deviceKey, examples: whole, isSpent: z.boolean().optional() }),
  'device-left': device,
  'device-paused': device,
  'device-resumed': device,
  measured: z.object({ device: deviceKey, capability: measuredCapability }),
  'assignment-overridden': z.object({ device: deviceKey, override }),
  'forget-asked': z.object({ device: deviceKey, of: z.enum(['everything', 'text']) }),
  'edge-volunteered': z.object({ device: deviceKey, volunteers: z.boolean() }),
  'edge-appointed': z.object({ device: deviceKey, isEdge: z.boolean() }),
  'update-arrived': z.object({ ...ofDevice, round: whole, examples: whole, within: z.number().optional() }),
  'update-refused': z.object({ device: deviceKey, round: whole, reason }),
  'step-taken': z.object({ device: deviceKey, round: whole, step: z.enum(secureSteps) }),
  merged: z.object({
    ...name,
    round: whole,
    adapterHash: hash,
    contributions: z
      .array(z.object({ device: deviceKey, weight: notNegative, length: notNegative }))
      .optional(),
  }),
  'merge-failed': z.object({ adapter: adapterId, round: whole, reason }),
  loaded: z.object({ ...name, device: deviceKey }),
  compared: z.object({
    round: whole,
    devices: deviceKeys,
    landmarks: deviceKeys,
    gram: z.array(z.array(z.number())),
    norms: z.array(z.number()),
  }),
  tried: z.object({ device: deviceKey, round: whole, losses: z.record(adapterId, z.number()) }),
  'timer-fired': z.object({
    timer: z.object({ name: z.enum(timerNames), adapter: adapterId, round: whole }),
  }),
  command: z.object({ command: z.enum(commands) }),
  configured: z.object({ config: federationConfig }),
  switched: z.object({ config: federationConfig }),
  'coordinator-resumed': z.object({}),
  recovered: z.object({ config: federationConfig, version: whole, completedRounds: whole, why: reason }),
}

const known = Object.keys(fields) as CoordinatorEvent['type'][]
const head = z.object({ type: z.enum(known), atMs: z.number() })

/**
 * The event that the reducer is to be given, with what is younger than the record as it stands where nobody says otherwise;
 * null: this is none. Says nothing of whether it fits the events before it.
 */
export function readEvent(stored: unknown): CoordinatorEvent | null {
  if (!isEvent(stored)) return null
  switch (stored.type) {
    case 'configured':
    case 'switched':
    case 'recovered':
      return { ...stored, config: federationConfig.parse(stored.config) }
    default:
      return stored
  }
}

function isEvent(stored: unknown): stored is CoordinatorEvent {
  const { success, data } = readBy(head, stored)
  return success && readBy(fields[data.type], stored).success
}
