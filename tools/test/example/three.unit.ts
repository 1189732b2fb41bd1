/** One unit test of each outcome, for the test of the reporter. No run of ours includes it. */
import { expect, test } from 'vitest'

test('passes', () => expect(1).toBe(1))
test('fails', () => expect(1 + 1).toBe(1))
test('cannot run here', ({ skip }) => skip('There is no Firefox.'))
