/** Every scheme there is. A new one is one file beside this and one line here. */
import type { FederationConfig, Scheme } from '../types'
import { synchronous } from './synchronous'

export const schemes: Readonly<Record<FederationConfig['scheme'], Scheme>> = { synchronous }
