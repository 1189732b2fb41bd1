/** A room named by a page that shows all its tabs at once, before any of them is open. */
import { webIdentity } from '../../network/identity/web-crypto'
import { makeRoomKeys } from '../../network/keys'

/** Code and secret for the addresses of a coordinator and its devices: `/?role=…&room=<code>#s=<secret>`. */
export async function makeInviteParts(): Promise<{ readonly code: string; readonly secret: string }> {
  const { code, secret } = await makeRoomKeys(webIdentity)
  return { code, secret }
}
