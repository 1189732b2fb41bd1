/** Adapters and updates on their way: safetensors, the codecs of every compression, parcels, forwards, PEFT's files. */
import { globalOf } from '../../../src/federation/aggregation/global/fold'
import { compressionNames, compressionOf } from '../../../src/federation/compression/registry'
import { CompressionError } from '../../../src/federation/compression/types'
import { shapesOf } from '../../../src/federation/compression/vector'
import { readBy } from '../../../src/lib/schema'
import type { Adapter } from '../../../src/model/adapter'
import { parseConfig } from '../../../src/model/config'
import { AdapterError, initialAdapter } from '../../../src/model/lora'
import { decodePeft, encodePeft, type PeftFiles } from '../../../src/model/peft/peft'
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
  type TensorMap,
} from '../../../src/model/safetensors'
import { decodeForward, encodeForward } from '../../../src/node/merging/forwarding'
import { type AdapterMessage, issueWhole, openParcel } from '../../../src/node/merging/parcel'
import { fromCoordinator } from '../../../src/node/wire/messages'
import { federatingOf } from '../../../src/settings/derived/merging'
import { defaultSettings } from '../../../src/settings/reading'
import type { Case } from '../case'
import { corner, type Decoder, fuzz } from './fuzz'
import { mutateBytes, mutateJson } from './mutate'

const numbers = (length: number) => Float32Array.from({ length }, (_, at) => Math.sin(at))
const prefix = 'base_model.model.transformer.h.0.attn.c_attn'
const tensors: TensorMap = new Map([
  [`${prefix}.lora_A.weight`, { shape: [2, 4], data: numbers(8) }],
  [`${prefix}.lora_B.weight`, { shape: [6, 2], data: numbers(12) }],
])
const adapter: Adapter = { config: { rank: 2, alpha: 4, targets: ['c_attn'] }, tensors }
const file = encodeSafetensors(tensors)
const damaged = [SafetensorsError, CompressionError, AdapterError]

const safetensors: Pick<Decoder<Uint8Array>, 'decode' | 'declared'> = {
  declared: [SafetensorsError],
  decode(bytes) {
    const read = decodeSafetensors(bytes)
    const count = [...read.tensors.values()].reduce((sum, { data }) => sum + data.length, 0)
    return 2 * count > bytes.length ? ['more numbers are read than bytes came'] : undefined
  },
}

function headerOnly(header: string): Uint8Array {
  const json = new TextEncoder().encode(header)
  const bytes = new Uint8Array(8 + json.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, 8)
  return bytes
}

const emptyEntries = (count: number) =>
  `{${Array.from({ length: count }, (_, at) => `"${at}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`).join()}}`

/** Every compression's way up, and its way down where that is coded. */
const codecs = compressionNames.flatMap((name) => {
  const { up, down } = compressionOf(name)
  const all = [up, ...(down.kind === 'whole' ? [] : [down.codec])]
  return all.map((codec, at) => {
    const { bytes } = codec.encode(tensors, null, 1)
    return fuzz<Uint8Array>({
      name: `updates coded by ${name}${at > 0 ? ', on their way down' : ''}`,
      declared: [CompressionError, SafetensorsError],
      inputs: 50_000,
      draw: (dice) => mutateBytes(dice, bytes),
      decode(mutated) {
        const decoded = codec.decode(mutated, shapesOf(tensors))
        for (const [tensor, { data }] of tensors)
          if (decoded.get(tensor)?.data.length !== data.length) return ['it is read with other shapes']
        return undefined
      },
    })
  })
})

const settings = (compression: string) =>
  federatingOf({ ...defaultSettings, compression } as typeof defaultSettings)

const parcels = (['none', 'topk-int8'] as const).map((compression) => {
  const federating = settings(compression)
  const global = globalOf(adapter)
  const { whole, hash } = issueWhole({ adapter: 'global', version: 1 }, global)
  const { down } = federating
  const coded = down.kind === 'whole' ? file : down.codec.encode(tensors, null, 1).bytes
  const change = {
    fromVersion: 1,
    fromHash: hash,
    learned: { a: true, b: true },
    afresh: false,
    residualBytes: 0,
  }
  const messages = [
    { number: 1, ...whole.message },
    { number: 2, ...whole.message, version: 2, change },
  ]
  return fuzz<{ message: unknown; bytes: Uint8Array }>({
    name: `versions, coded by ${compression}`,
    declared: damaged,
    inputs: 50_000,
    draw(dice) {
      const isChange = dice.int(2)
      const bytes = isChange ? coded : file
      return {
        message: dice.int(3) === 0 ? mutateJson(dice, messages[isChange]) : messages[isChange],
        bytes: dice.int(3) > 0 ? mutateBytes(dice, bytes) : bytes,
      }
    },
    decode({ message, bytes }) {
      const parsed = readBy(fromCoordinator, message)
      if (parsed.success && parsed.data.type === 'adapter')
        openParcel(
          federating,
          adapter.config,
          { hash, global },
          { message: parsed.data as AdapterMessage, bytes },
        )
      return undefined
    },
  })
})

const forwards = (['none', 'int8'] as const).map((compression) => {
  const { up } = settings(compression)
  const sends = { a: true, b: true }
  const { bytes } = encodeForward(up, tensors, tensors, sends, null, 1)
  return fuzz<Uint8Array>({
    name: `an edge's result, coded by ${compression}`,
    declared: damaged,
    inputs: 50_000,
    draw: (dice) => mutateBytes(dice, bytes),
    decode: (mutated) => void decodeForward(up, mutated, tensors, sends),
  })
})

const gpt2 = parseConfig({
  model_type: 'gpt2',
  vocab_size: 8,
  n_positions: 8,
  n_embd: 4,
  n_layer: 1,
  n_head: 1,
})
const peft = encodePeft(initialAdapter(gpt2, adapter.config, 1), 'gpt2')
const peftConfig: unknown = JSON.parse(peft.config)
const peftDecoder: Pick<Decoder<PeftFiles>, 'decode' | 'declared'> = {
  declared: [AdapterError, SafetensorsError],
  decode(files) {
    const { config } = decodePeft(files, gpt2)
    const { rank, alpha } = config
    return rank >= 1 && rank <= 65_536 && alpha > 0 && Number.isFinite(alpha)
      ? undefined
      : [`rank ${rank} and alpha ${alpha} are taken`]
  },
}

export const adapters: readonly Case[] = [
  fuzz({ name: 'safetensors', ...safetensors, draw: (dice) => mutateBytes(dice, file) }),
  corner('safetensors: 200,000 empty tensors', safetensors, () => headerOnly(emptyEntries(200_000))),
  corner('safetensors: a name of two megabytes', safetensors, () => headerOnly(`{"${'x'.repeat(2e6)}":1}`)),
  corner('safetensors: brackets without end', safetensors, () => headerOnly('['.repeat(1e6))),
  corner('safetensors: a shape of 10^6 sides', safetensors, () =>
    headerOnly(`{"x":{"dtype":"F32","shape":[${'1,'.repeat(1e6)}1],"data_offsets":[0,4]}}`),
  ),
  ...codecs,
  ...parcels,
  ...forwards,
  fuzz<PeftFiles>({
    name: 'adapter_config.json',
    ...peftDecoder,
    draw: (dice) => ({ ...peft, config: JSON.stringify(mutateJson(dice, peftConfig)) ?? '' }),
  }),
  fuzz<PeftFiles>({
    name: 'adapter_config.json, damaged',
    ...peftDecoder,
    draw: (dice) => ({
      ...peft,
      config: new TextDecoder().decode(mutateBytes(dice, new TextEncoder().encode(peft.config))),
    }),
  }),
]
