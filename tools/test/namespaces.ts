/**
 * Hosts of a network of their own, on this machine: Linux network namespaces with virtual cables between them. Where the
 * system allows none (no Linux, a container without rights), there is no command, and what needs one does not run.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What runs a command as the first host of a fresh network; null where that is not allowed. */
export function freshNetwork(): readonly string[] | null {
  const canAddCable = ['ip', 'link', 'add', 'probe0', 'type', 'veth', 'peer', 'name', 'probe1']
  const ways = [
    ['unshare', '--net'],
    ['unshare', '--user', '--map-root-user', '--net'],
  ]
  return ways.find(([program, ...rest]) => spawnSync(program, [...rest, ...canAddCable]).status === 0) ?? null
}

const ip = (...words: string[]) => execFileSync('ip', words)

export interface OtherHost {
  /** This side's and its own address on the cable between them. */
  readonly near: string
  readonly address: string
  /** A program that runs another one there. */
  enter(program: string, directory: string): string
  /** Its default route leads over this host from now on. */
  routeOverUs(): void
  unplug(): void
}

/** Called as the first host: a second one, at the other end of a cable, without any route to further networks. */
export async function plugIn(number: number): Promise<OtherHost> {
  const [near, address] = [`10.77.${number}.1`, `10.77.${number}.2`]
  const keeper: ChildProcess = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 3600'])
  await new Promise((resolve) => keeper.stdout?.once('data', resolve))
  const there = ['nsenter', '--net', '--target', String(keeper.pid)]
  const ipThere = (...words: string[]) => execFileSync(there[0], [...there.slice(1), 'ip', ...words])
  const [cable, end] = [`cable${number}`, 'cable']
  ip('link', 'set', 'lo', 'up')
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', end, 'netns', String(keeper.pid))
  ip('address', 'add', `${near}/24`, 'dev', cable)
  ip('link', 'set', cable, 'up')
  ipThere('link', 'set', 'lo', 'up')
  ipThere('address', 'add', `${address}/24`, 'dev', end)
  ipThere('link', 'set', end, 'up')
  return {
    near,
    address,
    enter(program, directory) {
      const script = join(directory, `host${number}.sh`)
      writeFileSync(script, `#!/bin/sh\nexec ${there.join(' ')} ${program} "$@"\n`)
      chmodSync(script, 0o755)
      return script
    },
    routeOverUs: () => void ipThere('route', 'add', 'default', 'via', near),
    unplug: () => void keeper.kill(),
  }
}

export const routeOver = (host: OtherHost): void => void ip('route', 'add', 'default', 'via', host.address)
