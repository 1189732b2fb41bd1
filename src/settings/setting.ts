/**
 * What is said of one setting: a row of the table. Everything that reads, shows, sends or applies settings reads these
 * columns; nothing else knows a setting by its name but the code that uses its value.
 */
import { isBase } from '../corpora/pretraining'
import type { AggregationName } from '../federation/aggregation/registry'
import type { RobustChain } from '../federation/aggregation/robust/chain'
import { defaultConfig, type FederationConfig, type OwnConfigs, type SchemeName } from '../federation/config'
import { schemes } from '../federation/schemes/registry'
import type { Kind } from './kinds'

/**
 * Whose word stands in a tab: its own, its own where it says something and else the room's, or the room's. What is `agreed`
 * is the room's too, and where nobody coordinates a tab whose address says otherwise cannot take part.
 */
export type Owner = 'tab' | 'tab-else-room' | 'room' | 'agreed'

/** `opening`: it stands once the tab is open. `lobby`: until rounds begin. `running`: also for orders that are yet to come. */
type Change = 'opening' | 'lobby' | 'running' | 'always'

/**
 * What is made from it, and anew where it changes: the engine with the model and the adapter on it, the generated text, an
 * order to train, or the rule and the coding by which adapters are merged and sent.
 */
export type Making = 'engine' | 'text' | 'order' | 'merging'

/** Where the reducer knows it: a field of its config, or of one scheme's part of it. */
interface ReducerPlace {
  readonly part: SchemePart | null
  readonly field: string
}
/** The schemes that have settings of their own. */
export type SchemePart = keyof OwnConfigs

export const pageGroups = ['training', 'text', 'scheme', 'merging', 'trust', 'adapter'] as const
export type PageGroup = (typeof pageGroups)[number]

/** `experiment` is what a person looks at first; `scheme` belongs to the one that is chosen. */
export const labThemes = ['experiment', 'training', 'devices', 'server', 'scheme', 'trust'] as const
export type LabTheme = (typeof labThemes)[number]

/** What the meaning of other settings hangs on. */
export interface Choices {
  readonly model: string
  readonly scheme: SchemeName
  readonly aggregation: AggregationName
  readonly compression: string
  readonly robust: RobustChain
  readonly attack: string
  readonly fractionTrain: number
  readonly allocation: 'even' | 'by-speed'
  readonly clusterBy: 'similarity' | 'loss'
  readonly clusterMixing: number
  readonly asyncMethod: string
  readonly topology: string
  readonly privacy: 'none' | 'client' | 'example'
  readonly secure: boolean
}

export interface Setting<Value> {
  readonly kind: Kind<Value>
  /** What stands where nobody says. */
  readonly usual: Value
  /** Another usual value where the rest asks for one. */
  usualFor(chosen: Choices): Value
  readonly owner: Owner
  readonly changes: Change
  readonly makes: readonly Making[]
  readonly reducer: ReducerPlace | null
  /** Its place among the page's controls; null: it has none there. */
  readonly page: PageGroup | null
  /** Its place in the Lab and as a flag of `simulate`; null: a simulation does not know it. */
  readonly lab: LabTheme | null
  /** Whether it means something beside what is chosen in the others. */
  isMeant(chosen: Choices): boolean
}

export type Table = Readonly<Record<string, Setting<unknown>>>
export type ValuesOf<Rows extends Table> = {
  readonly [Name in keyof Rows]: Rows[Name] extends Setting<infer Value> ? Value : never
}

/** The columns in which a row is not like most. */
export type Columns<Value = never> = Partial<Omit<Setting<Value>, 'kind' | 'usual'>>

/** A room's setting that stands once rounds begin and has no place anywhere, but for what `columns` say. */
export const setting = <Value>(
  kind: Kind<Value>,
  usual: Value,
  columns: Columns<Value> = {},
): Setting<Value> => ({
  kind,
  usual,
  usualFor: () => usual,
  owner: 'room',
  changes: 'lobby',
  makes: [],
  reducer: null,
  page: null,
  lab: null,
  isMeant: () => true,
  ...columns,
})

/** A tab's own business. */
export const ofTab = <Value>(kind: Kind<Value>, usual: Value, columns: Columns<Value> = {}): Setting<Value> =>
  setting(kind, usual, { owner: 'tab', changes: 'opening', ...columns })

/** The reducer's setting of every scheme, which also has its usual value. */
export const ofReducer = <Field extends keyof FederationConfig & string>(
  field: Field,
  kind: Kind<FederationConfig[Field]>,
  columns: Columns<FederationConfig[Field]> = {},
): Setting<FederationConfig[Field]> =>
  setting(kind, defaultConfig[field], { changes: 'running', reducer: { part: null, field }, ...columns })

/** The reducer's setting of one scheme. */
export const ofScheme = <Part extends SchemePart, Field extends keyof FederationConfig[Part] & string>(
  part: Part,
  field: Field,
  kind: Kind<FederationConfig[Part][Field]>,
  { isMeant = () => true, ...columns }: Columns<FederationConfig[Part][Field]> = {},
): Setting<FederationConfig[Part][Field]> =>
  setting(kind, defaultConfig[part][field], {
    changes: 'running',
    reducer: { part, field },
    page: 'scheme',
    lab: 'scheme',
    isMeant: (chosen) => chosen.scheme === part && isMeant(chosen),
    ...columns,
  })

/** Only of the base models that ship it is known what they were trained on. */
export const hasKnownWorld = ({ model }: Choices): boolean => isBase(model)
export const hasRounds = ({ scheme }: Choices): boolean => schemes[scheme].hasRounds
export const hasCohorts = ({ scheme }: Choices): boolean =>
  schemes[scheme].hasRounds && schemes[scheme].mergedBy === 'coordinator'
export const hasCoordinator = ({ scheme }: Choices): boolean => schemes[scheme].mergedBy !== 'neighbours'
