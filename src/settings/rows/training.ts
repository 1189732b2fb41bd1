/** What a device does in a round, and who is asked for it. */
import { between, oneOf, onOff, orAuto, positive, whole } from '../kinds'
import { hasCohorts, hasRounds, ofReducer, setting } from '../setting'

export const trainingRows = {
  /** As many as the Lab's longest runs have: what a room keeps does not grow with them. */
  rounds: ofReducer('rounds', whole(1, 2000), { page: 'training', lab: 'experiment' }),
  localSteps: ofReducer('localSteps', whole(1, 2000), { page: 'training', lab: 'experiment' }),
  batch: setting(whole(1, 64), 8, { changes: 'running', page: 'training', lab: 'training' }),
  lr: setting(positive(1), 5e-3, { changes: 'running', page: 'training', lab: 'training' }),
  /** mu of FedProx; 0: FedAvg. */
  proximal: ofReducer('proximal', between(0, 10), { page: 'training', lab: 'training' }),
  /** Share of the able devices that a round asks for. */
  fractionTrain: ofReducer('fractionTrain', positive(1), {
    page: 'scheme',
    lab: 'devices',
    isMeant: hasCohorts,
  }),
  /** rho: so many more are asked than are waited for. */
  overSelection: ofReducer('overSelection', between(0, 2), {
    page: 'scheme',
    lab: 'devices',
    isMeant: (chosen) => hasCohorts(chosen) && chosen.fractionTrain < 1,
  }),
  waitsForAll: ofReducer('waitsForAll', onOff, { page: 'scheme', lab: 'devices', isMeant: hasRounds }),
  /** Whether every device is given the same, or as much as it can do within the deadline. */
  allocation: setting(oneOf(['even', 'by-speed']), 'even', {
    changes: 'running',
    page: 'scheme',
    lab: 'devices',
    isMeant: hasRounds,
  }),
  /** In seconds: of a room that runs over night, or of simulated jobs. `auto` is for whoever knows all speeds beforehand. */
  deadline: setting<number | null>(orAuto(positive(86_400)), 60, {
    changes: 'running',
    page: 'scheme',
    lab: 'devices',
    isMeant: (chosen) => hasRounds(chosen) && chosen.allocation === 'by-speed',
  }),
}
