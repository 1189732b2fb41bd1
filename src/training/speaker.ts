/**
 * Which machine says a model's texts. A step of training is fastest on a GPU, but a token of a small model may come sooner from the
 * processor: what a GPU takes to be asked and read costs more than such a token. So where a machine was not asked for by name, both
 * are timed when the model is opened, and the faster one speaks; the model then lies in memory twice. A text stays on the machine
 * that it began on: which one speaks changes only when a model is opened.
 */

import { fitOf } from '../model/checkpoint/fit'
import { Continuation } from '../model/continuation'
import type { LanguageModel } from '../model/languageModel'
import { Pool } from '../model/pool'
import { isWhole, wholeStretch } from '../model/stretch'
import type { OpenRequest } from './compute'

/** A processor reads all weights for each token: above this many no GPU is so slow to be asked. */
const mostParameters = 5e7

/** Tokens until caches are warm and readings under way, and tokens that are timed. */
const [warmUp, timed] = [8, 16]
/** Between two tokens of the warm-up. */
const pauseMs = 15

/**
 * The same model where its texts are made faster; the one that was opened where that is the faster, or the only one.
 * @param memoryBytes what a copy may take of the processor's memory; null: nobody knows
 * @param loadAgain on the processor
 */
export async function speakerOf(
  opened: LanguageModel,
  { backend }: Pick<OpenRequest, 'backend'>,
  memoryBytes: number | null,
  loadAgain: () => Promise<LanguageModel>,
): Promise<LanguageModel> {
  if (backend !== 'auto' || !mayPay(opened, memoryBytes)) return opened
  try {
    const copy = await loadAgain()
    const isFaster =
      copy.backend !== opened.backend &&
      copy.hash === opened.hash &&
      (await millisecondsPerToken(copy)) < (await millisecondsPerToken(opened))
    if (!isFaster) copy.dispose()
    return isFaster ? copy : opened
  } catch {
    return opened // which works as well as before; whoever needs it hears what is wrong with it
  }
}

function mayPay({ backend, parameters, part, config, format }: LanguageModel, memoryBytes: number | null) {
  const maxBytes = Math.min(2 ** 32, memoryBytes ?? Number.POSITIVE_INFINITY)
  return (
    backend === 'webgpu' &&
    parameters <= mostParameters &&
    isWhole(part, config) &&
    config.contextLength >= warmUp + timed &&
    fitOf(config, format, { kind: 'wasm', maxBytes }).fits
  )
}

/** Of a text that goes on by itself. */
export async function millisecondsPerToken(model: LanguageModel): Promise<number> {
  const pool = new Pool(model, null, wholeStretch(model.config))
  try {
    const draw = { temperature: 1, seed: 0, position: 1 }
    const continuation = new Continuation(pool, pool.take()!, 0, draw)
    let beganAtMs = 0
    for (let left = warmUp + timed; left > 0; left--) {
      if (left > timed) await new Promise((resolve) => setTimeout(resolve, pauseMs)) // cores are counted, threads start
      if (left === timed) beganAtMs = performance.now()
      await continuation.next(left - 1)
    }
    return (performance.now() - beganAtMs) / timed
  } finally {
    pool.dispose()
  }
}
