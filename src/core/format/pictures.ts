import { z } from 'zod'
import { grouped } from '../numbers'

/** Pixels of one image: 5,792 x 5,792. With 3 values of 4 bytes that is 400 MB. */
export const MAX_PIXELS = 1 << 25

const side = z.number().int().min(1).max(MAX_PIXELS)

/** How pictures are made alike where the person says so; part of what a data set was opened from. */
export const pictureOptions = z.strictObject({
  /** what is behind transparent pixels; left out, alpha is dropped and colours stay as stored */
  background: z.enum(['black', 'white']).optional(),
  /** the size that all pictures get; left out, pictures of several sizes are refused */
  size: z
    .strictObject({
      height: side,
      width: side,
      /** 'stretch': to that size; 'pad': its sides kept in proportion, centred on black */
      fit: z.enum(['stretch', 'pad'])
    })
    .refine(({ height, width }) => height * width <= MAX_PIXELS, 'too many pixels')
    .optional(),
  /** damaged pictures are left out, and named; left out itself, they are refused */
  damaged: z.literal('leave-out').optional()
})
export type PictureOptions = z.infer<typeof pictureOptions>

/** What is done to picture files, in words. */
export function pictureWords({ size, background, damaged }: PictureOptions): string {
  const done = size?.fit === 'pad' ? 'padded' : 'resized'
  const parts = [
    size && `${done} to ${size.height} × ${size.width}`,
    background && `alpha on ${background}`,
    damaged && 'damaged ones left out'
  ]
  return parts.filter((part) => part !== undefined).join(', ')
}

/** Damaged pictures that a note names. */
const MOST_NAMED = 5

/** What is said of damaged pictures that were left out. */
export function leftOut(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  const list =
    names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${grouped(more)} more` : '')
  return `Images that could not be decoded were left out: ${grouped(names.length)} (${list}).`
}

/** Something about a picture that is said once for all that have it. */
export interface Remark {
  readonly kind: keyof typeof REMARKS
  /** numbers that differ from picture to picture */
  readonly detail?: string
}

/** By kind: the sentence about so many pictures. */
const REMARKS = {
  'alpha-dropped': (count: string) =>
    `Images with an alpha channel: ${count}. It was dropped; colours are as stored.`,
  'alpha-black': (count: string) =>
    `Images with an alpha channel: ${count}. They were composited on black.`,
  'alpha-white': (count: string) =>
    `Images with an alpha channel: ${count}. They were composited on white.`,
  turned: (count: string) => `Images with an EXIF orientation: ${count}. They were turned upright.`,
  frames: (count: string) =>
    `Images with more than one frame: ${count}. Only the first frame was read.`,
  inverted: (count: string) =>
    `DICOM images in which 0 is white (MONOCHROME1): ${count}. They were inverted, so that larger values are lighter.`,
  signed: (count: string) =>
    `Images with signed values: ${count}. They were kept as 32-bit floats.`,
  rounded: (count: string, details: string) =>
    `Images with values such as ${details}: ${count}. They were rounded to 32-bit floats; precision was lost.`,
  rescale: (count: string, details: string) =>
    `DICOM images with a rescale slope and intercept: ${count} (${details}). It was not applied; values are as stored.`
} as const

/** Details that one sentence names. */
const MOST_DETAILS = 3

/** Counts the remarks about pictures, kind by kind. */
export class Remarks {
  readonly #kinds = new Map<Remark['kind'], { count: number; details: Set<string> }>()

  add(remarks: readonly Remark[] = []): void {
    for (const { kind, detail } of remarks) {
      const of = this.#kinds.get(kind) ?? { count: 0, details: new Set() }
      of.count++
      if (detail !== undefined && of.details.size <= MOST_DETAILS) of.details.add(detail)
      this.#kinds.set(kind, of)
    }
  }

  sentences(): string[] {
    return [...this.#kinds].map(([kind, { count, details }]) => {
      const named = [...details].slice(0, MOST_DETAILS)
      return REMARKS[kind](
        String(count),
        [...named, ...(details.size > named.length ? ['others'] : [])].join('; ')
      )
    })
  }
}
