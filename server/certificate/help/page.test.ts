import { describe, expect, it } from 'vitest'
import { certificateHelp, helpLanguages, preferredLanguage } from './page'
import { helpWords } from './words'

const asking = (accepted: readonly string[]) => ({
  acceptsLanguages: (offered: string[]) => accepted.find((one) => offered.includes(one)) ?? false,
})

describe('the page about the warning', () => {
  it.each(helpLanguages)('says in %s what each browser shows, and draws both steps of it', (language) => {
    const page = certificateHelp(language, 'https://192.168.7.9:8080')
    expect(page).toContain(`<html lang="${language}">`)
    for (const { name, first, second } of helpWords[language].browsers) {
      expect(page).toContain(`<h3>${name}</h3>`)
      expect(page).toContain(`<em>${first}</em>`)
      expect(page).toContain(`>${second('192.168.7.9')}</text>`)
    }
    expect(page.match(/<svg [^>]*role="img" aria-label="[^"]+"/g)).toHaveLength(6)
    expect(page).toContain('href="https://192.168.7.9:8080/"')
  })

  it('is not half in the other language', () => {
    expect(certificateHelp('de', null)).not.toMatch(/\b(the|press|then|Advanced)\b/)
    expect(certificateHelp('en', null)).not.toMatch(/\b(der|die|das|Drücke)\b/)
  })

  it('loads nothing and runs nothing', () => {
    expect(certificateHelp('en', 'https://192.168.7.9')).not.toMatch(/<(script|img|link)|url\(|@import/)
  })

  it('comes in the language that the browser asks for, else in English', () => {
    const preferred = (...accepted: string[]) =>
      preferredLanguage(asking(accepted) as unknown as Parameters<typeof preferredLanguage>[0])
    expect([preferred('de'), preferred('fr', 'de'), preferred('fr'), preferred()]).toEqual([
      'de',
      'de',
      'en',
      'en',
    ])
  })

  it('can be left for the other language', () => {
    expect(certificateHelp('de', null)).toContain('href="/certificate-help?lang=en"')
    expect(certificateHelp('en', null)).toContain('href="/certificate-help?lang=de"')
  })
})
