/** The frozen base, the adapter on it, what computes, and the text that is read. */
import { corpusNames } from '../../corpora/share'
import { basePrecisions } from '../../federation/resources/allocation'
import { targetsOf } from '../../model/lora'
import { oneOf, optional, orAuto, positive, someOf, typed, whole } from '../kinds'
import { type Columns, ofReducer, ofTab, setting } from '../setting'

const targetSets = ['c_attn', 'c_attn,c_proj', 'c_attn,c_proj,c_fc']
const partitions = ['iid', 'by-domain', 'dirichlet(0.3)']

/** The adapter's shape, which all tabs of a room share. */
const ofAdapter = {
  owner: 'agreed',
  makes: ['engine'],
  page: 'adapter',
  lab: 'training',
} as const satisfies Columns
const ofText = { makes: ['text'], page: 'text' } as const satisfies Columns

export const modelRows = {
  /** A model of this server, `owner/name` of the hub, or `local:name`, a folder that this browser was given. */
  model: setting(typed(/^(local:)?[\w.-]+(\/[\w.-]+)?$/, 120, 'toy or owner/name'), 'toy', {
    owner: 'agreed',
    makes: ['engine'],
  }),
  rank: setting(whole(1, 64), 8, ofAdapter),
  /** `auto`: twice the rank. */
  alpha: setting<number | null>(orAuto(positive(256)), 16, ofAdapter),
  /** GPT-2's names, which mean the same layers of a LLaMA or a Qwen, or that family's own. */
  targets: setting<readonly string[]>(
    someOf([...targetsOf('gpt2'), ...targetsOf('llama')], targetSets),
    targetsOf('gpt2'),
    ofAdapter,
  ),
  /**
   * The model's first layers alone are opened, and trained: what guesses for the whole model when tabs reason together
   * (docs/reasoning.md). Null: all of it.
   */
  depth: setting(optional(whole(1, 1000)), null, ofAdapter),
  precision: setting(oneOf(['auto', ...basePrecisions]), 'auto', {
    owner: 'tab-else-room',
    makes: ['engine'],
    page: 'adapter',
  }),
  backend: ofTab(oneOf(['auto', 'webgpu', 'wasm', 'cpu']), 'auto', { makes: ['engine'], page: 'adapter' }),
  corpus: setting(optional(oneOf([...corpusNames, 'own'])), null, { ...ofText, owner: 'tab-else-room' }),
  partition: setting(
    typed(/^(iid|by-domain|dirichlet(\(\d+(\.\d+)?\))?)$/, 40, partitions.join(', '), partitions),
    'iid',
    ofText,
  ),
  /** Of everything that is drawn: adapter, text, cohorts, webs. */
  seed: ofReducer('seed', whole(0, 2 ** 31 - 1), {
    owner: 'agreed',
    changes: 'lobby',
    makes: ['engine', 'text', 'merging'],
    page: 'text',
  }),
}
