import { expect, it } from 'vitest'
import { beLikeAPhone } from './run/phone'

/** An adapter of a large card. */
function card() {
  const asked: GPUDeviceDescriptor[] = []
  const adapter = {
    limits: { maxStorageBufferBindingSize: 2 ** 31, maxBufferSize: 2 ** 32, maxBindGroups: 4 },
    features: new Set(['timestamp-query']),
    async requestDevice(descriptor: GPUDeviceDescriptor) {
      asked.push(descriptor)
      return { limits: descriptor.requiredLimits }
    },
  }
  const gpu = { requestAdapter: async () => adapter } as unknown as GPU
  return { gpu, asked }
}

it('a card that is like a phone offers what a phone does, and gives no more', async () => {
  const { gpu, asked } = card()
  beLikeAPhone(gpu)
  const adapter = (await gpu.requestAdapter())!
  expect(adapter.limits.maxStorageBufferBindingSize).toBe(128 * 2 ** 20)
  expect(adapter.limits.maxBufferSize).toBe(256 * 2 ** 20)
  expect(adapter.limits.maxBindGroups).toBe(4)
  expect(adapter.features.has('timestamp-query')).toBe(true)

  const fits = { maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize }
  await adapter.requestDevice({ requiredLimits: fits })
  expect(asked).toEqual([{ requiredLimits: fits }])
  await expect(
    adapter.requestDevice({ requiredLimits: { maxStorageBufferBindingSize: 2 ** 30 } }),
  ).rejects.toThrow('A phone has no maxStorageBufferBindingSize of 1073741824.')
})
