/**
 * The reducer's settings as they lie in a stored log or state. What outlives a reload is as foreign as a message: it was
 * written by another version of this page, by an extension, or by a disk that failed. `federation/config.ts` says what the
 * fields mean; a field that is added there is a type error here.
 */
import { z } from 'zod'
import { defaultConfig, type FederationConfig, ownConfigs, schemeNames } from '../../federation/config'
import { type Assignment, basePrecisions, type Capability } from '../../federation/resources/allocation'
import type { CommonConfig } from '../../federation/run'

export const whole = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
export const positive = z.number().positive()
export const share = z.number().min(0).max(1)
export const notNegative = z.number().nonnegative()
export const deviceKey = z.string().max(64)
/** `global`, `cluster-2`, `edge-<key>`, `device-<key>`. */
export const adapterId = z.string().min(1).max(80)
export const deviceKeys = z.array(deviceKey).max(10_000)
/** A sentence for people. */
export const reason = z.string().max(4000)
export const hash = z.string().regex(/^[0-9a-f]{64}$/)

const assignmentFields = z.object({
  rank: whole.min(1).max(4096),
  steps: whole.max(1_000_000),
  batch: whole.min(1).max(4096),
  precision: z.enum(basePrecisions),
})
export const assignment: z.ZodType<Assignment> = assignmentFields
export const override: z.ZodType<Partial<Assignment>> = assignmentFields.partial()

const capabilityFields = z.object({
  tokensPerSecond: notNegative.nullable(),
  tokensPerRow: notNegative.nullable(),
  memoryBytes: notNegative.nullable(),
  roundTripMs: notNegative.nullable(),
  edgeRoundTripsMs: z.record(deviceKey, notNegative),
})
export const capability: z.ZodType<Capability> = capabilityFields
export const measuredCapability: z.ZodType<Partial<Capability>> = capabilityFields.partial()

const allocation: z.ZodType<FederationConfig['allocation']> = z
  .object({
    rank: whole.min(1),
    leastRank: whole.min(1),
    batch: whole.min(1),
    precision: z.enum(basePrecisions),
    leastSteps: whole,
    mostSteps: whole,
    deadlineMs: positive,
    tokensPerRow: positive,
    parameters: whole,
    bytesPerRow: notNegative,
    overrides: z.record(deviceKey, override),
  })
  .nullable()

const common: z.ZodType<CommonConfig & Pick<FederationConfig, 'scheme'>> = z.object({
  scheme: z.enum(schemeNames),
  rounds: whole.min(1).max(1_000_000),
  localSteps: whole.min(1).max(1_000_000),
  autostart: whole.nullable(),
  // Younger than the records that this page may find.
  mostKnown: whole.nullable().default(defaultConfig.mostKnown),
  seed: z.number().int(),
  fractionTrain: share,
  overSelection: notNegative,
  waitsForAll: z.boolean(),
  proximal: notNegative,
  allocation,
  ledger: z.boolean().default(defaultConfig.ledger),
  secure: z.boolean().default(defaultConfig.secure),
})

/** What is a scheme's own is checked by what the scheme says itself. */
export const federationConfig: z.ZodType<FederationConfig> = common.and(ownConfigs)
