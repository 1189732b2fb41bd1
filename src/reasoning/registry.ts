/** The ways in which tabs make a text together. A new one is its file or folder under `modes/`, and a line here. */
import type { Mode, ModeName } from './mode'
import { alone } from './modes/alone'
import { ensemble } from './modes/ensemble/ensemble'
import { mixture } from './modes/mixture/mixture'
import { pipeline } from './modes/pipeline/pipeline'

export const modes: Readonly<Record<ModeName, Mode>> = { alone, pipeline, ensemble, mixture }
