/**
 * Sixty-four colours for devices, each as two: on the light ground and on the dark one. The first eight are the theme's own
 * (`tokens.css`). Every further one was chosen as the colour that lies farthest, in OKLab and in the worse of both themes,
 * from all before it and from the sun of the merged model, among those that can be read as text (contrast 4.5) on every
 * ground. So few devices get very different colours, and even sixty-four get no two alike; the test beside measures both.
 */
const themed = 8

/** On light, on dark. */
export const further: readonly (readonly [string, string])[] = [
  ['#5b3b00', '#fee3bf'],
  ['#024e47', '#a0fcf0'],
  ['#4b2d3e', '#c39fb2'],
  ['#651e6a', '#fddbfe'],
  ['#145100', '#b6ffa6'],
  ['#8e4c5c', '#febcca'],
  ['#626746', '#cfd5b0'],
  ['#6f558c', '#dec3ff'],
  ['#04755b', '#5ceec3'],
  ['#233a51', '#93aeca'],
  ['#6e0400', '#f68675'],
  ['#323c1f', '#a3b18f'],
  ['#865725', '#fbc592'],
  ['#664242', '#dcb2b0'],
  ['#650448', '#e885bf'],
  ['#0568a4', '#a9d7ff'],
  ['#505103', '#c1c37e'],
  ['#025c3b', '#5ed99e'],
  ['#014182', '#d9eaff'],
  ['#6d6600', '#dfd65f'],
  ['#382e63', '#aaa1e0'],
  ['#5b2700', '#d99a77'],
  ['#19517b', '#8cc4f4'],
  ['#713654', '#eba6c6'],
  ['#5e2029', '#de9398'],
  ['#4e186c', '#c690ec'],
  ['#02441c', '#62c37a'],
  ['#3e543a', '#adc6a8'],
  ['#59445e', '#cdb4d2'],
  ['#5b4a2d', '#cfbb9a'],
  ['#426d64', '#aedcd2'],
  ['#35247b', '#a29dfe'],
  ['#7d5a4e', '#efc7b9'],
  ['#44467d', '#b2b8f7'],
  ['#4c2654', '#c499ce'],
  ['#7b0f29', '#fedfe0'],
  ['#493319', '#c0a689'],
  ['#003967', '#61b0fe'],
  ['#745971', '#e5c6e1'],
  ['#057836', '#89eb9f'],
  ['#6b012e', '#f3829f'],
  ['#104040', '#86b5b4'],
  ['#285655', '#99c8c8'],
  ['#46703d', '#b2e0a8'],
  ['#733e01', '#ffa659'],
  ['#3d4900', '#e0f1ad'],
  ['#953d7c', '#ffb7e6'],
  ['#892122', '#ffa098'],
  ['#07502c', '#b8face'],
  ['#195d02', '#8bd47b'],
  ['#5f3d6f', '#d4ade6'],
  ['#39482b', '#ddefcc'],
  ['#692e80', '#e0a1fb'],
  ['#59213e', '#d793b3'],
  ['#375822', '#a5cb90'],
  ['#812258', '#ff98ca'],
]

export const paletteSize = themed + further.length

/** The colour of a place, as CSS. From the sixty-fifth place on they start over. */
export function paletteColour(place: number): string {
  const at = place % paletteSize
  if (at < themed) return `var(--device-${at})`
  const [light, dark] = further[at - themed]
  return `light-dark(${light}, ${dark})`
}
