import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32 as nodeCrc32, deflateSync, inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createHash } from 'node:crypto'
import { errorFacts } from '../../../src/core/error'
import type { DecodedImage } from '../../../src/core/format/source'
import { decodeImage } from '../../../src/main/decoder/image'
import { greyPng, png } from '../../core/format/build'

/** Arrays of the types that files hold, and the bits that are kept of them. */
const TYPES = {
  uint8: { array: Uint8Array, bits: 8 },
  uint16: { array: Uint16Array, bits: 16 },
  int8: { array: Int8Array, bits: 32 },
  int16: { array: Int16Array, bits: 32 },
  int32: { array: Int32Array, bits: 32 },
  uint32: { array: Uint32Array, bits: 32 },
  float32: { array: Float32Array, bits: 32 },
  float64: { array: Float64Array, bits: 32 }
}

/** Valid files of 19 x 13 pixels that other software wrote, and their pixels as it reads them (pictures.py). */
const reference = (
  JSON.parse(readFileSync(new URL('../../reference/pictures.json', import.meta.url), 'utf8')) as {
    readonly name: string
    readonly height: number
    readonly width: number
    readonly channels: number
    readonly type: keyof typeof TYPES
    readonly file: string
    readonly pixels: string
  }[]
).map(({ file, pixels, type, ...facts }) => ({
  ...facts,
  type,
  bytes: Buffer.from(file, 'base64'),
  pixels: numbersOf(pixels, type)
}))

/** Numbers that a script deflated. */
function numbersOf(text: string, type: keyof typeof TYPES): number[] {
  const { buffer } = Uint8Array.from(inflateSync(Buffer.from(text, 'base64')))
  return [...new TYPES[type].array(buffer)]
}

const jpegs = reference.filter(({ name }) => /jpg$/.test(name))
const END = Buffer.from([0xff, 0xd9])
const SCAN = Buffer.from([0xff, 0xda])

async function factsOf(name: string, bytes: Uint8Array) {
  try {
    await decodeImage(name, bytes)
  } catch (thrown) {
    return errorFacts(thrown)
  }
  return { code: 'none', message: '' }
}

const sizeOf = ({ height, width, channels }: Omit<DecodedImage, 'values'>): number[] => [
  height,
  width,
  channels
]

describe('the pixels of a file are those of the software that wrote it', () => {
  test.each(reference)('$name', async ({ name, bytes, height, width, channels, type, pixels }) => {
    const image = await decodeImage(name, bytes)
    expect(sizeOf(image)).toEqual([height, width, channels])
    const inverted = name === 'inverted.dcm' // 12 bits in which 0 is white
    const { bits } = TYPES[type]
    const kept = bits === 32 ? pixels.map(Math.fround) : pixels
    const expected = inverted ? kept.map((value) => 4095 - value) : kept
    // AV1 leaves the last step, to RGB, to who decodes
    if (name.endsWith('.avif')) expect(mostApart(image.values, expected)).toBeLessThanOrEqual(1)
    else expect([...image.values]).toEqual(expected)
    expect(8 * image.values.BYTES_PER_ELEMENT).toBe(bits)
  })
})

describe('what was done to a picture is said', () => {
  test.each([
    ['turned-6.jpg', [{ kind: 'turned' }]],
    ['turned-1.jpg', undefined],
    ['alpha.png', [{ kind: 'alpha-dropped' }]],
    ['fine.avif', undefined],
    ['frames.gif', [{ kind: 'frames' }]],
    ['inverted.dcm', [{ kind: 'inverted' }]],
    ['signed.dcm', [{ kind: 'signed' }]],
    ['int16.tif', [{ kind: 'signed' }]],
    ['uint32.tif', [{ kind: 'rounded', detail: '25231745' }]],
    ['rescaled.dcm', [{ kind: 'rescale', detail: 'slope 1.5, intercept -1024' }]]
  ])('%s', async (name, remarks) => {
    const { bytes } = reference.find((one) => one.name === name)!
    expect((await decodeImage(name, bytes)).remarks).toEqual(remarks)
  })
})

// Pillow 13: Image.new('RGBA', (2, 2), (10, 200, 30, 128)).save(…, 'AVIF', quality=60)
test('an AVIF picture with alpha says so', async () => {
  const file = Buffer.from(
    'AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAAGGbWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAAAAAAAOcGl0bQAAAAAAAQAAACxpbG9jAAAAAEQAAAIAAQAAAAEAAAG/AAAAJwACAAAAAQAAAa4AAAARAAAAQmlpbmYAAAAAAAIAAAAaaW5mZQIAAAAAAQAAYXYwMUNvbG9yAAAAABppbmZlAgAAAAACAABhdjAxQWxwaGEAAAAAGmlyZWYAAAAAAAAADmF1eGwAAgABAAEAAADDaXBycAAAAJ1pcGNvAAAAFGlzcGUAAAAAAAAAAgAAAAIAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwAAAAAE2NvbHJuY2x4AAEADQAGgAAAAA5waXhpAAAAAAEIAAAADGF2MUOBABwAAAAAOGF1eEMAAAAAdXJuOm1wZWc6bXBlZ0I6Y2ljcDpzeXN0ZW1zOmF1eGlsaWFyeTphbHBoYQAAAAAeaXBtYQAAAAAAAAACAAEEAQKDBAACBAEFhgcAAABAbWRhdBIACgQYADYVMgcWQBhhABCgEgAKCBgANogIaDQgMhkXh4eGIYSSSSZQAAAASFQ2YSVzzT4TuR7g',
    'base64'
  )
  const { remarks, channels } = await decodeImage('a.avif', file)
  expect([channels, remarks]).toEqual([3, [{ kind: 'alpha-dropped' }]])
})

interface Made {
  readonly file: string
  readonly sizes: readonly {
    readonly height: number
    readonly width: number
    readonly stretch: string
    readonly pad: string
    readonly stretch16: string
  }[]
  readonly backgrounds: Readonly<Record<'black' | 'white', string>>
}

/** What Pillow makes of one picture (pictures.py). */
const made = JSON.parse(
  readFileSync(new URL('../../reference/picture-options.json', import.meta.url), 'utf8')
) as Made

const mostApart = (a: ArrayLike<number>, b: readonly number[]): number =>
  b.reduce((most, value, at) => Math.max(most, Math.abs(value - a[at]!)), 0)

describe('a picture is resized as Pillow does', () => {
  test.each(made.sizes)('to $height × $width', async ({ height, width, ...expected }) => {
    const bytes = Buffer.from(made.file, 'base64')
    for (const fit of ['stretch', 'pad'] as const) {
      const options = { size: { height, width, fit } }
      const image = await decodeImage('a.png', bytes, { options })
      expect(sizeOf(image)).toEqual([height, width, 3])
      expect([...image.values]).toEqual(numbersOf(expected[fit], 'uint8'))
    }
    const deep = reference.find(({ name }) => name === 'grey16.png')!
    const options = { size: { height, width, fit: 'stretch' } } as const
    const { values } = await decodeImage('a.png', deep.bytes, { options })
    expect(values).toBeInstanceOf(Uint16Array)
    expect(mostApart(values, numbersOf(expected.stretch16, 'float32'))).toBeLessThanOrEqual(1)
  })
})

test.each(['black', 'white'] as const)('alpha is composited on %s as by Pillow', async (on) => {
  const bytes = Buffer.from(made.file, 'base64')
  const { values, remarks } = await decodeImage('a.png', bytes, { options: { background: on } })
  expect(remarks).toEqual([{ kind: `alpha-${on}` }])
  expect(mostApart(values, numbersOf(made.backgrounds[on], 'uint8'))).toBeLessThanOrEqual(1)
})

test('alpha of 16 bits is composited by its definition', async () => {
  const file = png({ width: 1, height: 1, colourType: 4, depth: 16, rows: [[0x80, 0, 0x40, 0]] })
  const on = async (background: 'black' | 'white'): Promise<number> =>
    (await decodeImage('a.png', file, { options: { background } })).values[0]!
  // 32768 · 16384 / 65535 = 8192.1, and 65535 · 49151 / 65535 more on white
  expect([await on('black'), await on('white')]).toEqual([8192, 57343])
})

describe('a kind of picture that cannot be decoded is named as that', () => {
  test.each([
    ['compressed DICOM', 'eight.dcm', '1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.5\0'],
    ['DICOM in colour', 'eight.dcm', 'MONOCHROME2 ', 'RGB         ']
  ])('%s', async (_, name, was, now) => {
    const bytes = Buffer.from(reference.find((one) => one.name === name)!.bytes)
    bytes.write(now, bytes.indexOf(was), 'latin1')
    const facts = await factsOf(name, bytes)
    expect(facts).toMatchObject({ code: 'unsupported-image', path: name })
    expect(facts.hint).toContain('PNG')
  })
})

/** The place of a tag in the first directory of a little-endian TIFF file. */
function entryIn(bytes: Buffer, tag: number): number {
  const big = bytes.readUInt16LE(2) === 43
  const directory = big ? Number(bytes.readBigUInt64LE(8)) : bytes.readUInt32LE(4)
  for (let at = directory + (big ? 8 : 2); at < bytes.length; at += big ? 20 : 12) {
    if (bytes.readUInt16LE(at) === tag) return at
  }
  throw new Error(`no tag ${tag}`)
}

/** A TIFF file in which a tag has one other value, of 2 bytes. */
function withTag(name: string, tag: number, value: number): Buffer {
  const bytes = Buffer.from(reference.find((one) => one.name === name)!.bytes)
  const at = entryIn(bytes, tag)
  const big = bytes.readUInt16LE(2) === 43
  bytes.writeUInt16LE(3, at + 2)
  bytes.writeUInt32LE(1, at + 4)
  bytes.writeUInt16LE(value, at + (big ? 12 : 8))
  return bytes
}

describe('a TIFF file of a kind that is not read is named as that', () => {
  test.each([
    ['compression', 'float32.tif', 259, 7, 'the compression JPEG'],
    ['compression', 'float32.tif', 259, 9, 'the compression 9'],
    ['compression', 'rgb8-lzw-strips.tif', 259, 50000, 'the compression Zstandard'],
    ['colours', 'rgb8-lzw-strips.tif', 259, 7, 'colours compressed as JPEG'],
    ['predictor', 'float32-predicted.tif', 317, 5, 'the predictor 5'],
    ['colours', 'big-rgb16.tif', 262, 5, 'colours of the kind 5'],
    ['bits', 'int16.tif', 258, 12, '12 bits a value in the sample format 2'],
    ['a palette', 'palette.tif', 258, 16, 'a palette of 16 bits'],
    ['white is 0', 'float32.tif', 262, 0, '0 as white'],
    ['values a pixel', 'float32.tif', 277, 2, '2 values a pixel']
  ])('by its %s', async (_, name, tag, value, words) => {
    const facts = await factsOf(name, withTag(name, tag, value))
    expect(facts).toMatchObject({ code: 'unsupported-image', path: name })
    expect(facts.message).toContain(words)
  })
})

test('strips that a TIFF file does not have are not waited for', async () => {
  const { message } = await factsOf('a.tif', withTag('float16.tif', 257, 60_000))
  expect(message).toContain('its strips or tiles do not make 60000 × 19 pixels')
})

test('a palette of a TIFF file that is too short is damage', async () => {
  const bytes = Buffer.from(reference.find(({ name }) => name === 'palette.tif')!.bytes)
  bytes.writeUInt32LE(767, entryIn(bytes, 320) + 4)
  const { message } = await factsOf('a.tif', bytes)
  expect(message).toContain('its palette has 767 values for 256 colours')
})

test.each(['eight.dcm', 'palette.gif', 'interlaced.gif', 'big-rgb16.tif', 'float32-predicted.tif'])(
  '%s is refused at whatever byte it ends',
  async (name) => {
    const { bytes } = reference.find((one) => one.name === name)!
    for (let length = 0; length < bytes.length - 1; length += 5) {
      const { code } = await factsOf(name, bytes.subarray(0, length))
      expect(['corrupt-image', 'unsupported-image'], String(length)).toContain(code)
    }
  }
)

describe('a JPEG file that lacks some of its picture is refused', () => {
  test.each(jpegs)('half of $name, with and without an end mark', async ({ name, bytes }) => {
    const half = bytes.subarray(0, bytes.length / 2)
    expect(await factsOf(name, half)).toMatchObject({ code: 'corrupt-image', path: name })
    expect((await factsOf(name, Buffer.concat([half, END]))).code).toBe('corrupt-image')
  })

  test('at whatever byte of its picture it ends', async () => {
    const { bytes } = jpegs.find(({ name }) => name === 'baseline.jpg')!
    const scan = bytes.indexOf(Buffer.from([0xff, 0xda])) + 14
    for (let length = scan; length < bytes.length - 3; length++) {
      const cut = Buffer.concat([bytes.subarray(0, length), END])
      expect([length, (await factsOf('a.jpg', cut)).code]).toEqual([length, 'corrupt-image'])
    }
  })

  test.each(jpegs.filter(({ name }) => name.includes('progressive')))(
    'between any two scans of $name',
    async ({ name, bytes }) => {
      const scans: number[] = []
      for (let at = bytes.indexOf(SCAN); at >= 0; at = bytes.indexOf(SCAN, at + 1)) scans.push(at)
      expect(scans.length).toBeGreaterThan(4)
      for (const scan of scans.slice(1)) {
        const { code, message } = await factsOf(name, Buffer.concat([bytes.subarray(0, scan), END]))
        expect([code, message]).toEqual([
          'corrupt-image',
          expect.stringMatching(/scans are missing|lacks one of its colours/)
        ])
      }
    }
  )

  test('where a restart mark is missing', async () => {
    const bytes = Buffer.from(jpegs.find(({ name }) => name === 'restart-1.jpg')!.bytes)
    bytes.writeUInt16BE(0xff00, bytes.indexOf(Buffer.from([0xff, 0xd0])))
    expect((await factsOf('a.jpg', bytes)).code).toBe('corrupt-image')
  })
})

test('a WebP file that is cut short is refused', async () => {
  for (const { name, bytes } of reference.filter((one) => /webp$/.test(one.name))) {
    expect((await factsOf(name, bytes.subarray(0, -2))).code).toBe('corrupt-image')
  }
})

/** Where a part of a PNG begins: its length, its type, its data. */
const partAt = (file: Buffer, type: string): number => file.indexOf(type) - 4

/** A part is made valid again after its data were changed. */
function withPart(file: Uint8Array, type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.from(file)
  const at = partAt(bytes, type)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type), data])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(nodeCrc32(body))
  const rest = bytes.subarray(at + 12 + bytes.readUInt32BE(at))
  return Buffer.concat([bytes.subarray(0, at), length, body, checksum, rest])
}

describe('a PNG file', () => {
  const four = greyPng([1, 2, 3, 4])
  const rows = Buffer.from([0, 1, 2, 3, 4])

  test('is refused where the checksum of its pixels is wrong', async () => {
    const packed = deflateSync(rows)
    packed[packed.length - 1]! ^= 1
    const facts = await factsOf('a.png', withPart(four, 'IDAT', packed))
    expect(facts).toMatchObject({ code: 'corrupt-image', path: 'a.png' })
    expect(facts.message).toContain('checksum')
  })

  test('is refused where it has fewer pixels than its header says', async () => {
    const facts = await factsOf('a.png', withPart(four, 'IDAT', deflateSync(rows.subarray(0, 4))))
    expect(facts.message).toContain('4 of 5 bytes')
  })

  test('is refused where the checksum of a part that matters is wrong', async () => {
    const bytes = Buffer.from(four)
    const at = partAt(bytes, 'IHDR')
    bytes[at + 8 + 13]! ^= 1
    expect((await factsOf('a.png', bytes)).message).toContain('IHDR')
  })

  test('is refused where its palette holds no whole colours', async () => {
    const palette = [1, 2, 3, 4, 5, 6]
    const file = png({ width: 2, height: 1, colourType: 3, depth: 1, rows: [[0x40]], palette })
    const facts = await factsOf('a.png', withPart(file, 'PLTE', Uint8Array.of(1, 2, 3, 4)))
    expect(facts.message).toContain('4 bytes')
  })

  test('may be cut into parts, and go on after its end', async () => {
    const bytes = Buffer.concat([four, Buffer.from('more')])
    expect([...(await decodeImage('a.png', bytes)).values]).toEqual([1, 2, 3, 4])
  })

  test('is refused by the numbers of its header where it is too large, without being unpacked', async () => {
    const header = Buffer.alloc(13)
    header.writeUInt32BE(16384, 0)
    header.writeUInt32BE(16384, 4)
    header.set([8, 2, 0, 0, 0], 8)
    expect(await factsOf('a.png', withPart(four, 'IHDR', header))).toMatchObject({
      code: 'image-too-large',
      expected: 'at most 33,554,432 pixels',
      actual: '16384 × 16384'
    })
  })

  test('of another size than asked for is not decoded', async () => {
    const { height, width, values } = await decodeImage('a.png', four, {
      like: { height: 2, width: 2 }
    })
    expect([height, width, values.length]).toEqual([1, 4, 0])
  })
})

/** Optional files beside the project. */
const samples = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))

describe.skipIf(!existsSync(join(samples, 'bad/png')))('sample files', () => {
  const named = (folder: string): string[] =>
    existsSync(join(samples, folder)) ? readdirSync(join(samples, folder)) : []

  test.each(named('bad/png'))('%s is a damaged image', async (name) => {
    expect((await factsOf(name, readFileSync(join(samples, 'bad/png', name)))).code).toBe(
      'corrupt-image'
    )
  })

  const hashes = JSON.parse(
    readFileSync(new URL('../../reference/pngsuite.json', import.meta.url), 'utf8')
  ) as Readonly<Record<string, string>>

  test.each(named('pngsuite-valid'))('%s has the pixels of Pillow', async (name) => {
    const { values } = await decodeImage(name, readFileSync(join(samples, 'pngsuite-valid', name)))
    expect(values.BYTES_PER_ELEMENT).toBe(/16\.png$/.test(name) ? 2 : 1)
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(hashes[name])
  })
})
