import { expect, it } from 'vitest'
import type { FromCoordinator, FromDevice } from '../wire/messages'
import { newsOf } from './news'

const attach = (number: number): FromCoordinator => ({ type: 'attach', number, edge: null, signature: '' })
const devices = (number: number): FromCoordinator => ({
  type: 'edge-devices',
  number,
  round: 1,
  devices: [],
  signature: '',
})
const enroll = (number: number): FromDevice => ({ type: 'enroll', number })
const withdraw = (number: number): FromDevice => ({ type: 'withdraw', number })
const refused: FromCoordinator = { type: 'refused', round: 1, reason: '' }

it('what comes again, or after what undoes it, is no news', () => {
  const isNews = newsOf()
  const edges = [attach(1), devices(2), attach(2), attach(1), devices(3)].map((said) => isNews('c', said))
  expect(edges).toEqual([true, true, false, false, true])
  const enrolment = [enroll(1), withdraw(3), enroll(2), enroll(4)].map((said) => isNews('d', said))
  expect(enrolment).toEqual([true, true, false, true])
})

it('each sender counts for itself, and what is not numbered is always heard', () => {
  const isNews = newsOf()
  expect([isNews('c', attach(7)), isNews('e', attach(1)), isNews('c', attach(7))]).toEqual([
    true,
    true,
    false,
  ])
  expect([isNews('c', refused), isNews('c', refused)]).toEqual([true, true])
})
