/** Too much of everything: what a member can make the coordinator do, keep and say. */
import type { Case } from '../case'
import { bytes } from './bytes'
import { doors } from './doors'
import { reasoning } from './reasoning'
import { talk } from './talk'

export const cases: readonly Case[] = [...talk, ...bytes, ...doors, ...reasoning]
