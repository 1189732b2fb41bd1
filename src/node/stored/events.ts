/**
 * Events as they lie in the coordinator's stored log: a schema for each kind that `federation/types.ts` knows. A kind that
 * is added there is a type error here. The event that was stored is used as it is; a schema only says whether it may be.
 */
import { z } from 'zod'
import type { FederationEvent } from '../../federation/types'
import { readBy } from '../../lib/schema'
import {
  adapterId,
  assignment,
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

type Fields<Type> = Omit<Extract<FederationEvent, { readonly type: Type }>, 'type' | 'atMs'>

const device = z.object({ device: deviceKey })
const ofDevice = { device: deviceKey, version: whole }
const name = { adapter: adapterId, version: whole }
const timers = ['deadline', 'grace', 'acknowledgement', 'buffer', 'group', 'window', 'return'] as const
const commands = ['start', 'pause', 'resume', 'step', 'stop'] as const

const fields: { readonly [Type in FederationEvent['type']]: z.ZodType<Fields<Type>> } = {
  'device-joined': device,
  'text-held': z.object({ device: deviceKey, examples: whole }),
  'device-left': device,
  'device-paused': device,
  'device-resumed': device,
  measured: z.object({ device: deviceKey, capability: measuredCapability }),
  'assignment-overridden': z.object({ device: deviceKey, override }),
  'edge-volunteered': z.object({ device: deviceKey, volunteers: z.boolean() }),
  'edge-appointed': z.object({ device: deviceKey, isEdge: z.boolean() }),
  'update-arrived': z.object({ ...ofDevice, round: whole, examples: whole }),
  'update-refused': z.object({ device: deviceKey, round: whole, reason }),
  merged: z.object({ ...name, round: whole, adapterHash: hash }),
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
  'timer-fired': z.object({ timer: z.object({ name: z.enum(timers), adapter: adapterId, round: whole }) }),
  command: z.object({ command: z.enum(commands) }),
  configured: z.object({ config: federationConfig }),
  switched: z.object({ config: federationConfig }),
  'coordinator-resumed': z.object({}),
  recovered: z.object({ config: federationConfig, version: whole, completedRounds: whole, why: reason }),
  'edge-ordered': z.object({
    ...name,
    round: whole,
    edgeRounds: whole,
    steps: whole,
    proximal: notNegative,
    devices: deviceKeys,
    assigned: z.record(deviceKey, assignment).nullable(),
    deadlineMs: notNegative,
  }),
  'edge-devices': z.object({ round: whole, devices: deviceKeys }),
  'adapter-arrived': z.object(name),
  heard: z.object({ ...ofDevice, adapterHash: hash, degree: whole, share: notNegative }),
  pulled: z.object(ofDevice),
  'share-taken': z.object(ofDevice),
  'pull-missed': z.object(ofDevice),
}

const known = Object.keys(fields) as FederationEvent['type'][]
const head = z.object({ type: z.enum(known), atMs: z.number() })

/** Whether this is an event that the reducer can be given. Says nothing of whether it fits the events before it. */
export function isEvent(stored: unknown): stored is FederationEvent {
  const { success, data } = readBy(head, stored)
  return success && readBy(fields[data.type], stored).success
}
