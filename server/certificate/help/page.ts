/**
 * One short page about the browser's warning, with a drawing of what each browser shows. Plain HTML in the reader's language,
 * because it must open before the certificate is accepted: it loads nothing and runs nothing.
 */
import type { Request } from 'express'
import { escaped, warningPicture } from './picture'
import { type BrowserWords, type HelpLanguage, helpWords } from './words'

export const helpLanguages = Object.keys(helpWords) as HelpLanguage[]

/** What the browser asks for; English where that is none of them. */
export const preferredLanguage = (request: Pick<Request, 'acceptsLanguages'>): HelpLanguage =>
  helpLanguages.find((language) => language === request.acceptsLanguages([...helpLanguages])) ?? 'en'

const style = `
  :root { color-scheme: light dark; --ink: light-dark(#10231f, #e4efeb); --soft: light-dark(#40564f, #a9beb7);
    --line: light-dark(#71877f, #6a827b); --panel: light-dark(#f8fbf9, #111d1b); --dew: light-dark(#0b6a5e, #7cd8c3);
    --alarm: light-dark(#a82338, #ff94a0); --sun: light-dark(#b26200, #f3b94e); --on-sun: light-dark(#fff, #201400) }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 1.5rem auto; padding: 0 1rem;
    color: var(--ink); background: light-dark(#e6edea, #0b1413) }
  h1 { font-size: 1.6rem; line-height: 1.2 } h2 { font-size: 1.2rem; margin-top: 2rem } h3 { font-size: 1rem; margin: 1.5rem 0 .25rem }
  a { color: var(--dew); font-weight: 600 } nav { text-align: right } p { margin: .5rem 0 }
  .go { display: inline-block; padding: .75rem 1.25rem; border-radius: 99px; background: var(--dew); color: light-dark(#fff, #06201b); text-decoration: none }
  .steps { display: flex; flex-wrap: wrap; gap: 1rem } .steps svg { flex: 1 1 260px; max-width: 340px; height: auto }
  svg { font-family: system-ui, sans-serif; font-size: 12px; fill: none } svg text { fill: var(--ink) }
  .window { fill: var(--panel); stroke: var(--line) } .edge, .lines { stroke: var(--line); opacity: .6 } .lines { stroke-width: 4; opacity: .25 }
  .bar { stroke: var(--line) } .lock, .sign { stroke: var(--alarm); stroke-width: 1.6 } svg .address { fill: var(--soft); font-size: 10.5px }
  svg .heading { font-weight: 600; font-size: 13px } .button { stroke: var(--line) } .ring { stroke: var(--sun); stroke-width: 3 }
  .step { fill: var(--sun) } svg .number { fill: var(--on-sun); font-weight: 700 }
`

/** @param secureBase where the page goes on to; null: nowhere yet */
export function certificateHelp(language: HelpLanguage, secureBase: string | null): string {
  const words = helpWords[language]
  const other = language === 'en' ? 'de' : 'en'
  const base = escaped(secureBase ?? '')
  const host = secureBase ? new URL(secureBase).hostname : '192.168.1.5'
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title}</title>
<style>${style}</style>
<nav><a href="/certificate-help?lang=${other}" lang="${other}" hreflang="${other}">${words.other}</a></nav>
<main>
<h1>${words.heading}</h1>
<p>${words.why}</p>
<p>${words.safe}</p>
<h2>${words.todo}</h2>
${words.browsers.map((browser) => stepsOf(language, browser, host, secureBase ?? `https://${host}`)).join('\n')}
<p>${words.only}</p>
${secureBase ? `<p><a class="go" href="${base}/">${words.onwards(base)}</a></p>` : ''}
</main>
</html>
`
}

function stepsOf(language: HelpLanguage, browser: BrowserWords, host: string, address: string): string {
  const words = helpWords[language]
  const { name, warning, first } = browser
  const then = browser.second(host)
  const picture = (buttons: readonly string[], step: number) =>
    warningPicture({
      label: words.picture(name, buttons[buttons.length - 1]),
      address,
      heading: warning,
      buttons,
      step,
    })
  return `<section>
<h3>${name}</h3>
<p>${words.step(escaped(first), escaped(then))}</p>
<div class="steps">${picture([first], 1)}${picture([first, then], 2)}</div>
</section>`
}
