/** All that the engine says, in German. */
import { complaints, runs, settings } from './de-rooms'
import { links, models, storage } from './de-tabs'
import { sayingIn } from './said'

export const engineSentences = [...runs, ...complaints, ...settings, ...links, ...models, ...storage]

export const inGerman = sayingIn(engineSentences)
