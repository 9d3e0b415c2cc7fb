import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32 as nodeCrc32, deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { errorFacts } from '../../../src/core/error'
import { portableCrc32 } from '../../../src/main/disk/crc32'
import { decodeImage } from '../../../src/main/decoder/image'
import { greyPng, png } from '../../core/format/build'

/** Valid files of 19 x 13 pixels, made by Pillow (pictures.py). */
const reference = (
  JSON.parse(readFileSync(new URL('../../reference/pictures.json', import.meta.url), 'utf8')) as {
    readonly name: string
    readonly file: string
  }[]
).map(({ name, file }) => ({ name, bytes: Buffer.from(file, 'base64') }))
const jpegs = reference.filter(({ name }) => /jpg$/.test(name))
const END = Buffer.from([0xff, 0xd9])
const SCAN = Buffer.from([0xff, 0xda])

function factsOf(name: string, bytes: Uint8Array) {
  try {
    decodeImage(name, bytes)
  } catch (thrown) {
    return errorFacts(thrown)
  }
  return { code: 'none', message: '' }
}

describe('a valid file made by Pillow opens', () => {
  test.each(reference)('$name', ({ name, bytes }) => {
    const channels = /^grey/.test(name) ? 1 : 3
    expect(decodeImage(name, bytes)).toMatchObject({ height: 13, width: 19, channels })
  })
})

describe('a JPEG file that lacks some of its picture is refused', () => {
  test.each(jpegs)('half of $name, with and without an end mark', ({ name, bytes }) => {
    const half = bytes.subarray(0, bytes.length / 2)
    expect(factsOf(name, half)).toMatchObject({ code: 'corrupt-image', path: name })
    expect(factsOf(name, Buffer.concat([half, END])).code).toBe('corrupt-image')
  })

  test('at whatever byte of its picture it ends', () => {
    const { bytes } = jpegs.find(({ name }) => name === 'baseline.jpg')!
    const scan = bytes.indexOf(Buffer.from([0xff, 0xda])) + 14
    for (let length = scan; length < bytes.length - 3; length++) {
      const cut = Buffer.concat([bytes.subarray(0, length), END])
      expect([length, factsOf('a.jpg', cut).code]).toEqual([length, 'corrupt-image'])
    }
  })

  test.each(jpegs.filter(({ name }) => name.includes('progressive')))(
    'between any two scans of $name',
    ({ name, bytes }) => {
      const scans: number[] = []
      for (let at = bytes.indexOf(SCAN); at >= 0; at = bytes.indexOf(SCAN, at + 1)) scans.push(at)
      expect(scans.length).toBeGreaterThan(4)
      for (const scan of scans.slice(1)) {
        const { code, message } = factsOf(name, Buffer.concat([bytes.subarray(0, scan), END]))
        expect([code, message]).toEqual([
          'corrupt-image',
          expect.stringMatching(/scans are missing|lacks one of its colours/)
        ])
      }
    }
  )

  test('where a restart mark is missing', () => {
    const bytes = Buffer.from(jpegs.find(({ name }) => name === 'restart-1.jpg')!.bytes)
    bytes.writeUInt16BE(0xff00, bytes.indexOf(Buffer.from([0xff, 0xd0])))
    expect(factsOf('a.jpg', bytes).code).toBe('corrupt-image')
  })
})

test('a WebP file that is cut short is refused', () => {
  for (const { name, bytes } of reference.filter((one) => /webp$/.test(one.name))) {
    expect(factsOf(name, bytes.subarray(0, -2)).code).toBe('corrupt-image')
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

  test('is refused where the checksum of its pixels is wrong', () => {
    const packed = deflateSync(rows)
    packed[packed.length - 1]! ^= 1
    const facts = factsOf('a.png', withPart(four, 'IDAT', packed))
    expect(facts).toMatchObject({ code: 'corrupt-image', path: 'a.png' })
    expect(facts.message).toContain('checksum')
  })

  test('is refused where it has fewer pixels than its header says', () => {
    const facts = factsOf('a.png', withPart(four, 'IDAT', deflateSync(rows.subarray(0, 4))))
    expect(facts.message).toContain('4 of 5 bytes')
  })

  test('is refused where the checksum of a part that matters is wrong', () => {
    const bytes = Buffer.from(four)
    const at = partAt(bytes, 'IHDR')
    bytes[at + 8 + 13]! ^= 1
    expect(factsOf('a.png', bytes).message).toContain('IHDR')
  })

  test('is refused where its palette holds no whole colours', () => {
    const palette = [1, 2, 3, 4, 5, 6]
    const file = png({ width: 2, height: 1, colourType: 3, depth: 1, rows: [[0x40]], palette })
    const facts = factsOf('a.png', withPart(file, 'PLTE', Uint8Array.of(1, 2, 3, 4)))
    expect(facts.message).toContain('4 bytes')
  })

  test('may be cut into parts, and go on after its end', () => {
    const bytes = Buffer.concat([four, Buffer.from('more')])
    expect([...decodeImage('a.png', bytes).values]).toEqual([1, 2, 3, 4])
  })

  test('is refused by the numbers of its header where it is too large, without being unpacked', () => {
    const header = Buffer.alloc(13)
    header.writeUInt32BE(16384, 0)
    header.writeUInt32BE(16384, 4)
    header.set([8, 2, 0, 0, 0], 8)
    expect(factsOf('a.png', withPart(four, 'IHDR', header))).toMatchObject({
      code: 'image-too-large',
      expected: 'at most 33,554,432 pixels',
      actual: '16384 × 16384'
    })
  })

  test('of another size than asked for is not decoded', () => {
    const { height, width, values } = decodeImage('a.png', four, { height: 2, width: 2 })
    expect([height, width, values.length]).toEqual([1, 4, 0])
  })
})

test('the checksum where Node has none of its own is that of Node', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => (index * 37) % 251)
  expect(portableCrc32(bytes)).toBe(nodeCrc32(bytes))
  expect(portableCrc32(bytes.subarray(400), portableCrc32(bytes.subarray(0, 400)))).toBe(
    nodeCrc32(bytes)
  )
})

/** Optional files beside the project. */
const samples = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))

describe.skipIf(!existsSync(join(samples, 'bad/png')))('sample files', () => {
  const named = (folder: string): string[] =>
    existsSync(join(samples, folder)) ? readdirSync(join(samples, folder)) : []

  test.each(named('bad/png'))('%s is a damaged image', (name) => {
    expect(factsOf(name, readFileSync(join(samples, 'bad/png', name))).code).toBe('corrupt-image')
  })

  test.each(named('pngsuite-valid'))('%s opens', (name) => {
    const image = decodeImage(name, readFileSync(join(samples, 'pngsuite-valid', name)))
    expect(image.values.BYTES_PER_ELEMENT).toBe(/16\.png$/.test(name) ? 2 : 1)
    const isGrey = /[0-9][in]?[04][ag]?\d\d\.png$/.test(name)
    expect(image.channels).toBe(isGrey ? 1 : image.channels)
  })
})
