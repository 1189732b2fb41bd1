/**
 * The base model is the person's choice: a folder that is given to the browser becomes a room's model, and a tab that
 * cannot have the room's model says what to do and goes on when it was done.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { strFromU8, unzipSync } from 'fflate'
import { parseConfig } from '../../src/model/config'
import { decodePeft } from '../../src/model/peft/peft'
import { expect, root, test } from '../fixtures'
import { snapshot, until, untilRound } from '../surface'

const fixture = (name: string) => join(root, 'src/model/fixtures/oracle', name)

const chooseAnother = async (page: Page, address: string) => {
  await page.goto(address)
  await page.getByRole('radio', { name: /Another model/ }).check()
}
/** As a person drops it, out of a window of files: only Chromium's own protocol can. */
async function dropFolder(page: Page, name: string): Promise<void> {
  const zone = page.getByText('Drop a Hugging Face model folder here')
  await zone.scrollIntoViewIfNeeded()
  const { x, y } = (await zone.boundingBox())!
  const data = { items: [], files: [fixture(name)], dragOperationsMask: 1 }
  const session = await page.context().newCDPSession(page)
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: x + 5, y: y + 5, data })
}
const giveFolder = (page: Page, name: string) =>
  page.getByLabel('Model folder', { exact: true }).setInputFiles(fixture(name))

test('a folder becomes a room’s model, and a device in another browser is asked for the same one', async ({
  appUrl,
  newContext,
}) => {
  test.setTimeout(120_000)
  const coordinator = await (await newContext()).newPage()
  await chooseAnother(coordinator, appUrl)
  await dropFolder(coordinator, 'qwen3-tied-sharded')
  await expect(coordinator.getByText('local:qwen3-tied-sharded: ', { exact: false })).toBeVisible()
  await coordinator.getByText('All parameters').click()
  for (const [field, value] of Object.entries({ Rounds: 1, 'Local steps per round': 4 }))
    await coordinator.getByLabel(field, { exact: true }).fill(String(value))
  await coordinator.getByLabel('Backend of this tab').selectOption('wasm')
  await coordinator.getByRole('button', { name: 'Open a federation' }).click()
  const { invite, model } = await until(
    coordinator,
    (state) => state.invite !== null && !!state.model.hash,
    null,
  )
  expect(model.name).toBe('local:qwen3-tied-sharded')

  const device = await (await newContext()).newPage()
  await device.goto(invite!.replace('?', '?backend=wasm&'))
  await expect(device.getByRole('heading', { name: 'This room’s model is a folder' })).toBeVisible()
  await expect(
    device.getByText('does not keep the model local:qwen3-tied-sharded', { exact: false }),
  ).toBeVisible()
  await giveFolder(device, '../../programs')
  await expect(device.getByRole('alert').last()).toContainText('This folder holds no config.json')
  await giveFolder(device, 'llama-untied')
  await expect(device.getByText('has other weights than the room’s', { exact: false })).toBeVisible()
  await giveFolder(device, 'qwen3-tied-sharded')
  await until(device, (state) => !!state.model.hash && state.errors.length === 0, null)
  expect((await snapshot(device)).model).toEqual(model)

  await until(coordinator, (state) => state.peers.some((peer) => peer.state === 'idle'), null)
  await coordinator.evaluate(() => globalThis.gossamer!.stepRound())
  await untilRound(device, 1)
  expect((await snapshot(coordinator)).loss.heldOut).toBeLessThan((await snapshot(coordinator)).loss.base!)

  const zip = await device.evaluate(async () => [...(await globalThis.gossamer!.takeHome()).bytes])
  const files = unzipSync(Uint8Array.from(zip))
  const config = strFromU8(files['adapter_config.json'])
  const base = parseConfig(
    JSON.parse(readFileSync(join(fixture('qwen3-tied-sharded'), 'config.json'), 'utf8')),
  )
  const adapter = decodePeft({ config, weights: files['adapter_model.safetensors'] }, base)
  expect(JSON.parse(config)).toMatchObject({
    base_model_name_or_path: './qwen3-tied-sharded',
    fan_in_fan_out: false,
  })
  expect(adapter.config.targets).toEqual([
    ...['q_proj', 'k_proj', 'v_proj'],
    ...['o_proj', 'down_proj'],
    ...['gate_proj', 'up_proj'],
  ])
  expect(adapter.tensors.has('base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight')).toBe(true)
})

test('a model of the hub needs the internet, and the page says so', async ({
  appUrl,
  newContext,
  trouble,
}) => {
  const page = await (await newContext()).newPage()
  await chooseAnother(page, appUrl)
  await page.getByLabel('Model on huggingface.co').fill('gpt2')
  await page.getByRole('button', { name: 'Open a federation' }).click()
  await expect(page.getByText('Write it as owner/name', { exact: false })).toBeVisible()
  await page.getByRole('button', { name: /openai-community\/gpt2/ }).click()
  await page.getByRole('button', { name: 'Open a federation' }).click()
  await expect(page.getByText('huggingface.co cannot be reached', { exact: false })).toBeVisible()
  await expect(page.getByText('Connect to the internet and try again', { exact: false })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  expect(new Set(trouble.strayRequests.splice(0).map((url) => new URL(url).host))).toEqual(
    new Set(['huggingface.co']),
  )
})
