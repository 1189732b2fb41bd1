import { describe, expect, it } from 'vitest'
import { gpt2, gpt2Json } from '../fixtures/folders'
import { Offline } from '../source/download/http'
import { findModel } from './openModel'

describe('a model', () => {
  it('ends a text with what its configuration, its tokenizer and what it generates by say', async () => {
    const endsOf = async (said: unknown, config: object = {}) => {
      const files = {
        'config.json': { ...Object(gpt2Json), eos_token_id: 5, ...config },
        'tokenizer_config.json': { eos_token: '<|end|>' },
      }
      const { tokenizer } = await findModel(gpt2({ ...files, 'generation_config.json': said }))
      return tokenizer.eosIds
    }
    expect(await endsOf({ eos_token_id: [5, 7], do_sample: true, top_k: 20 })).toEqual([0, 5, 7])
    expect(await endsOf({ eos_token_id: 6 }, { eos_token_id: null })).toEqual([0, 6])
    expect(await endsOf({ transformers_version: '4.51.0' })).toEqual([0, 5])
    expect(await endsOf({ eos_token_id: null })).toEqual([0, 5])
    for (const [said, what] of [
      [
        { eos_token_id: 'x' },
        /^generation_config.json: eos_token_id: must be a number or a list, not "x"\. Do/,
      ],
      [[], /^generation_config.json: the file: must be an object\. Download the model again/],
    ] as const)
      await expect(endsOf(said)).rejects.toThrow(what)
  })

  it('that comes without a list of its files is not asked for what it generates by', async () => {
    const asked: string[] = []
    const listed = gpt2({ 'generation_config.json': { eos_token_id: 5 } })
    const has = (name: string) => {
      asked.push(name)
      return listed.has(name)
    }
    const { tokenizer } = await findModel({ ...listed, isListed: false, has })
    expect(tokenizer.eosIds).toEqual([0])
    expect(asked).not.toContain('generation_config.json')
  })

  it('whose list is kept and whose hub cannot be reached ends a text as its configuration says', async () => {
    const listed = gpt2({ 'generation_config.json': { eos_token_id: 5 } })
    const open = async (name: string) => {
      const file = await listed.open(name)
      if (name !== 'generation_config.json') return file
      return { ...file, fetch: () => Promise.reject(new Offline('There is no connection.')) }
    }
    expect((await findModel({ ...listed, open })).tokenizer.eosIds).toEqual([0])
  })
})
