/**
 * The same room on two backends: WebGPU (Chromium's software adapter, which no page takes by itself but which computes
 * like a real one) and WebAssembly. The same seeds must give the same losses; and a text whose tokens are chosen where their logits
 * are is the one that is chosen row by row.
 */
import { chromium } from '@playwright/test'
import { launchOptions, softwareGpu } from '../browser'
import { appAddress, expect, test } from '../fixtures'
import { snapshot, untilRound } from '../surface'

const steps = 5

test('toy trains on WebGPU, and its first losses agree with WebAssembly’s', async ({ appUrl }) => {
  test.setTimeout(240_000)
  const browser = await chromium.launch(launchOptions(...softwareGpu))
  /** Losses of one device's local training in the first round of a room of its own. */
  const lossesOn = async (backend: 'webgpu' | 'wasm'): Promise<readonly number[]> => {
    const context = await browser.newContext({ permissions: ['microphone'] })
    const address = (role: string, search: string) =>
      appAddress(appUrl, role, {
        room: `ON-${backend}`,
        search: `autostart=1&rounds=1&localSteps=${steps}&batch=4&baselines=0&${search}`,
      })
    const coordinator = await context.newPage()
    const device = await context.newPage()
    await Promise.all([
      coordinator.goto(address('coordinator', '')),
      device.goto(address('device', `backend=${backend}`)),
    ])
    await untilRound(device, 1, 180_000)
    expect((await snapshot(device)).backend).toBe(backend)
    const losses = await device.evaluate(() => {
      const { lossPoints, selfKey } = globalThis.gossamer!.store.getState()
      return lossPoints[selfKey].map(({ loss }) => loss)
    })
    // So little noise changes nothing, but is too much for a GPU's floats: there rows are read, and the processor chooses.
    let tokens = 0
    for (const prompt of ['The', 'Once', 'A']) {
      const [there, here] = await device.evaluate(
        async (prompt) => [
          await globalThis.gossamer!.generate({ prompt, tokens: 24, temperature: 0 }),
          await globalThis.gossamer!.generate({ prompt, tokens: 24, temperature: 1e-7 }),
        ],
        prompt,
      )
      expect(there.ids, `the text on ${backend}`).toEqual(here.ids)
      tokens += there.ids.length
    }
    expect(tokens).toBeGreaterThan(16)
    await context.close()
    return losses
  }
  const wasm = await lossesOn('wasm')
  const webgpu = await lossesOn('webgpu')
  await browser.close()
  expect(wasm).toHaveLength(steps)
  for (const [step, loss] of webgpu.entries()) expect(Math.abs(loss - wasm[step])).toBeLessThan(1e-3)
  expect(wasm.at(-1)).toBeLessThan(wasm[0])
})
