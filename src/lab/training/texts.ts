/** What the devices' text is called in the Lab, in which planted groups, and what adapters are tested with. */
import type { Example } from '../../corpora/example'
import { type CorpusName, domains } from '../../corpora/share'
import { shareFor } from '../../node/local/shares'
import type { LabCorpus } from '../presets'

const villages = domains.slice(0, 4)

/** Devices of one group hold text of one kind. */
export const groupOf = (corpus: LabCorpus, device: number): number =>
  corpus === 'villages' ? device % villages.length : 0

/** As the device's own address would say. */
export const corpusOf = (corpus: LabCorpus, device: number): CorpusName =>
  corpus === 'villages' ? villages[device % villages.length] : corpus

/** As much of a group's held-out text as fits: more would only take longer. */
const mostCharacters = 6000

/** One held-out set per group, of all its devices alike; every adapter of every scheme is measured on the same. */
export function heldOutText(corpus: LabCorpus, seed: number, devices: number, group: number): Example[] {
  const texts = Array.from({ length: devices }, (_, device) => device)
    .filter((device) => groupOf(corpus, device) === group)
    .map((index) => shareFor({ seed, partition: 'iid' }, { corpus: corpusOf(corpus, index), index }).heldOut)
  const chosen: Example[] = []
  let characters = 0
  for (let row = 0; row < Math.max(...texts.map((own) => own.length)); row++)
    for (const own of texts) {
      const example = own[row]
      if (!example || characters > mostCharacters) continue
      characters += example.prompt.length + example.completion.length
      chosen.push(example)
    }
  return chosen
}
