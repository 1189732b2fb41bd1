/**
 * By what right somebody coordinates a room of which a link names another key: the right may have passed on, and then whoever has
 * it shows papers. What stands in them, and what they are worth, is settled above (federation/succession/); here they are text,
 * which may be longer than a step of a handshake, so it is asked for piece by piece by whoever wants to read it.
 *
 * A guest that meets a coordinator of another key than its own asks for its papers. Where these say that the other one is right,
 * the guest follows it: it ends here, and knocks again as everybody does. Where its own papers are the better ones, it offers
 * them: so a coordinator that was given up learns that its room has another one. Until papers have been read nothing is said
 * of the guest but its key.
 */
export interface Lineage {
  /** Papers of this tab’s coordinator; empty: it has opened the room. */
  papers(): string
  /**
   * Whether a coordinator of this key, which shows these papers, is right where this tab’s coordinator is not; null: whoever the
   * papers lead to.
   */
  judge(publicKeyHash: string | null, papers: string): Promise<Judgement>
}

/** Unrelated: another room, or somebody who has only its code. */
export type Judgement = 'later' | 'earlier' | 'unrelated'
