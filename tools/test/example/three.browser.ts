/** One browser test of each outcome, for the test of the reporter; none opens a page. No run of ours includes it. */
import { expect, test } from '@playwright/test'

test('passes', () => expect(1).toBe(1))
test('fails', () => expect(1 + 1).toBe(1))
test('cannot run here', () => test.skip(true, 'There is no Firefox.'))
