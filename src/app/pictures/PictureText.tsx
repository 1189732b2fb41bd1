/** A text in which pictures may stand: their words are drawn, not spelled. */
import { cutAtPictures, pixelsOf } from '../../node/browser/pictures'
import { Picture } from './Picture'

export function PictureText({ text }: { readonly text: string }) {
  const parts = cutAtPictures(text)
  if (parts.length === 1 && parts[0] === text && pixelsOf(text) === null) return text
  return parts.map((part, index) =>
    pixelsOf(part) === null ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text do not move.
      <span key={index}>{part.replace(/^\n|\n$/g, '')}</span>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text do not move.
      <Picture key={index} words={part} isSmall />
    ),
  )
}
