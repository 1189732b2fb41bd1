/**
 * Words out of a split's rows. Where a model is cut in two, the tab that computes the upper layers gets a row of numbers for each token.
 * It has the base model as well, so it tries every token of the vocabulary through the lower layers, after the words that it has found
 * already, until the row is the one that came (the exhaustive form of embedding inversion, Song and Raghunathan, arXiv 2004.00053;
 * for decoders Nikolaou et al., arXiv 2510.15511, show that no two texts give the same row).
 *
 * A deeper cut is no defence against that, and is here to be seen failing. Noise on the rows is one, at a price: the layers above compute with
 * it, too. No room adds any (docs/reasoning.md says of split that it is not private); it is tried here alone.
 */
import { unreadTexts } from '../../../corpora/pretraining'
import { gaussians } from '../../../lib/unguessable'
import { seededIdentities } from '../../../network/identity/seeded'
import { adapterConfigOf } from '../../../settings/derived/adapter'
import { defaultSettings } from '../../../settings/reading'
import { createEngine } from '../../../training/engine'
import { searchedWords, type Wire } from '../../reasoning/vertical/boundary'
import type { ArmOf, Attack } from '../attack'
import { meanOver } from './meanOver'

const [texts, words] = [2, 4]
/** Of the noise, in lengths of a row's numbers. */
export const rowNoise = 3

export const rows: Attack<'rows'> = async ({ seed, model, load }) => {
  const compute = createEngine({ load })
  await compute.open({ model, backend: 'wasm', adapter: adapterConfigOf(defaultSettings), seed })
  const { sessions } = compute
  const { layers } = await sessions.facts()
  const some = unreadTexts('toy').slice(seed, seed + texts)
  const read = await Promise.all(some.map(async (text) => (await sessions.encode(text)).slice(0, words)))
  const { randomBytes } = seededIdentities(seed)('noise')
  const wires: Readonly<Record<ArmOf<'rows'>, Wire>> = {
    nobody: noisy(Number.POSITIVE_INFINITY, randomBytes),
    undefended: (rows) => rows,
    deeper: (rows) => rows,
    noise: noisy(rowNoise, randomBytes),
  }
  return (arm) =>
    meanOver(read, (text) => searchedWords(sessions, text, arm === 'deeper' ? layers : 1, wires[arm]))
}

/** @param amount of the noise, in lengths of a row's numbers; infinite: nothing but noise arrives */
export function noisy(amount: number, randomBytes: (count: number) => Uint8Array): Wire {
  const chance = gaussians(randomBytes)
  return (rows) => {
    const usual = Math.sqrt(rows.reduce((sum, value) => sum + value * value, 0) / rows.length)
    return Number.isFinite(amount)
      ? rows.map((value) => value + amount * usual * chance.next().value)
      : rows.map(() => usual * chance.next().value)
  }
}
