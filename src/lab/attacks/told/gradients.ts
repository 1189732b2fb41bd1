/**
 * Words out of a gradient. Where a device sends the gradient of one sentence, its words can be computed from it, without a guess
 * (DAGER, Petrov et al., arXiv 2405.15586). The first adapted layer reads x, one row for each token: its embedding and that of its place,
 * normed, all of which stand in the base model's file. The gradient of the layer's A is
 *
 *   ∂L/∂A = Σ_t (scale Bᵀ ∂L/∂y_t) x_tᵀ          [rank, width]
 *
 * so its rows lie in the span of the rows x_t, and where the sentence has no more tokens than A has ranks they span the same space.
 * Every token of the vocabulary is tried at every place: those that lie in the span are the sentence. B must not be zero, as it is
 * before anything was learned: the attack begins in the second round.
 *
 * What meets it: several sentences in one step, whose rows share too few ranks; what devices really send here, the change after many
 * steps of Adam, which has long left that span; noise on the gradient. With as many ranks as tokens, several sentences help less.
 */
import { dot } from '../../../federation/aggregation/algebra/matrix'
import { svd } from '../../../federation/aggregation/algebra/svd'
import { gaussians } from '../../../lib/unguessable'
import { type Adapter, decodeAdapter } from '../../../model/adapter'
import type { LanguageModel } from '../../../model/languageModel'
import { flatten } from '../../../model/lora'
import { decodeSafetensors } from '../../../model/safetensors'
import type { ModelSource } from '../../../model/source/source'
import { seededIdentities } from '../../../network/identity/seeded'
import { shareFor } from '../../../node/local/shares'
import { adapterConfigOf } from '../../../settings/derived/adapter'
import { defaultSettings } from '../../../settings/reading'
import { createEngine } from '../../../training/engine'
import { gradientOf } from '../../../training/gradient'
import { type Row, rowsOfExamples } from '../../../training/rows'
import type { ArmOf, Attack, Site } from '../attack'
import { meanOver } from './meanOver'

const sentences = 16
const inOneStep = 8
const longestRow = 128
const learning = { steps: 20, batch: 8, learningRate: 5e-3, slow: 1, continueAs: null }
/** z and the clip of docs/privacy.md. */
const [noise, clip] = [0.3, 1]
/** Of the largest singular value: below it there is nothing but rounding. */
const rounding = 1e-8
const attacked = 'transformer.h.0.attn.c_attn.lora_A.weight'

export const gradients: Attack<'gradients'> = async (site) => {
  const scene = await openScene(site)
  const { rows, inputs } = scene
  const groups = (size: number) =>
    Array.from({ length: Math.ceil(rows.length / size) }, (_, at) => rows.slice(size * at, size * (at + 1)))
  return (arm) =>
    meanOver(groups(arm === 'together' ? inOneStep : 1), async (group) =>
      shareFound(await seenOf(scene, group, arm), inputs, group),
    )
}

/** What is sent of some sentences, as far as the attacked factor goes: [rank, width]. */
async function seenOf(scene: Scene, group: readonly Row[], arm: ArmOf<'gradients'>): Promise<Float32Array> {
  switch (arm) {
    case 'nobody':
      return scene.hidden((await scene.gradient(group)).fill(0))
    case 'undefended':
    case 'together':
      return scene.gradient(group)
    case 'noise':
      return scene.hidden(await scene.gradient(group))
    case 'steps':
      return scene.change(group)
  }
}

interface Scene {
  readonly rows: readonly Row[]
  readonly inputs: Inputs
  gradient(group: readonly Row[]): Promise<Float32Array>
  /** Of A, after a round of steps on these rows. */
  change(group: readonly Row[]): Promise<Float32Array>
  /** Shortened to the clip, under noise. */
  hidden(gradient: Float32Array): Float32Array
}

/** A device in its second round: others have learned before, so B is not zero. */
async function openScene({ seed, model: name, load, files }: Site): Promise<Scene> {
  const config = adapterConfigOf(defaultSettings)
  const request = { model: name, backend: 'wasm', adapter: config, seed } as const
  const model = await load(request, () => {})
  const compute = createEngine({ load: async () => model })
  const { initialAdapter } = await compute.open(request)
  const [own, others] = [0, 1].map(
    (index) => shareFor({ seed, partition: 'iid' }, { corpus: 'facts', index }).train,
  )
  await compute.hold('others', others)
  const before = await compute.train({ ...learning, shelf: 'others', seed, adapter: initialAdapter })
  const start = decodeAdapter(before.adapter, config)
  const examples = own.slice(0, sentences)
  const rows = rowsOfExamples(model.tokenizer, examples, longestRow)
  const chance = gaussians(seededIdentities(seed)('noise').randomBytes)
  return {
    rows,
    inputs: await inputsOf(files),
    gradient: (group) => gradientAt(model, start, group),
    async change(group) {
      await compute.hold(
        'one sentence',
        group.map((row) => examples[rows.indexOf(row)]),
      )
      const { adapter } = await compute.train({
        ...learning,
        shelf: 'one sentence',
        seed,
        adapter: before.adapter,
      })
      const end = decodeAdapter(adapter, config)
      return factorOf(end).map((value, at) => value - factorOf(start)[at])
    },
    hidden(gradient) {
      const shortening = Math.min(1, clip / Math.hypot(...gradient))
      return gradient.map((value) => shortening * value + noise * clip * chance.next().value)
    },
  }
}

const factorOf = ({ tensors }: Adapter): Float32Array => tensors.get(`base_model.model.${attacked}`)!.data

/** By the attacked A: [rank, width]. */
const gradientAt = (model: LanguageModel, at: Adapter, rows: readonly Row[]): Promise<Float32Array> =>
  model.use(at.config, async (workspace) => {
    const { slots } = workspace.layout!
    workspace.session.write('parameters', flatten(workspace.layout!, at))
    const { gradient } = await gradientOf(workspace, { model }, rows)
    const { offset, shape } = slots.find(({ name }) => name.endsWith(attacked))!
    return gradient.slice(offset, offset + shape[0] * shape[1])
  })

export interface Inputs {
  readonly width: number
  /** What the first layer reads at this place of each token of the vocabulary: [vocabulary, width]. */
  at(place: number): Float64Array
}

/** From the base model's file: layer norm of the embeddings' sum, with the file's gain and bias. */
async function inputsOf(files: ModelSource): Promise<Inputs> {
  const file = await files.open('model.safetensors')
  const { tensors } = decodeSafetensors(await (await file.fetch()).read(0, file.size))
  const [words, places, gain, bias] = ['wte.weight', 'wpe.weight', 'h.0.ln_1.weight', 'h.0.ln_1.bias'].map(
    (name) => tensors.get(name)!,
  )
  const [vocabulary, width] = words.shape
  const normed = (place: number): Float64Array => {
    const rows = new Float64Array(vocabulary * width)
    for (let token = 0; token < vocabulary; token++) {
      const row = rows.subarray(token * width, (token + 1) * width)
      for (let at = 0; at < width; at++)
        row[at] = words.data[token * width + at] + places.data[place * width + at]
      const mean = row.reduce((sum, value) => sum + value, 0) / width
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width
      const deviation = Math.sqrt(variance + 1e-5)
      for (let at = 0; at < width; at++)
        row[at] = ((row[at] - mean) / deviation) * gain.data[at] + bias.data[at]
    }
    return rows
  }
  const known = new Map<number, Float64Array>()
  return {
    width,
    at(place) {
      const rows = known.get(place) ?? normed(place)
      known.set(place, rows)
      return rows
    },
  }
}

/**
 * The share of the sentences' words that are among the candidates nearest to the span, as many of each place as there are sentences.
 * @param seen [rank, width]
 */
export function shareFound(seen: Float32Array, inputs: Inputs, rows: readonly Row[]): number {
  const span = spanOf(seen, inputs.width)
  const said = rows.map(({ tokens }) => tokens.slice(0, -1))
  let [found, all] = [0, 0]
  for (let place = 0; said.some((tokens) => place < tokens.length); place++) {
    const distances = distancesFrom(span, inputs.at(place), inputs.width)
    const nearest = Array.from(distances.keys()).sort((one, other) => distances[one] - distances[other])
    const guessed = new Set(nearest.slice(0, rows.length))
    for (const tokens of said.filter(({ length }) => place < length)) {
      if (guessed.has(tokens[place])) found++
      all++
    }
  }
  return found / all
}

/** An orthonormal basis of the space that the rows of a matrix [_, width] span. */
function spanOf(rows: Float32Array, width: number): readonly Float64Array[] {
  const { sigma, v } = svd({ rows: rows.length / width, columns: width, data: Float64Array.from(rows) })
  return [...sigma].flatMap((value, column) =>
    value > rounding * sigma[0]
      ? [Float64Array.from({ length: width }, (_, at) => v.data[at * v.columns + column])]
      : [],
  )
}

/** Of each row from a space, as a share of the row's length, squared: 0 where it lies in it. */
function distancesFrom(span: readonly Float64Array[], rows: Float64Array, width: number): Float64Array {
  return Float64Array.from({ length: rows.length / width }, (_, index) => {
    const row = rows.subarray(index * width, (index + 1) * width)
    let inside = 0
    for (const axis of span) inside += dot(axis, row) ** 2
    return 1 - inside / dot(row, row)
  })
}
