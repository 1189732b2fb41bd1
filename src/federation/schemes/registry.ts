/** Every scheme there is. A new one is one file beside this and one line here (docs/contributing.md). */
import type { z } from 'zod'
import { asynchronous } from './asynchronous/asynchronous'
import { clustered } from './clustered/clustered'
import { gossip } from './gossip/gossip'
import { hierarchical } from './hierarchical/hierarchical'
import type { Progress, Scheme } from './scheme'
import { synchronous } from './synchronous'

/** Those that a coordinator runs. */
export const coordinated = { synchronous, clustered, hierarchical, asynchronous } as const

export const schemes = { ...coordinated, gossip } as const

export type CoordinatedName = keyof typeof coordinated
export type SchemeName = keyof typeof schemes
export const schemeNames = Object.keys(schemes) as readonly SchemeName[]

/** A scheme as one of several: it is given its own progress, and gives it back. */
export type AnyScheme = Omit<Scheme<Progress>, 'config'>
export type Schemes = Readonly<Record<string, AnyScheme>>

/** How a scheme is set itself; null: by nothing of its own. */
export type ConfigOf<Name extends SchemeName> =
  Exclude<(typeof schemes)[Name]['config'], null> extends z.ZodType<infer Config> ? Config : never
