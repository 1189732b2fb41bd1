/**
 * Every update is foreign: it is looked at before anything is summed. A complaint is a sentence for the teacher, said
 * about a device ("Tab 3 was not counted: …"); null means that there is none.
 */
import type { AdapterConfig } from '../../model/adapter'
import type { TensorMap } from '../../model/safetensors'
import { isA, layersOf, nameOfA, nameOfB } from './algebra/models'
import type { Delta, Factors, GlobalAdapter } from './types'

/** More examples than any tab can hold: beyond it a device would own the average. */
export const mostExamples = 1_000_000

/** What an update must agree with before its tensors are even decoded. */
export interface Manifest {
  readonly baseHash: string
  readonly config: AdapterConfig
  readonly dtype: string
}

/** Why an update of this kind cannot take part in a federation of that kind. */
export function manifestComplaint(expected: Manifest, offered: Manifest): string | null {
  const { config } = expected
  if (offered.baseHash !== expected.baseHash)
    return `it was trained on another base model (${offered.baseHash.slice(0, 8)} instead of ${expected.baseHash.slice(0, 8)}): reload that tab`
  if (offered.config.rank !== config.rank)
    return `its rank is ${offered.config.rank}, and it was given rank ${config.rank}`
  if (offered.config.alpha !== config.alpha)
    return `its alpha is ${offered.config.alpha} instead of ${config.alpha}: the same factors would mean another model`
  if (offered.config.targets.toSorted().join() !== config.targets.toSorted().join())
    return `it adapts ${offered.config.targets.join(', ')} instead of ${config.targets.join(', ')}`
  if (offered.dtype !== expected.dtype)
    return `its numbers are ${offered.dtype}, and this room sends ${expected.dtype}`
  return null
}

/**
 * Why this update cannot be merged.
 * @param start the factors that the device started from
 * @param sent the factors whose difference it had to send; all unless the rule says otherwise
 */
export function updateComplaint(
  start: TensorMap,
  delta: Delta,
  examples: number,
  sent: Factors = { a: true, b: true },
): string | null {
  if (!Number.isInteger(examples) || examples < 1 || examples > mostExamples)
    return `it claims to come from ${examples} examples`
  for (const name of delta.keys()) {
    if (!start.has(name)) return `it holds ${name}, which this adapter does not have`
    if (!isSent(name, sent)) return `it holds ${name}, which is not trained in this round`
  }
  for (const [name, { shape }] of start) {
    if (!isSent(name, sent)) continue
    const tensor = delta.get(name)
    if (!tensor) return `${name} is missing`
    if (tensor.shape.join() !== shape.join())
      return `${name} has the shape [${tensor.shape}] instead of [${shape}]: it was trained with other settings`
    const bad = tensor.data.findIndex((value) => !Number.isFinite(value))
    if (bad >= 0)
      return `${name} holds ${tensor.data[bad]}: training diverged on that device (try a smaller learning rate)`
  }
  return null
}

/**
 * Why a whole version that arrived, or was stored, cannot be held where adapters look like `like`. What was folded may be of
 * any rank that a fold comes to, but belongs to the same layers.
 */
export function globalComplaint(like: TensorMap, { adapter, folded }: GlobalAdapter): string | null {
  const complaint = updateComplaint(like, adapter.tensors, 1)
  if (complaint) return complaint
  if (folded.size !== 2 * layersOf(folded).length) return 'it folds one factor without the other'
  for (const layer of layersOf(folded)) {
    const [a, b] = [folded.get(nameOfA(layer)), folded.get(nameOfB(layer))]
    const [inSize, outSize] = [like.get(nameOfA(layer))?.shape[1], like.get(nameOfB(layer))?.shape[0]]
    if (!a || !b || inSize === undefined || outSize === undefined)
      return `it folds ${layer}, which this adapter does not have`
    const rank = a.shape[0]
    if (
      `${a.shape}` !== `${[rank, inSize]}` ||
      `${b.shape}` !== `${[outSize, rank]}` ||
      rank > inSize + outSize
    )
      return `what it folds of ${layer} is [${b.shape}] times [${a.shape}], for a layer of [${outSize}] times [${inSize}]`
    if (![a, b].every(({ data }) => data.every(Number.isFinite)))
      return `what it folds of ${layer} is not finite`
  }
  return null
}

const isSent = (name: string, { a, b }: Factors): boolean => (isA(name) ? a : b)
