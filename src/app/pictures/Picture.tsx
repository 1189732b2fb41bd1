/** A picture as a model sees it: what its words stand for, drawn again. Who cannot see it is told what can be made out in it. */
import { useEffect, useRef } from 'react'
import { type Glimpse, glimpsesOf, pixelsOf, side } from '../../node/browser/pictures'
import type { Words } from '../words/en'
import { useWords } from '../words/words'
import styles from './Picture.module.css'

interface Props {
  /** One picture's words. */
  readonly words: string
  /** Beside a line of text rather than on its own. */
  readonly isSmall?: boolean
}

export function Picture({ words: picture, isSmall = false }: Props) {
  const words = useWords()
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const pixels = pixelsOf(picture)
    const context = canvas.current?.getContext('2d')
    if (!pixels || !context) return
    const image = context.createImageData(side.picture, side.picture)
    for (let pixel = 0; pixel < side.picture ** 2; pixel++) {
      for (let channel = 0; channel < 3; channel++)
        image.data[pixel * 4 + channel] = pixels[pixel * 3 + channel]
      image.data[pixel * 4 + 3] = 255
    }
    context.putImageData(image, 0, 0)
  }, [picture])
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={described(words, glimpsesOf(picture))}
      width={side.picture}
      height={side.picture}
      className={isSmall ? styles.small : styles.picture}
    />
  )
}

/** A sentence for a picture. */
function described({ pictures }: Words, seen: readonly Glimpse[]): string {
  const things = seen.map((glimpse) => named(pictures, glimpse))
  return things.length === 0 ? pictures.blank : `${pictures.picture}: ${things.join(', ')}`
}

/** A thing in words. */
export const named = (pictures: Words['pictures'], { colour, shape, place }: Glimpse): string =>
  pictures.thing(pictures.colours[colour], pictures.shapes[shape], pictures.places[place])
