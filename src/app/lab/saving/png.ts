/** An SVG figure as PNG, for slides and places that take no SVG. */

/** Pixels for each of the figure's own: sharp in print. */
const scale = 3

export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = scale * image.naturalWidth
  canvas.height = scale * image.naturalHeight
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('This browser makes no PNG of the figure.'))),
      'image/png',
    ),
  )
}
