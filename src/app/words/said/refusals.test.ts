/** What is wrong with a value or with a model's files, said in German as it comes from where it is refused. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { messageOf } from '../../../lib/messageOf'
import { firstComplaint, readBy } from '../../../lib/schema'
import { checkTensors, openCheckpoint } from '../../../model/checkpoint/checkpoint'
import { fitOf } from '../../../model/checkpoint/fit'
import { findModel } from '../../../model/checkpoint/openModel'
import { remarkOn } from '../../../model/checkpoint/stepPlan'
import { parseConfig } from '../../../model/config'
import { memoryStore } from '../../../model/source/download/store'
import { folderSource } from '../../../model/source/folder'
import { sourceNamed } from '../../../model/source/named'
import { wholePart } from '../../../model/stretch'
import { openTokenizer } from '../../../model/tokenizer'
import { placeFor } from '../../../training/loading/chooseFormat'
import { keepingMachine } from '../../../training/loading/testing'
import { inGerman } from './german'

const english =
  /\b(the|this|that|it|its|is|are|of|and|or|with|without|cannot|has|have|holds|choose|download|must|no|not|an|list|number|text|here)\b/i

const read = (name: string) => JSON.parse(readFileSync(`public/models/toy/${name}`, 'utf8'))
const toy = read('config.json')
const config = parseConfig(toy)
const llama = {
  model_type: 'llama',
  vocab_size: 10,
  max_position_embeddings: 8,
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 16,
}

/** No WebAssembly memory holds it. */
const huge = { ...config, width: 2 ** 13, vocabulary: 2 ** 19 }

/** In German, what `refuse` throws. */
async function refusal(refuse: () => unknown): Promise<string> {
  try {
    await refuse()
  } catch (problem) {
    return inGerman(messageOf(problem))
  }
  throw new Error('Nothing was refused.')
}

describe('in German', () => {
  it.each<[z.ZodType, unknown, string]>([
    [z.number(), undefined, 'fehlt'],
    [z.string(), 3, 'muss Text sein, nicht 3'],
    [z.number(), 'x', 'muss eine Zahl sein, nicht "x"'],
    [z.number().int(), 1.5, 'muss eine ganze Zahl sein, nicht 1.5'],
    [z.boolean(), {}, 'muss true oder false sein, nicht ein Objekt'],
    [z.array(z.number()), { a: 1 }, 'muss eine Liste sein, nicht ein Objekt'],
    [z.object({}), [1], 'muss ein Objekt sein, nicht eine Liste'],
    [z.object({}), [], 'muss ein Objekt sein'],
    [z.number().min(8), 3, 'muss 8 oder mehr sein, nicht 3'],
    [z.number().max(8), 9, 'muss 8 oder weniger sein, nicht 9'],
    [z.number().positive(), 0, 'muss größer als 0 sein, nicht 0'],
    [z.number().negative(), 1, 'muss kleiner als 0 sein, nicht 1'],
    [z.string().min(1), '', 'muss ein Text sein, in dem etwas steht'],
    [z.array(z.number()).min(1), [], 'muss eine Liste sein, in der etwas steht'],
    [z.string().max(2), 'abc', 'darf höchstens 2 Zeichen haben, nicht "abc"'],
    [z.string().min(2), 'a', 'muss wenigstens 2 Zeichen haben, nicht "a"'],
    [z.array(z.number()).max(1), [1, 2], 'darf höchstens so viele Einträge haben: 1, nicht eine Liste'],
    [z.array(z.number()).min(3), [1], 'muss wenigstens so viele Einträge haben: 3, nicht eine Liste'],
    [z.enum(['a', 'b']), 'c', 'muss eines von diesen sein: a, b, nicht "c"'],
    [z.literal('a'), 'c', 'muss "a" sein, nicht "c"'],
    [z.number().multipleOf(4), 3, 'muss ein Vielfaches von 4 sein, nicht 3'],
    [z.union([z.number(), z.array(z.number())]), 'x', 'muss eine Zahl oder eine Liste sein, nicht "x"'],
    [z.strictObject({}), { b: 1 }, 'enthält "b", was hier nicht bekannt ist'],
    [z.string().regex(/a/), 'b', 'kann nicht "b" sein'],
  ])('a value is said to be wrong: %#', (schema, value, said) => {
    const { error } = readBy(schema, value)
    expect(inGerman(firstComplaint(error!).what)).toBe(said)
  })

  it.each<[object | null, string]>([
    [
      [],
      'config.json: die Datei: muss ein Objekt sein. Wähle ein Modell der Art gpt2, llama, mistral, qwen2 oder qwen3.',
    ],
    [
      { ...toy, n_layer: 0 },
      'config.json: n_layer: muss größer als 0 sein, nicht 0. Wähle ein anderes Modell der Art gpt2, oder lade dieses noch einmal herunter.',
    ],
    [
      { ...toy, activation_function: 'relu' },
      'config.json: activation_function: "relu" geht hier nicht, nur gelu_new oder gelu_pytorch_tanh oder gelu_fast. Wähle ein anderes Modell der Art gpt2, oder lade dieses noch einmal herunter.',
    ],
    [
      { ...toy, quantization_config: { bits: 4 } },
      'config.json: quantization_config: ein Objekt geht hier nicht: Wähle das Modell ohne Quantisierung. Wähle ein anderes Modell der Art gpt2, oder lade dieses noch einmal herunter.',
    ],
    [
      { ...llama, rope_scaling: { rope_type: 'yarn' } },
      'config.json: rope_scaling.rope_type: "yarn" geht hier nicht, nur default oder linear oder llama3. Wähle ein anderes Modell der Art llama, oder lade dieses noch einmal herunter.',
    ],
    [
      { model_type: 'bert' },
      'config.json: model_type: „bert“ ist hier unbekannt. Wähle ein Modell der Art gpt2, llama, mistral, qwen2 oder qwen3.',
    ],
  ])('a configuration is refused: %#', async (file, said) => {
    expect(await refusal(() => parseConfig(file))).toBe(said)
  })

  it.each<object>([
    {},
    { ...toy, hidden_size: 3 },
    { ...toy, n_head: 7 },
    { ...toy, n_head: 1, n_embd: 256 },
    { ...toy, some_new_thing: 5 },
    { ...toy, pruned_heads: { 1: [0] } },
    { ...llama, attention_bias: true },
    { ...llama, hidden_act: 'relu' },
    { ...llama, layer_types: ['linear'] },
    { ...llama, head_dim: 3 },
    { ...llama, eos_token_id: 'x' },
    { ...llama, rope_scaling: { type: 'linear' } },
    { ...llama, model_type: 'qwen2', num_key_value_heads: 2, attention_bias: false },
    { ...llama, model_type: 'qwen3', num_key_value_heads: 2, attention_bias: true },
    { ...llama, model_type: 'qwen3', num_key_value_heads: 2, layer_types: ['sliding_attention'] },
    { ...llama, model_type: 'qwen3', num_key_value_heads: 2, max_window_layers: -1 },
    { ...llama, rope_scaling: { type: 'linear', factor: 2, low_freq_factor: 3 } },
    {
      ...llama,
      rope_scaling: {
        type: 'llama3',
        factor: 2,
        low_freq_factor: 3,
        high_freq_factor: 2,
        original_max_position_embeddings: 8,
      },
    },
  ])('a configuration is refused without a word of English: %j', async (file) => {
    expect(await refusal(() => parseConfig(file))).not.toMatch(english)
  })

  it.each<[object, string]>([
    [
      {},
      'tokenizer.json ist beschädigt, oder von unbekannter Art: model fehlt. Lade das Modell noch einmal herunter, oder wähle ein anderes.',
    ],
    [
      [],
      'tokenizer.json ist beschädigt, oder von unbekannter Art: Die Datei muss ein Objekt sein. Lade das Modell noch einmal herunter, oder wähle ein anderes.',
    ],
    [{ model: { vocab: {} } }, 'tokenizer.json nennt keine Tokens. Wähle ein anderes Modell.'],
    [
      { model: { vocab: { a: 9999 } } },
      'Der Tokenizer gibt „a“ die Nummer 9999, aber das Modell kennt 1280 Tokens. Die Dateien gehören nicht zusammen.',
    ],
    [
      { model: { vocab: { a: 0 }, merges: [] }, added_tokens: [5] },
      'tokenizer.json fügt etwas hinzu, das kein Token ist: Es muss ein Objekt sein, nicht 5. Wähle ein anderes Modell.',
    ],
    [
      {
        model: { vocab: { a: 0 }, merges: [] },
        pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+' }, behavior: 'Isolated' },
      },
      'tokenizer.json enthält das Muster „(a+)+“, das wiederholt, was auf mehrere Arten passen kann: Text damit zu zerlegen könnte ewig dauern. Wähle ein anderes Modell.',
    ],
    [
      { model: { type: 'BPE', vocab: { a: 0 }, merges: [], some_new: true } },
      'tokenizer.json: model.some_new ist true: Diese Einstellung ist hier nicht bekannt, und ohne sie könnten Texte andere Nummern bekommen. Wähle ein Modell mit einem anderen Tokenizer, oder nimm sie aus der Datei, wenn sie nur ein Vermerk ist.',
    ],
    [
      { model: { type: 'BPE', vocab: { a: 0 }, merges: [] }, post_processor: { type: 'New' } },
      'tokenizer.json: post_processor: Die Art „New“ ist hier nicht bekannt. Wähle ein Modell mit einem anderen Tokenizer.',
    ],
  ])('a tokenizer is refused: %#', async (file, said) => {
    expect(await refusal(() => openTokenizer(file, null, config))).toBe(said)
  })

  it('a model that loses text is refused', async () => {
    const tokenizer = read('tokenizer.json')
    expect(await refusal(() => openTokenizer({ ...tokenizer, decoder: null }, null, config))).toMatch(
      /^tokenizer\.json verliert Text: "The baker of Riga sings\." kommt als ".*" zurück\. Wähle ein Modell mit einem anderen Tokenizer\.$/,
    )
  })

  it('a folder, its weights and a name are refused', async () => {
    const folder = (...files: [string, BlobPart][]) =>
      folderSource(
        [['config.json', '{}'] as const, ...files].map(([path, content]) => ({
          path,
          file: new Blob([content]),
        })),
      )
    const said = await Promise.all(
      [
        () => folderSource([]),
        () => folder().open('tokenizer.json'),
        () => openCheckpoint(folder()),
        () => openCheckpoint(folder(['model.safetensors', 'x'])),
        () => openCheckpoint(folder(['model.safetensors', 'longer than eight bytes'])),
        () => openCheckpoint(folder(['model.safetensors.index.json', '{}'])),
        () => openCheckpoint(folder(['model.safetensors.index.json', '[]'])),
        () => openCheckpoint(folder(['model.safetensors.index.json', 'x'])),
        () =>
          findModel(
            folderSource(
              Object.entries({ 'config.json': toy, 'generation_config.json': { eos_token_id: 'x' } }).map(
                ([path, content]) => ({ path, file: new Blob([JSON.stringify(content)]) }),
              ),
            ),
          ),
        () => checkTensors({ files: [], tensors: new Map() }, config),
        () => sourceNamed('something else', 'http://localhost/', memoryStore()),
        () => sourceNamed('local:gone', 'http://localhost/', memoryStore()).open('config.json'),
      ].map(refusal),
    )
    expect(said.filter((text) => english.test(text))).toEqual([])
    expect(said[3]).toBe(
      'model.safetensors: Eine safetensors-Datei braucht mindestens 8 Bytes, diese hat 1. Hol oder exportiere die Datei noch einmal.',
    )
  })

  it('a model is too large', () => {
    const small = { kind: 'wasm', maxBytes: 1 } as const
    const gpu = { kind: 'webgpu', maxBufferBytes: 1, maxBindingBytes: 1 } as const
    const larger = { ...gpu, maxBufferBytes: 40_000, maxBindingBytes: 40_000 }
    for (const device of [small, gpu, larger]) {
      const fit = fitOf(config, 'float32', device)
      expect(fit.fits ? 'it fits' : inGerman(fit.problem)).not.toMatch(english)
    }
    const fit = fitOf(huge, 'float32', larger)
    expect(fit.fits ? 'it fits' : inGerman(fit.problem)).not.toMatch(english)
  })

  it('a card has less memory than it seems to, or a step does not fit beside the model', async () => {
    const gpu = keepingMachine({ bytes: 1 })
    const whole = { part: wholePart(config), parameters: 1 }
    for (const model of [config, huge])
      for (const precision of ['float32', 'float16', 'int8', 'nf4'] as const) {
        const place = placeFor(gpu, model, { ...whole, precision }, () => {})
        const problem = await refusal(() => place)
        expect(problem).not.toMatch(english)
        expect(problem).toMatch(/weniger Speicher, als es scheint.*oder wähle/)
      }
    const step = { rows: 8, time: 64 }
    for (const plan of [
      { kind: 'checkpointing' },
      { kind: 'fewer rows', rows: 2 },
      { kind: 'fewer rows', rows: 0 },
    ] as const)
      expect(inGerman(remarkOn(plan, { kind: 'wasm', maxBytes: 1e9 }, step)!)).not.toMatch(english)
  })
})
