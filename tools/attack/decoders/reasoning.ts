/** What tabs say to each other when they reason together: packets of a few bytes with every token, and letters. */
import { readBy } from '../../../src/lib/schema'
import { massesOf } from '../../../src/model/masses'
import { decodePacket, encodePacket } from '../../../src/reasoning/wire/binary'
import { letterSchema } from '../../../src/reasoning/wire/letters'
import { mostTokens, type Packet } from '../../../src/reasoning/wire/packets'
import { BadPacket } from '../../../src/reasoning/wire/payloads'
import type { Case } from '../case'
import { fuzz } from './fuzz'
import { type Json, mutateBytes, mutateJson } from './mutate'

const vocabulary = 2048
const shape = { vocabulary, width: 4 }
const head = { epoch: 1, session: 2, at: 3, request: 4 }
const logits = Float32Array.from({ length: vocabulary }, (_, id) => Math.sin(id))
const honest: readonly Packet[] = [
  { ...head, type: 'pass', wants: 'each', codec: 'float32', rows: new Float32Array(8) },
  { ...head, type: 'pass', wants: 'last', codec: 'int8', rows: new Float32Array(8).fill(1) },
  { ...head, type: 'passed', codec: 'float16', rows: new Float32Array(8), milliseconds: 2 },
  { ...head, type: 'tokens', ids: [1, 2, 3] },
  { ...head, type: 'masses', masses: massesOf(logits, 32), likelihoods: [-1, -2] },
  { ...head, type: 'draft', wants: 'verdict', prefix: 7, given: 1, ids: [1, 2, 3] },
  { ...head, type: 'verdict', accepted: 2, id: 3, gap: 1, milliseconds: 2, load: 1 },
  { ...head, type: 'choices', ids: [4, 5] },
  { ...head, type: 'need', prefix: 9 },
  { ...head, type: 'refused', reason: 'nonsense' },
]

const packets = fuzz<Uint8Array>({
  name: 'packets of reasoning',
  declared: [BadPacket],
  draw: (dice) => mutateBytes(dice, encodePacket(dice.pick(honest), shape)),
  decode(bytes) {
    const packet = decodePacket(bytes, shape)
    switch (packet.type) {
      case 'pass':
      case 'passed':
        return packet.rows.every(Number.isFinite) ? undefined : ['a row is no number']
      case 'tokens':
        return packet.ids.every((id) => id < vocabulary) && packet.ids.length <= mostTokens
          ? undefined
          : ['a token is none of the model’s']
      case 'masses': {
        const { ids } = packet.masses
        const isSound = new Set(ids).size === ids.length && packet.likelihoods.every((log) => log <= 0)
        return isSound ? undefined : ['masses are no distribution']
      }
      case 'draft':
      case 'choices':
        return packet.ids.every((id) => id < vocabulary) && packet.ids.length <= mostTokens
          ? undefined
          : ['a token is none of the model’s']
      case 'verdict':
        return packet.id < vocabulary && packet.gap >= 0 ? undefined : ['a verdict is none']
      case 'need':
      case 'refused':
        return undefined
    }
  },
})

const hash = 'ab'.repeat(32)
const facts = {
  modelHash: hash,
  tokenizerHash: hash,
  precision: 'float32',
  layers: 6,
  width: 64,
  vocabulary,
  eosIds: [0],
  capacity: 256,
}
const opening = { type: 'reason-open', session: 1, request: 2, epoch: 0 }
const letters: readonly Json[] = [
  {
    type: 'reason-hello',
    facts,
    fingerprint: '0123456789abcdef',
    millisecondsPerLayer: 1.5,
    mostLayers: 6,
    adapter: hash,
    offersOwn: true,
    hasView: false,
    waitMs: 0,
    isVisible: true,
  },
  { ...opening, purpose: { kind: 'stage', from: 0, to: 3, adapter: hash } },
  { ...opening, purpose: { kind: 'member', adapter: 'own', withView: false } },
  {
    ...opening,
    purpose: { kind: 'verifier', start: 0, adapter: null, temperature: 0.9, seed: 7, topK: 0, topP: 1 },
  },
  { type: 'reason-refuse', request: 1, why: 'It cannot.' },
]

const said = fuzz<Json>({
  name: 'letters of reasoning',
  declared: [],
  draw: (dice) => mutateJson(dice, dice.pick(letters)),
  decode: (json) => void readBy(letterSchema, json),
})

export const reasoning: readonly Case[] = [packets, said]
