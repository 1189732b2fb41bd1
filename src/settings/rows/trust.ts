/** What a room promises about trust: what the coordinator can see, what noise hides, and what a liar can do. */
import { ledgerMisfit } from '../../federation/compatibility'
import { onOff } from '../kinds'
import { ofReducer } from '../setting'

export const trustRows = {
  /** Keeps of each merge who was in it and how far it went, so that what was learned from a device can be unlearned. */
  ledger: ofReducer('ledger', onOff, {
    changes: 'lobby',
    page: 'trust',
    isMeant: (chosen) => ledgerMisfit({ ...chosen, ledger: true }) === null,
  }),
}
