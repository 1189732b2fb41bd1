/** What tabs say to each other when they reason together: packets of a few bytes with every token, and letters. */
import { readBy } from '../../../src/lib/schema'
import { massesOf } from '../../../src/model/masses'
import { letterSchema } from '../../../src/reasoning/wire/letters'
import {
  BadPacket,
  decodePacket,
  encodePacket,
  mostTokens,
  type Packet,
} from '../../../src/reasoning/wire/packets'
import type { Case } from '../case'
import { fuzz } from './fuzz'
import { type Json, mutateBytes, mutateJson } from './mutate'

const vocabulary = 2048
const head = { epoch: 1, session: 2, at: 3, request: 4 }
const logits = Float32Array.from({ length: vocabulary }, (_, id) => Math.sin(id))
const honest: readonly Packet[] = [
  { ...head, type: 'pass', wants: 'each', rows: new Float32Array(8) },
  { ...head, type: 'passed', rows: new Float32Array(8), milliseconds: 2 },
  { ...head, type: 'tokens', ids: [1, 2, 3] },
  { ...head, type: 'masses', masses: massesOf(logits, 32), likelihoods: [-1, -2] },
  { ...head, type: 'refused', reason: 'nonsense' },
]

const packets = fuzz<Uint8Array>({
  name: 'packets of reasoning',
  declared: [BadPacket],
  draw: (dice) => mutateBytes(dice, encodePacket(dice.pick(honest), vocabulary)),
  decode(bytes) {
    const packet = decodePacket(bytes, vocabulary)
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
    isVisible: true,
  },
  { ...opening, purpose: { kind: 'stage', from: 0, to: 3, adapter: hash } },
  { ...opening, purpose: { kind: 'member', adapter: 'own' } },
  { type: 'reason-refuse', request: 1, why: 'It cannot.' },
]

const said = fuzz<Json>({
  name: 'letters of reasoning',
  declared: [],
  draw: (dice) => mutateJson(dice, dice.pick(letters)),
  decode: (json) => void readBy(letterSchema, json),
})

export const reasoning: readonly Case[] = [packets, said]
