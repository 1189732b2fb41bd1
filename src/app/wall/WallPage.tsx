/** A coordinator and its devices as panes of one window: real tabs in iframes, real transfers between them. */
import { useEffect, useState } from 'react'
import type { Settings } from '../../settings/table'
import { Button } from '../ui/controls/Button'
import { PageHead } from '../ui/page/PageHead'
import { useWords } from '../words/words'
import { openWall, paneAddresses, type WallRoom } from './panes'
import { useWallStart } from './start'
import styles from './WallPage.module.css'

const mostDevices = 8

export function WallPage({ settings }: { readonly settings: Settings }) {
  const words = useWords()
  const [room, setRoom] = useState<WallRoom | null>(null)
  const [count, setCount] = useState(settings.wall ?? 4)
  const { coordinator, ready, started, start } = useWallStart()
  useEffect(() => {
    void openWall(settings).then(setRoom)
  }, [settings])
  const addresses = room && paneAddresses(settings, room, count)
  return (
    <div className={styles.wall}>
      <PageHead room={room?.code}>
        <div className={styles.controls}>
          {!started && (
            <Button look="primary" disabled={ready < 2} onClick={start}>
              {words.wall.start}
            </Button>
          )}
          {!started && ready < 2 && <p>{words.wall.startHint}</p>}
          {count < mostDevices && (
            <Button look="quiet" disabled={!room} onClick={() => setCount(count + 1)}>
              {words.wall.more}
            </Button>
          )}
        </div>
      </PageHead>
      <main id="content" tabIndex={-1} className={styles.panes}>
        <h1 className="visually-hidden">{words.wall.title}</h1>
        {addresses && (
          <>
            <iframe
              ref={coordinator}
              src={addresses.coordinator}
              title={words.wall.paneCoordinator}
              className={styles.coordinator}
              allow="clipboard-write"
            />
            <div className={styles.devices}>
              {addresses.devices.map((address, index) => (
                <iframe key={address} src={address} title={words.wall.paneDevice(index + 1)} />
              ))}
            </div>
          </>
        )}
      </main>
    </div>
  )
}
