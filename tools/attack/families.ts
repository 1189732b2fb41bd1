/** The attacks by family. Each family runs in a process of its own, so that one that falls takes nobody with it. */
import type { Case } from './case'

export const families = {
  server: async () => (await import('./server/cases')).cases,
  decoders: async () => (await import('./decoders/cases')).cases,
  members: async () => (await import('./members/cases')).cases,
  floods: async () => (await import('./floods/cases')).cases,
  tabs: async () => (await import('./tabs/cases')).cases,
} as const satisfies Record<string, () => Promise<readonly Case[]>>

export type FamilyName = keyof typeof families
export const familyNames = Object.keys(families) as readonly FamilyName[]

export const isFamily = (name: string): name is FamilyName => name in families
