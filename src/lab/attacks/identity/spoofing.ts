/**
 * A spoofed name. Somebody who has the room's link knocks under the name of a device that is in it already, to get its orders and to
 * have her own updates counted in its place. She has heard the name, its public key and a handshake of its owner's; what she lacks is the
 * private key. Three ways are tried: the other's key with a signature of her own; her own key under the other's name; the signature of
 * the owner's last handshake once more. (Handing on what owner and coordinator say fails at the secret already, which is proven over the
 * fingerprints of both connections.)
 *
 * What meets it: a name is the hash of a key, and each handshake is signed by that key over both nonces and over the connection's
 * fingerprints (network/admission/). The number is the share of tries that get in under the name that is not theirs.
 */
import { seededIdentities } from '../../../network/identity/seeded'
import { introduce } from '../../../network/introduction'
import type { OwnKey } from '../../../network/keys'
import type { Attack } from '../attack'
import { type Door, type Knocking, openDoor, unchecked } from './handshake'

const tries = 5

export const spoofing: Attack<'spoofing'> =
  async ({ seed }) =>
  async (arm) => {
    const identity = seededIdentities(seed)('spoofing')
    let claimed = ''
    const checks = arm === 'undefended' ? unchecked(identity, () => claimed) : identity
    const door = await openDoor(identity, checks, () => null)
    const victim = await door.makeKey()
    const say = (text: string) => identity.sign(victim.signingKey, text)
    /** The last that the victim has signed for the coordinator. */
    let heard = ''
    const herself: Knocking = {
      introduction: introduce(victim, 'device', 'Ada'),
      async sign(text) {
        heard = text
        return say(text)
      },
    }
    claimed = victim.name
    await door.knock(herself)
    if (arm === 'nobody') return 0
    const thief = await door.makeKey()
    const recorded = await say(heard)
    const ways = waysOf(door, victim, thief, recorded)
    let inside = 0
    for (let round = 0; round < tries; round++)
      for (const way of ways) if ((await door.knock(way)).status === 'admitted') inside++
    return inside / (tries * ways.length)
  }

/** @param recorded what the victim has signed in an earlier handshake */
function waysOf(
  { identity }: Door,
  victim: OwnKey,
  thief: OwnKey,
  recorded: Uint8Array,
): readonly Knocking[] {
  const asVictim = introduce(victim, 'device', 'Ada')
  const sign = (text: string) => identity.sign(thief.signingKey, text)
  return [
    { introduction: asVictim, sign },
    { introduction: { ...introduce(thief, 'device', 'Ada'), deviceKey: victim.name }, sign },
    { introduction: asVictim, sign: async () => recorded },
  ]
}
