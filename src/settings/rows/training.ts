/** What a device does in a round, and who is asked for it. */
import { between, oneOf, onOff, orAuto, positive, whole } from '../kinds'
import { type Columns, hasCohorts, hasKnownWorld, hasRounds, ofReducer, setting } from '../setting'

/** What an order says. */
const ofOrder = {
  changes: 'running',
  makes: ['order'],
  page: 'training',
  lab: 'training',
} as const satisfies Columns
/** Who is asked, and for how much. */
const ofCohort = { changes: 'running', page: 'scheme', lab: 'devices' } as const satisfies Columns

export const trainingRows = {
  /** As many as the Lab's longest runs have: what a room keeps does not grow with them. */
  rounds: ofReducer('rounds', whole(1, 2000), { page: 'training', lab: 'experiment' }),
  localSteps: ofReducer('localSteps', whole(1, 2000), { page: 'training', lab: 'experiment' }),
  batch: setting(whole(1, 64), 8, ofOrder),
  lr: setting(positive(1), 5e-3, ofOrder),
  /** Whether later rounds take smaller steps, see derived/learningRate.ts. */
  lrSchedule: setting(oneOf(['constant', 'cosine']), 'constant', { ...ofOrder, isMeant: hasRounds }),
  /** mu of FedProx; 0: FedAvg. */
  proximal: ofReducer('proximal', between(0, 10), { page: 'training', lab: 'training' }),
  /** A step's gradient is scaled down to this norm; 0: never. */
  maxGradientNorm: setting(between(0, 1000), 0, ofOrder),
  /** What public text of the base's world weighs beside one's own, read again so that it is not forgotten; 0: none is. */
  rehearsal: setting(between(0, 20), 0, {
    ...ofOrder,
    owner: 'tab-else-room',
    isMeant: (chosen) => hasKnownWorld(chosen) && chosen.privacy !== 'example',
  }),
  /** Keeps less for the backward pass and computes it again: memory for time. */
  checkpointing: setting(onOff, false, { changes: 'running', makes: ['order'], page: 'adapter' }),
  /** Share of the able devices that a round asks for. */
  fractionTrain: ofReducer('fractionTrain', positive(1), { ...ofCohort, isMeant: hasCohorts }),
  /** rho: so many more are asked than are waited for. */
  overSelection: ofReducer('overSelection', between(0, 2), {
    ...ofCohort,
    isMeant: (chosen) => hasCohorts(chosen) && chosen.fractionTrain < 1,
  }),
  waitsForAll: ofReducer('waitsForAll', onOff, { ...ofCohort, isMeant: hasRounds }),
  /** Whether every device is given the same, or as much as it can do within the deadline. */
  allocation: setting(oneOf(['even', 'by-speed']), 'even', { ...ofCohort, isMeant: hasRounds }),
  /** In seconds: of a room that runs over night, or of simulated jobs. `auto` is for whoever knows all speeds beforehand. */
  deadline: setting<number | null>(orAuto(positive(86_400)), 60, {
    ...ofCohort,
    isMeant: (chosen) => hasRounds(chosen) && chosen.allocation === 'by-speed',
  }),
}
