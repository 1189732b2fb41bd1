/**
 * A GPU that offers no more than a phone's: what WebGPU promises everywhere, bindings of 128 MiB and buffers of 256. A device is made
 * with what was asked for, and whoever asks reads the adapter's limits, so every engine on this page lives within them.
 */

const limits: Readonly<Record<string, number>> = {
  maxStorageBufferBindingSize: 128 * 2 ** 20,
  maxBufferSize: 256 * 2 ** 20,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
}

/** From now on adapters say so; what is asked for beyond is refused, as a phone would. */
export function beLikeAPhone(gpu: GPU): void {
  const request = gpu.requestAdapter.bind(gpu)
  gpu.requestAdapter = async (options) => {
    const adapter = await request(options)
    return (
      adapter &&
      new Proxy(adapter, { get: (_, name) => (name === 'limits' ? within(adapter) : own(adapter, name)) })
    )
  }
}

const within = (adapter: GPUAdapter): GPUSupportedLimits =>
  new Proxy(adapter.limits, {
    get(offered, name) {
      const limit = Reflect.get(offered, name, offered)
      return typeof name === 'string' && name in limits ? Math.min(limit, limits[name]) : limit
    },
  })

/** The adapter's property, bound to it; a device within the limits. */
function own(adapter: GPUAdapter, name: string | symbol): unknown {
  const value = Reflect.get(adapter, name, adapter)
  if (name !== 'requestDevice') return typeof value === 'function' ? value.bind(adapter) : value
  return async (descriptor: GPUDeviceDescriptor = {}) => {
    for (const [limit, wanted] of Object.entries(descriptor.requiredLimits ?? {}))
      if (limit in limits && (wanted ?? 0) > limits[limit])
        throw new DOMException(`A phone has no ${limit} of ${wanted}.`, 'OperationError')
    return adapter.requestDevice(descriptor)
  }
}
