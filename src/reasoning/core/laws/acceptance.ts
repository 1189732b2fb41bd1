/**
 * The rule of the first papers on speculative decoding, for comparison: a guess drawn from q is accepted with probability
 * min(1, p / q), and where it is refused another token is drawn from what p has more than q. The law of the text is that of p
 * alone, exactly, if and only if q is the law from which the guess was drawn, after temperature, filters and rounding. The text
 * is another with every drawing, so it proves less than equal ids do, and q must travel; but no rule accepts more often.
 *
 * Source: Leviathan et al., arXiv 2211.17192; Chen et al., arXiv 2302.01318.
 */

/** A law over a vocabulary. */
export type Law = readonly number[]

/** What is drawn from where a guess was refused: (p - q)+, divided by its sum. Zeros where p is q: then nothing is refused. */
export function residual(p: Law, q: Law): Law {
  const more = p.map((share, token) => Math.max(0, share - q[token]))
  const sum = more.reduce((total, share) => total + share, 0)
  return sum === 0 ? more : more.map((share) => share / sum)
}

export const acceptanceOf = (p: Law, q: Law, token: number): number =>
  q[token] === 0 ? 1 : Math.min(1, p[token] / q[token])

/** The law of what comes out, by adding up all that can happen. */
export function outcome(p: Law, q: Law): Law {
  const rest = residual(p, q)
  const refused = q.reduce((sum, share, token) => sum + share * (1 - acceptanceOf(p, q, token)), 0)
  return p.map((_, token) => q[token] * acceptanceOf(p, q, token) + refused * rest[token])
}

/** How often a guess is accepted: 1 - TV(p, q), the most that any rule can. */
export const classicAgreement = (p: Law, q: Law): number =>
  p.reduce((sum, share, token) => sum + Math.min(share, q[token]), 0)

/** How often two choices with the same Gumbel noise agree (reasoning/modes/speculative), in closed form: Σ_v 1 / Σ_w max(p_w / p_v, q_w / q_v). */
export function coupledAgreement(p: Law, q: Law): number {
  return p.reduce((sum, _, token) => {
    if (p[token] === 0 || q[token] === 0) return sum
    const others = p.reduce((all, share, other) => all + Math.max(share / p[token], q[other] / q[token]), 0)
    return sum + 1 / others
  }, 0)
}

/** A law in few numbers that travel: its `kept` likeliest tokens as whole numbers that add up to `steps`, by largest remainder. */
export function onLattice(q: Law, kept: number, steps: number): Law {
  const best = [...q.keys()].sort((a, b) => q[b] - q[a] || a - b).slice(0, kept)
  const sum = best.reduce((total, token) => total + q[token], 0)
  const wanted = best.map((token) => (steps * q[token]) / sum)
  const counts = wanted.map(Math.floor)
  const byRemainder = [...best.keys()].sort(
    (a, b) => wanted[b] - counts[b] - (wanted[a] - counts[a]) || a - b,
  )
  const missing = steps - counts.reduce((total, count) => total + count, 0)
  for (const place of byRemainder.slice(0, missing)) counts[place]++
  return q.map((_, token) => (best.includes(token) ? counts[best.indexOf(token)] / steps : 0))
}

/** Half of the sum of differences. */
export const totalVariation = (p: Law, q: Law): number =>
  p.reduce((sum, share, token) => sum + Math.abs(share - q[token]), 0) / 2
