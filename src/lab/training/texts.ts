/** Which private text the simulated devices hold, in which planted groups, and what they are tested with. */
import type { Example, Share } from '../../corpora/example'
import { type CorpusName, domains, shareOf } from '../../corpora/share'
import type { LabCorpus } from '../presets'

const villages = domains.slice(0, 4)

/** Devices of one group hold text of one kind. */
export const groupOf = (corpus: LabCorpus, device: number): number =>
  corpus === 'villages' ? device % villages.length : 0

export function shareOfDevice(corpus: LabCorpus, seed: number, device: number): Share {
  const named: CorpusName = corpus === 'villages' ? villages[device % villages.length] : corpus
  return shareOf({ corpus: named, partition: { kind: 'iid' }, seed, index: device })
}

/** As much of a group's held-out text as fits: more would only take longer. */
const mostCharacters = 6000

/** One held-out set per group, of all its devices alike; every adapter of every scheme is measured on the same. */
export function heldOutOf(corpus: LabCorpus, seed: number, devices: number, group: number): Example[] {
  const members = Array.from({ length: devices }, (_, device) => device).filter(
    (device) => groupOf(corpus, device) === group,
  )
  const texts = members.map((device) => shareOfDevice(corpus, seed, device).heldOut)
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
