/** A person's picture on its way to a tab: a file is decoded by the browser and becomes words. What a page draws is re-exported here. */
import {
  noPicture,
  requireFileSize,
  requirePictureSize,
  UnseenPicture,
  wordsOfImage,
} from '../../corpora/pictures/frame'

export { inks, side } from '../../corpora/pictures/paint'
export { cutAtPictures, drawingOf, type Glimpse, glimpsesOf, pixelsOf } from '../../corpora/pictures/patches'
export {
  type Colour,
  colours,
  places,
  type Scene,
  type Shape,
  sceneOf,
  shapes,
  type Thing,
} from '../../corpora/pictures/scene'
export { UnseenPicture }

/** The words of the picture in a file. Throws an `UnseenPicture` that says what is wrong with it; the file goes nowhere. */
export async function readPicture(file: Blob): Promise<string> {
  requireFileSize(file.size)
  const bitmap = await createImageBitmap(file).catch((cause) => {
    throw new UnseenPicture(noPicture, { cause })
  })
  try {
    requirePictureSize(bitmap)
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    if (!context) throw new UnseenPicture(noPicture)
    context.drawImage(bitmap, 0, 0)
    return wordsOfImage(context.getImageData(0, 0, bitmap.width, bitmap.height))
  } finally {
    bitmap.close()
  }
}
