import { expect, it } from 'vitest'
import { modeNames } from '../../../node/reasoning/modes'
import { modeGroups } from './groups'

it('every way to answer stands in one group', () => {
  expect(modeGroups.flatMap(([, modes]) => modes).toSorted()).toEqual(modeNames.toSorted())
})
