/** What is known of a run round by round: losses, recall, what else the model still knows, and how local training goes. */

/** One completed round. Losses in nats per token, recalls from 0 to 1; null: not measured. */
export interface RoundRecord {
  readonly round: number
  readonly version: number
  /** Since the first round began. */
  readonly seconds: number
  /** Sent and received by the coordinator since the first round began. */
  readonly bytes: number
  /** Between edges and their devices; null where there are no edges. */
  readonly lanBytes: number | null
  readonly heldOut: number | null
  readonly train: number | null
  readonly alone: number | null
  /** Loss of each device's last local training, by its key. */
  readonly trainByDevice: Readonly<Record<string, number>>
  /** Held-out loss of each device training alone, by its key. */
  readonly aloneByDevice: Readonly<Record<string, number>>
  readonly recall: Recall | null
  /** On the general text of the base's own world: what training has cost elsewhere; null: that world is not known. */
  readonly general: GeneralLoss | null
  readonly contributors: number
  /** What the aggregation missed of the average of the models, as a share of it. */
  readonly distortion: number | null
  /** Versions since the merged updates' starts; null where rounds wait for everybody. */
  readonly staleness: { readonly mean: number; readonly largest: number } | null
}

/** Share of *other* devices' facts answered rightly, in a trained wording; `unseen`: in wordings kept back. */
export interface Recall {
  readonly merged: number
  /** Null where no device trains alone, or none has reported. */
  readonly alone: number | null
  readonly base: number | null
  readonly unseen: number | null
}

/** Nats per token, of the merged adapter and of the base before it, on text that nobody trains on. */
export interface GeneralLoss {
  readonly merged: number
  readonly base: number
}

/** Where nobody coordinates: who is whose neighbour, and how fast such a web agrees. */
export interface WebView {
  /** Pairs of device keys. */
  readonly edges: readonly (readonly [string, string])[]
  /** 1 - lambda of the mixing weights; null: nobody to mix with. */
  readonly spectralGap: number | null
  /** How far this tab's adapter was from its neighbours' before each mixing, as a share of their length. */
  readonly consensus: readonly number[]
}

/** A live point of a device's local training, for the loss chart. x is in rounds: 2.5 = halfway through round 3. */
export interface LossPoint {
  readonly rounds: number
  readonly seconds: number
  readonly loss: number
}
