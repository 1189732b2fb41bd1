/** A hundred thousand inputs for everything that reads what others wrote. */
import type { Case } from '../case'
import { adapters } from './adapters'
import { files } from './files'
import { frameCases } from './frames'
import { messages } from './messages'
import { reasoning } from './reasoning'
import { secure } from './secure'
import { stored } from './stored'
import { succession } from './succession'

export const cases: readonly Case[] = [
  ...frameCases,
  ...messages,
  ...secure,
  ...reasoning,
  ...adapters,
  ...files,
  ...stored,
  ...succession,
]
