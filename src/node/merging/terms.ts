/** What merging must know of a room's settings, as it crosses to the thread that merges, and what it means there. */
import {
  edgeFederatingOf,
  type Federating,
  federatingOf,
  type MergingSettings,
  mergingOf,
} from '../../settings/derived/merging'

/** The settings by which a room merges, and the place of whoever does it. */
export interface MergingTerms extends MergingSettings {
  readonly tier: 'coordinator' | 'edge' | 'peer'
  /** How many versions of each adapter stay: updates may still come that started from an older one. */
  readonly versionsKept: number
}

export const termsOf = (
  settings: MergingSettings,
  tier: MergingTerms['tier'],
  versionsKept: number,
): MergingTerms => ({ ...mergingOf(settings), tier, versionsKept })

/** An edge averages plainly: what the server does with an average is done once. A peer has nobody to show a distortion to. */
export function federatingBy({ tier, ...settings }: MergingTerms): Federating {
  switch (tier) {
    case 'coordinator':
      return federatingOf(settings)
    case 'edge':
      return edgeFederatingOf(settings)
    case 'peer': {
      const federating = federatingOf(settings)
      return { ...federating, aggregation: { ...federating.aggregation, measuresDistortion: false } }
    }
  }
}
