/** Raw sockets against the real server on this machine: what somebody can do who knows its address and nothing else. */
import { relay } from './relay'
import { requests } from './requests'
import { sockets } from './sockets'

export const cases = [...requests, ...sockets, ...relay]
