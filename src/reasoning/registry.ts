/** The ways in which tabs make a text together. A new one is its file or folder under `modes/`, and a line here. */
import type { Mode, ModeName } from './mode'
import { alone } from './modes/alone'
import { auto } from './modes/auto'
import { cascade } from './modes/cascade'
import { earlyExit } from './modes/earlyExit/earlyExit'
import { ensemble } from './modes/ensemble/ensemble'
import { fusion } from './modes/fusion/fusion'
import { mixture } from './modes/mixture/mixture'
import { multiAccess } from './modes/multiAccess'
import { pipeline } from './modes/pipeline/pipeline'
import { speculative } from './modes/speculative/speculative'
import { split } from './modes/split'

export const modes: Readonly<Record<ModeName, Mode>> = {
  alone,
  pipeline,
  ensemble,
  mixture,
  speculative,
  cascade,
  split,
  'early-exit': earlyExit,
  'multi-access': multiAccess,
  fusion,
  auto,
}
