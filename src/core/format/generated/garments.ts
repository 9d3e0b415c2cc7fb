import type { Random } from '../../random'
import type { Point, Polygon } from './raster'

/** A part of a garment; later parts lie over earlier ones. */
interface Part {
  readonly outline: Polygon
  /** factor on the cloth's brightness; 0 cuts a hole */
  readonly shade: number
}

interface Garment {
  readonly name: string
  /** on a canvas of 28 x 28 */
  draw(random: Random): readonly Part[]
}

const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.uniform()

/** Left half from top to bottom -> closed outline, mirrored about x = 14. */
function mirrored(left: Polygon): Polygon {
  return [...left, ...left.map(([x, y]): Point => [28 - x, y]).reverse()]
}

const box = (x0: number, y0: number, x1: number, y1: number): Polygon => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1]
]

interface TopMeasures {
  /** y where the sleeve ends */
  readonly sleeve: number
  /** x of the sleeve's end */
  readonly reach: number
  readonly hem: number
  /** half the width at the waist and at the hem */
  readonly waist: number
  readonly skirt: number
  readonly neck: number
}

/** Body with sleeves: what T-shirt, pullover, coat, shirt and dress have in common. */
function top({ sleeve, reach, hem, waist, skirt, neck }: TopMeasures): Polygon {
  return mirrored([
    [14 - neck * 0.2, 4.6],
    [14 - neck, 3],
    [9, 3.6],
    [6.6, 5],
    [reach, sleeve],
    [reach + 3, sleeve + 0.8],
    [14 - waist - 0.2, 9.5],
    [14 - waist, 16],
    [14 - skirt, hem]
  ])
}

const opening = (random: Random, shade: number, width: number): Part => {
  const x = 14 + between(random, -0.5, 0.5)
  return { outline: box(x - width / 2, 5, x + width / 2, 26), shade }
}

const tShirt = (random: Random): readonly Part[] => {
  const waist = between(random, 5, 6.6)
  const measures = { waist, skirt: waist + between(random, -0.6, 0.6) }
  const sleeve = between(random, 9, 13)
  const reach = between(random, 2.2, 4)
  const neck = between(random, 2, 3.4)
  return [
    { outline: top({ ...measures, sleeve, reach, hem: between(random, 22, 25), neck }), shade: 1 }
  ]
}

const longSleeved = (random: Random, hem: readonly [number, number]): Polygon => {
  const waist = between(random, 5, 6.8)
  return top({
    sleeve: between(random, 19, 24),
    reach: between(random, 1.6, 3.6),
    hem: between(random, hem[0], hem[1]),
    waist,
    skirt: waist + between(random, -0.4, 0.8),
    neck: between(random, 1.6, 3)
  })
}

const pullover = (random: Random): readonly Part[] => {
  const parts: Part[] = [{ outline: longSleeved(random, [22, 25.5]), shade: 1 }]
  if (random.uniform() < 0.5) parts.push({ outline: box(8, 23, 20, 24.4), shade: 0.75 })
  return parts
}

const coat = (random: Random): readonly Part[] => [
  { outline: longSleeved(random, [24, 27]), shade: 1 },
  opening(random, between(random, 0.1, 0.75), between(random, 0.6, 1.3)),
  {
    outline: mirrored([
      [13.4, 8 + between(random, -1, 2)],
      [10.8, 3.4],
      [12.6, 3.6]
    ]),
    shade: between(random, 0.6, 0.9)
  }
]

/** Between T-shirt and coat in everything, as the shirts of Fashion-MNIST are. */
const shirt = (random: Random): readonly Part[] => {
  const short = random.uniform() < 0.35
  const waist = between(random, 5, 6.4)
  const outline = short
    ? top({
        sleeve: between(random, 10, 15),
        reach: between(random, 2.4, 4),
        hem: between(random, 22.5, 25.5),
        waist,
        skirt: waist + between(random, -0.4, 0.8),
        neck: between(random, 1.6, 2.8)
      })
    : longSleeved(random, [22.5, 26])
  const parts: Part[] = [{ outline, shade: 1 }]
  if (random.uniform() < 0.6) parts.push(opening(random, between(random, 0.55, 0.9), 0.7))
  return parts
}

const dress = (random: Random): readonly Part[] => {
  const waist = between(random, 3, 4.4)
  const skirt = waist + between(random, 0.4, 4)
  if (random.uniform() < 0.3) {
    const sleeve = between(random, 9, 15)
    return [{ outline: top({ sleeve, reach: 5, hem: 27, waist, skirt, neck: 2.4 }), shade: 1 }]
  }
  return [
    {
      outline: mirrored([
        [13, 4.5],
        [11.4, 1.6],
        [10, 1.8],
        [9.4, 6.5],
        [14 - waist, 12],
        [14 - skirt, between(random, 25, 27.4)]
      ]),
      shade: 1
    }
  ]
}

const trousers = (random: Random): readonly Part[] => {
  const hip = between(random, 4, 5.6)
  const leg = between(random, 3, 4.6)
  const crotch = between(random, 8, 12)
  const gap = between(random, 0.2, 1.4)
  const foot = between(random, 25, 27.4)
  return [
    {
      outline: mirrored([
        [14 - hip + 0.4, 1.6],
        [14 - hip, 8],
        [14 - gap - leg, foot],
        [14 - gap, foot],
        [13.95, crotch]
      ]),
      shade: 1
    }
  ]
}

const sole = (low: number, height: number, shade: number): Part => ({
  outline: box(1.5, low - height, 26.5, low),
  shade
})

const sandal = (random: Random): readonly Part[] => {
  const low = between(random, 19, 22)
  const heel = between(random, 0, 4)
  const parts: Part[] = [
    {
      outline: [
        [1.5, low],
        [11, low - 1.2],
        [25, low - 1 - heel],
        [26.5, low - heel],
        [26.3, low + 1.2],
        [24, low + 1.2],
        [23, low + 1 - heel],
        [12, low + 1.2],
        [1.5, low + 1.2]
      ],
      shade: 0.95
    }
  ]
  const straps = 2 + random.integer(3)
  for (let strap = 0; strap < straps; strap++) {
    const x = between(random, 4, 20)
    const width = between(random, 1, 2.2)
    const lean = between(random, -3, 5)
    const rise = between(random, 4, 9)
    parts.push({
      outline: [
        [x, low],
        [x + width, low],
        [x + width + lean, low - rise],
        [x + lean, low - rise]
      ],
      shade: between(random, 0.5, 1)
    })
  }
  return parts
}

const trainer = (random: Random): readonly Part[] => {
  const low = between(random, 19.5, 22)
  const ankle = between(random, 6.5, 9.5)
  const toe = between(random, 3, 4.6)
  const parts: Part[] = [
    {
      outline: [
        [1.5, low],
        [2, low - toe],
        [9, low - toe - 1.6],
        [15.5, low - ankle],
        [24, low - ankle - 0.6],
        [26.4, low - 4],
        [26.5, low]
      ],
      shade: 0.9
    },
    sole(low, between(random, 1, 1.8), between(random, 0.4, 1.2))
  ]
  if (random.uniform() < 0.5) {
    const x = between(random, 11, 17)
    parts.push({
      outline: [
        [x, low - 1.6],
        [x + 2, low - 1.6],
        [x + 4, low - 6],
        [x + 2, low - 6]
      ],
      shade: between(random, 0.3, 0.7)
    })
  }
  return parts
}

const boot = (random: Random): readonly Part[] => {
  const low = between(random, 23.5, 26.5)
  const shaft = between(random, 11, 20)
  const front = between(random, 11, 15)
  const heel = between(random, 0.6, 2.6)
  return [
    {
      outline: [
        [1.5, low - 0.6],
        [2, low - 4.4],
        [front - 2, low - 8],
        [front, low - shaft],
        [25, low - shaft],
        [26, low - 5],
        [26.3, low],
        [21, low],
        [20.5, low - heel],
        [13, low - heel]
      ],
      shade: 0.95
    },
    { outline: box(front, low - shaft, 25, low - shaft + 1.2), shade: between(random, 0.5, 1) }
  ]
}

const bag = (random: Random): readonly Part[] => {
  const high = between(random, 8, 14)
  const low = between(random, 21, 26)
  const half = between(random, 8.5, 12.4)
  const taper = between(random, -1, 2.2)
  const parts: Part[] = []
  if (random.uniform() < 0.8) {
    const grip = between(random, 3.5, 7)
    const rise = between(random, 3, 7)
    const handle = (inset: number): Polygon =>
      mirrored([
        [14 - grip * 0.6 + inset * 0.5, high - rise + inset],
        [14 - grip + inset, high + 1]
      ])
    parts.push({ outline: handle(0), shade: 0.8 }, { outline: handle(1.2), shade: 0 })
  }
  const body = mirrored([
    [14 - half + taper, high],
    [14 - half, low]
  ])
  parts.push({ outline: body, shade: 1 })
  if (random.uniform() < 0.6) {
    parts.push({
      outline: box(14 - half + 1, high + 3, 14 + half - 1, high + 4.2),
      shade: between(random, 0.4, 0.8)
    })
  }
  return parts
}

/** In the order of Fashion-MNIST's classes, whose look they imitate. */
export const GARMENTS: readonly Garment[] = [
  { name: 'T-shirt', draw: tShirt },
  { name: 'Trousers', draw: trousers },
  { name: 'Pullover', draw: pullover },
  { name: 'Dress', draw: dress },
  { name: 'Coat', draw: coat },
  { name: 'Sandal', draw: sandal },
  { name: 'Shirt', draw: shirt },
  { name: 'Trainer', draw: trainer },
  { name: 'Bag', draw: bag },
  { name: 'Boot', draw: boot }
]
