import type { Case } from '../case'
export const cases: readonly Case[] = []
