/**
 * Results that are there already are not computed again: one JSON file for each rule, experiment and seed, which holds the
 * whole setting beside the result. Another setting is another experiment, and its old file counts for nothing.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { labPresets } from '../../src/lab/presets'
import { presets } from '../../src/settings/presets'
import { defaultSettings } from '../../src/settings/reading'

/** Files of an earlier time do not name what settings have gained since: what is usual stood then. */
const settings = z.looseObject({}).transform((kept) => ({ ...defaultSettings, ...kept }))
const { attackingDevices, forget } = labPresets.iid.world
const world = z.looseObject({}).transform((kept) => ({ attackingDevices, forget, ...kept }))
const settingSchema = z.union([z.looseObject({ preset: z.looseObject({ settings, world }) }), z.unknown()])

/** What a preset that an address names stands for at present: with other values it would be another experiment. */
export function presetIn(address: string): Presets[keyof Presets] | undefined {
  const name = new URLSearchParams(address).get('preset') ?? ''
  return Object.hasOwn(presets, name) ? presets[name as keyof Presets] : undefined
}
type Presets = typeof presets

/** As a file holds it, whole. */
const wholeOf = (setting: unknown): unknown => settingSchema.parse(JSON.parse(JSON.stringify(setting)))

export interface Place {
  /** `rule-3`. */
  readonly folder: string
  readonly name: string
  readonly seed: number
}

const pathOf = ({ folder, name, seed }: Place): string =>
  `results/${folder}/${name.replaceAll(' ', '-')}-${seed}.json`

/** Null where nothing was kept, or only the result of another setting. */
export function cached<Result>(place: Place, setting: unknown): Result | null {
  const path = pathOf(place)
  if (!existsSync(path)) return null
  const kept = JSON.parse(readFileSync(path, 'utf8')) as { setting: unknown; result: Result }
  return isDeepStrictEqual(wholeOf(kept.setting), wholeOf(setting)) ? kept.result : null
}

export function keep(place: Place, setting: unknown, result: unknown): void {
  const path = pathOf(place)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify({ setting, result })}\n`)
}

/** From the cache, or computed now and kept. */
export async function once<Result>(
  place: Place,
  setting: unknown,
  compute: () => Promise<Result>,
): Promise<Result> {
  const known = cached<Result>(place, setting)
  if (known) return known
  const result = await compute()
  keep(place, setting, result)
  return result
}
