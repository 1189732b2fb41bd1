/** What a tab is, and what it shows: nobody else need know. */
import { modeNames } from '../../reasoning/mode'
import { between, oneOf, onOff, optional, typed, whole } from '../kinds'
import { presetNames } from '../presets'
import { ofReducer, ofTab, setting } from '../setting'

export const tabRows = {
  role: ofTab(optional(oneOf(['coordinator', 'edge', 'device'])), null),
  room: ofTab(optional(typed(/^[A-Za-z0-9-]{1,32}$/, 32, '4F7-K2Q')), null),
  name: ofTab(optional(typed(/^/, 24, 'Otter')), null, { changes: 'always' }),
  lang: ofTab(optional(oneOf(['en', 'de'])), null, { changes: 'always' }),
  view: ofTab(oneOf(['full', 'reason', 'proof', 'pane', 'pane-proof', 'lab', 'attacks']), 'full'),
  /** So many devices beside a coordinator in one window. */
  wall: ofTab(optional(whole(1, 8)), null),
  /** How the Reason screen asks at first. */
  mode: ofTab(optional(oneOf(modeNames)), null),
  /** What the proof asks at first: null is as usual, the seed that of the room. */
  prompt: ofTab(optional(typed(/^/, 160, 'Once upon a time')), null),
  tokens: ofTab(optional(whole(1, 512)), null),
  temperature: ofTab(optional(between(0, 2)), null),
  textSeed: ofTab(optional(whole(0, 2 ** 31 - 1)), null),
  /** At most so many of the model's layers lie in this tab's memory: it lends them to others' texts, and trains nothing. */
  layers: ofTab(optional(whole(1, 1000)), null),
  /** So many times slower than it could be, for teaching. */
  slow: ofTab(between(1, 1000), 1),
  preset: setting(optional(oneOf(presetNames)), null),
  /** Rounds begin once so many devices hold text; absent: somebody presses the button. */
  autostart: ofReducer('autostart', optional(whole(1, 64)), { changes: 'lobby', page: 'scheme' }),
  admitAll: setting(onOff, false),
  /** Whether every device also trains on its own, for comparison. */
  baselines: setting(onOff, true, { page: 'training' }),
}
