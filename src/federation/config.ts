/**
 * What a federation is told before it starts, and may be told again while it runs: what is common to all schemes, which
 * scheme runs, and under each scheme's name what is its own (schemes/). The values that stand here and there are the
 * literature's where there is one (docs/federation.md names the sources).
 */
import { z } from 'zod'
import type { CommonConfig } from './run'
import { type ConfigOf, type SchemeName, schemes } from './schemes/registry'
import type { SchemeProperties } from './schemes/scheme'

export type OwnConfigs = {
  readonly [Name in SchemeName as ConfigOf<Name> extends null ? never : Name]: ConfigOf<Name>
}

export interface FederationConfig extends CommonConfig, OwnConfigs {
  readonly scheme: SchemeName
}

/**
 * The own settings of all these schemes, each under its scheme's name. What is not there is what stands where nobody says
 * otherwise, so a record from before a setting, or a scheme, was thought of still reads.
 */
export const ownConfigsOf = (
  registry: Readonly<Record<string, Pick<SchemeProperties<string, unknown>, 'name' | 'config'>>>,
) =>
  z.object(
    Object.fromEntries(
      Object.values(registry).flatMap(({ name, config }) => (config ? [[name, config.prefault({})]] : [])),
    ),
  )

// The compiler cannot follow an object over a registry's keys; `OwnConfigs` is read off the same registry.
export const ownConfigs = ownConfigsOf(schemes) as unknown as z.ZodType<OwnConfigs>

export const defaultConfig: FederationConfig = {
  ...ownConfigs.parse({}),
  scheme: 'synchronous',
  mostKnown: null,
  rounds: 10,
  localSteps: 20,
  autostart: null,
  seed: 7,
  fractionTrain: 1,
  overSelection: 0,
  waitsForAll: false,
  proximal: 0,
  allocation: null,
  ledger: false,
  secure: false,
}

export { topologies } from './analysis/topology'
// The words that settings may have, beside the schemes' names.
export type { AllocationConfig } from './resources/allocation'
export { stalenessNames } from './schemes/asynchronous/staleness'
export { asynchronousMethods } from './schemes/asynchronous/state'
export { type GossipConfig, mixings } from './schemes/gossip/state'
export { type SchemeName, schemeNames } from './schemes/registry'
