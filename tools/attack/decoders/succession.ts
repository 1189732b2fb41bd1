/** What is said where a coordinator is gone for good: wills and papers, votes, and all that an heir is given. */
import type { CoordinatorEvent } from '../../../src/federation/types'
import type { Certificate } from '../../../src/federation/unlearning/certificate'
import { encodeSafetensors } from '../../../src/model/safetensors'
import { readEstate, readMembership } from '../../../src/node/stored/heritage'
import { grown, openDoor, type SavedForgetting } from '../../../src/node/stored/storage'
import { decodeGrowth, encodeGrowth } from '../../../src/node/succession/estate'
import { fromElector, readPapers, writePapers } from '../../../src/node/wire/successionMessages'
import { defaultSettings } from '../../../src/settings/reading'
import type { Case } from '../case'
import { changeOf } from '../rooms/liar'
import { fuzz } from './fuzz'
import { schemaOf } from './messages'
import { type Json, mutateBytes, mutateJson } from './mutate'

const [hash, publicKey, signature] = ['ab'.repeat(32), '04'.repeat(65), 'cd'.repeat(64)]
const will = {
  code: 'TEST',
  term: 0,
  serial: 3,
  version: 2,
  adapterHash: hash,
  settingsHash: hash,
  roster: ['a', 'b', 'c'],
  heirs: ['a', 'b'],
  by: publicKey,
  signature,
}
const candidacy = { will, term: 1, heir: 'a', coordinator: publicKey }
const vote = { publicKey, signature }
const papers = [{ ...candidacy, votes: [vote, vote] }]

const bytes = encodeSafetensors(changeOf([0, 0, 1, 1]))
const adapters = [
  {
    id: 'global',
    version: 2,
    folds: 0,
    held: bytes,
    wanted: bytes,
    memory: { momentum: bytes, variance: bytes },
  },
]
const certificate: Certificate = {
  room: 'TEST',
  device: 'Otter',
  of: 'everything',
  unlearned: { kind: 'replayed', rounds: 4, steps: 8, retrainingSteps: 32, tookMs: 5 },
  versions: { before: 1, after: 2 },
  forgotten: { texts: 3, before: { loss: 1, auc: 0.5 }, after: { loss: 2, auc: null } },
  kept: { before: 1, after: null },
}
const forgotten: readonly SavedForgetting[] = [
  {
    wish: { device: 'a', of: 'everything' },
    unlearned: certificate.unlearned,
    before: 1,
    version: 2,
    certificate,
    isCertified: true,
  },
]
const standing = {
  will,
  settings: defaultSettings,
  begunWith: null,
  startedAtMs: 5,
  door: openDoor,
  forgotten,
}
const events: readonly CoordinatorEvent[] = [{ type: 'device-joined', device: 'a', atMs: 1 }]
const estate = encodeGrowth({ ...standing, from: 0, events, adapters })
const membership = {
  pass: { coordinator: publicKey, pass: signature },
  succession: papers,
  will,
  silence: 9,
}

export const succession: readonly Case[] = [
  ...schemaOf('a device without a coordinator', fromElector, [
    { type: 'candidacy', ...candidacy },
    { type: 'vote', term: 1, coordinator: publicKey, vote },
    { type: 'no-vote', term: 1, coordinator: publicKey, why: 'older-will', seen: 1 },
  ]),
  fuzz<Json>({
    name: 'papers of a coordinator',
    declared: [],
    draw: (dice) => mutateJson(dice, papers),
    decode(shown) {
      const read = readPapers(JSON.stringify(shown) ?? '')
      return read && readPapers(writePapers(read)) === null ? ['what was read cannot be shown'] : undefined
    },
  }),
  fuzz<Uint8Array>({
    name: 'what an heir is given',
    declared: [],
    draw: (dice) => mutateBytes(dice, estate),
    decode(given) {
      const growth = decodeGrowth(given)
      return growth && growth.from === 0 && grown(null, growth) === null && growth.adapters !== null
        ? ['all of it is there, and nothing can be begun with it']
        : undefined
    },
  }),
  fuzz<Json>({
    name: 'what a device has kept of its room',
    declared: [],
    draw: (dice) => mutateJson(dice, membership),
    decode: (kept) => void readMembership(kept),
  }),
  fuzz<{ readonly kept: Json; readonly log: Json }>({
    name: 'what an heir has kept',
    declared: [],
    inputs: 30_000,
    draw: (dice) => ({
      kept: {
        ...(mutateJson(dice, standing) as object),
        adapters: dice.int(5) > 0 ? adapters : [],
      },
      log: mutateJson(dice, events),
    }),
    decode({ kept, log }) {
      const read = readEstate(kept, Array.isArray(log) ? log : [log])
      return read && Array.isArray(log) && read.log.length < log.length
        ? ['a part of the log is left out']
        : undefined
    },
  }),
]
