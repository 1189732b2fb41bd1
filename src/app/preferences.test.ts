import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { readPreferences } from './preferences'

const usual = { language: expect.stringMatching(/^(en|de)$/), theme: 'auto', tourSeen: false, keys: true }

it('preferences are what was stored, part by part, and the usual ones for the rest', () => {
  expect(readPreferences({ language: 'de', theme: 'dark', tourSeen: true, keys: false })).toEqual({
    language: 'de',
    theme: 'dark',
    tourSeen: true,
    keys: false,
  })
  expect(readPreferences({ theme: 'dark', language: 'fr', tourSeen: 1 })).toEqual({ ...usual, theme: 'dark' })
})

it('anything stored gives preferences', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (stored) => {
      expect(Object.keys(readPreferences(stored)).sort()).toEqual(['keys', 'language', 'theme', 'tourSeen'])
    }),
  )
})

function storage() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
}

describe('a language that an address wishes for', () => {
  const browser = storage()

  /** A tab of one browser; with the storage of its own that it had before, where it is opened again. */
  async function tab(address: string, own = storage()) {
    vi.resetModules()
    let shown = new URL(address, 'http://localhost')
    const enter = () => {
      vi.stubGlobal('localStorage', browser)
      vi.stubGlobal('sessionStorage', own)
      vi.stubGlobal('location', shown)
      vi.stubGlobal('history', {
        state: null,
        replaceState: (_: unknown, __: string, next: URL) => {
          shown = next
        },
      })
    }
    enter()
    const preferences = await import('./preferences')
    const wish = shown.searchParams.get('lang')
    if (wish === 'de' || wish === 'en') preferences.wishForLanguage(wish)
    return {
      ...preferences,
      own,
      enter,
      shown: () => shown,
      speaks: () => preferences.usePreferences.getState().language,
    }
  }

  beforeEach(() => browser.setItem('gossamer.preferences', JSON.stringify({ language: 'en', theme: 'dark' })))

  it('holds for its tab, also where that goes on to another page, and for no other', async () => {
    const german = await tab('/?lang=de')
    expect(german.speaks()).toBe('de')
    german.prefer({ tourSeen: true })
    expect((await tab('/')).speaks()).toBe('en')
    expect((await tab('/', german.own)).speaks()).toBe('de')
    expect(JSON.parse(browser.getItem('gossamer.preferences')!)).toEqual({
      language: 'en',
      theme: 'dark',
      tourSeen: true,
      keys: true,
    })
  })

  it('ends where somebody chooses one, which is remembered', async () => {
    const german = await tab('/?lang=en&seed=7')
    german.chooseLanguage('de')
    expect(german.speaks()).toBe('de')
    expect(german.shown().search).toBe('?seed=7')
    expect((await tab('/')).speaks()).toBe('de')
    expect((await tab(german.shown().href, german.own)).speaks()).toBe('de')
  })
})
