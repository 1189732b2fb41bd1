/** What somebody can do whom the coordinator let in: members that lie, in a room of honest ones. */
import type { Case } from '../case'
import { claims } from './claims'
import { edges } from './edges'
import { reasoning } from './reasoning'
import { wordCases } from './words'

export const cases: readonly Case[] = [...claims, ...wordCases, ...edges, ...reasoning]
