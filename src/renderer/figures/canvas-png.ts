/** The bytes of a canvas as PNG. */
export async function canvasPng(canvas: HTMLCanvasElement): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
  if (!blob) throw new Error('The picture could not be made: the canvas gave no PNG.')
  return new Uint8Array(await blob.arrayBuffer())
}
