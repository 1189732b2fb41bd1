/**
 * What leaves a tab, sorted by what it tells of its person: every kind of letter and whisper belongs to one theme. A kind
 * that nobody has sorted is shown as `other`; a test sees to it that there is none.
 */
export const themes = {
  /** What changed in the adapter while this tab trained. */
  learned: ['update', 'forward'],
  /** Versions of the shared adapter, and orders to train from them. */
  versions: [
    'adapter',
    'order',
    'edge-order',
    'edge-devices',
    'trial',
    'judge',
    'lacks',
    'announcement',
    'pull',
    'share-taken',
    'estate',
  ],
  /** Who this tab is, how far it is and how well it does; from a coordinator: how all of them are. */
  standing: [
    ...['status', 'ready', 'loaded', 'tried', 'report', 'rename', 'volunteer', 'withdraw', 'enroll', 'news'],
    'accounted',
    'shut-out',
    'judged',
    ...['welcome', 'history', 'record', 'measured', 'digest', 'attach', 'refused'],
    ...['forget', 'forgotten', 'certified'],
    ...['will', 'will-known', 'estate-kept', 'estate-lacking', 'lineage'],
  ],
  /** Questions, and what is said while an answer is made. */
  reasoning: [
    ...['reason-who', 'reason-hello', 'reason-open', 'reason-opened', 'reason-refuse', 'reason-close'],
    ...['reason-borrow', 'reason-lend', 'reason-parcel', 'reasoning', 'proof-close', 'proof-closing'],
  ],
  /** Updates under masks, and what keeps the masks: who merges learns their sum. */
  masks: [
    ...['secure-begin', 'secure-list', 'secure-shares', 'secure-unmask', 'secure-keys', 'secure-shared'],
    ...['masked', 'secure-told', 'secure-refusal'],
  ],
  /** That it is there, and may be. */
  link: ['handshake', 'heartbeat'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type Theme = keyof typeof themes | 'other'
export const themeNames: readonly Theme[] = [...(Object.keys(themes) as (keyof typeof themes)[]), 'other']

const themeByKind = new Map<string, Theme>(
  Object.entries(themes).flatMap(([theme, kinds]) => kinds.map((kind) => [kind, theme as Theme])),
)

export const themeOf = (kind: string): Theme => themeByKind.get(kind) ?? 'other'
