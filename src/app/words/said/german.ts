/** All that the engine says, in German. */
import { machines, memory, ownPictures, rooms, work } from './de-computing'
import { configuration, safetensors, weights } from './de-model-files'
import { downloads, found, shared } from './de-models'
import { others, packets, questions, sessions } from './de-reasoning'
import { robust } from './de-robust'
import { runs, secrecy, settings } from './de-rooms'
import { frames, links, models, storage } from './de-tabs'
import { tokenizers } from './de-tokenizers'
import { unlearning } from './de-unlearning'
import { complaints, compression, merging } from './de-updates'
import { values } from './de-values'
import { choosing, judging } from './de-ways'
import { sayingIn } from './said'

export const engineSentences = [
  ...[...runs, ...secrecy, ...settings, ...complaints, ...compression, ...merging, ...unlearning, ...robust],
  ...[...links, ...frames, ...models, ...storage],
  ...[...found, ...downloads, ...shared, ...configuration, ...weights, ...safetensors, ...tokenizers],
  ...[...questions, ...judging, ...choosing, ...others, ...packets, ...sessions],
  ...[...machines, ...memory, ...rooms, ...work, ...ownPictures, ...values],
]

export const inGerman = sayingIn(engineSentences)
