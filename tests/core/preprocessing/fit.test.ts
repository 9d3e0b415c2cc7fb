import { describe as group, expect, it } from 'vitest'
import type { PixelArray, PixelType } from '../../../src/core/dataset/dataset'
import { errorFacts } from '../../../src/core/error'
import { CHOICES, choiceRecord } from '../../../src/core/preprocessing/choices'
import { constant } from '../../../src/core/numbers'
import { describe } from '../../../src/core/preprocessing/fitted'
import { fit } from '../../../src/core/preprocessing/fit'
import { CHOICE_IDS } from '../../../src/core/preprocessing/preprocessing'
import type { ChoiceSpec } from '../../../src/core/preprocessing/preprocessing'
import { addImages, createSummary } from '../../../src/core/statistics/summary'
import type { Summary } from '../../../src/core/statistics/summary'

/** Images of one row. */
function summarise(pixels: PixelArray, width: number, channels = 1, covariance = false): Summary {
  const dtype: PixelType =
    pixels instanceof Uint8Array ? 'uint8' : pixels instanceof Uint16Array ? 'uint16' : 'float32'
  const summary = createSummary({ height: 1, width, channels, dtype }, { covariance })
  addImages(summary, pixels, pixels.length / width / channels)
  return summary
}

function factsOf(work: () => unknown): ReturnType<typeof errorFacts> {
  try {
    work()
  } catch (thrown) {
    return errorFacts(thrown)
  }
  throw new Error('Nothing was thrown.')
}

group('the table of choices', () => {
  it('has every choice once, in the order of the identifiers', () => {
    expect(CHOICES.map(({ id }) => id)).toEqual(CHOICE_IDS)
    for (const id of CHOICE_IDS) expect(choiceRecord(id).id).toBe(id)
  })

  it('never says "normalisation" or "normalization" but for what others call it', () => {
    for (const { name, shortName, definition } of CHOICES) {
      expect(`${name} ${shortName} ${definition}`).not.toMatch(/normali[sz]/i)
    }
  })
})

group('unit', () => {
  it.each([
    ['bytes, even where none is 255', Uint8Array.of(0, 9), 255],
    ['16-bit pixels', Uint16Array.of(0, 9), 65535],
    ['floats in [0, 1]', Float32Array.of(0, 0.5), 1],
    ['floats above 1', Float32Array.of(0, 200), 200],
    ['floats below 0', Float32Array.of(-4, 2), 4],
    ['floats that are all 0', Float32Array.of(0, 0), 1]
  ] as const)('divides %s', (_, pixels, max) => {
    const fitted = fit({ id: 'unit' }, summarise(pixels, 2))
    expect(fitted.form).toEqual({ kind: 'affine', centre: [0], divisor: [max] })
    expect(fitted.parameters).toEqual({ max: [max] })
  })
})

group('standardised', () => {
  it('divides a constant channel by 1', () => {
    const fitted = fit({ id: 'standardised' }, summarise(Uint8Array.of(7, 1, 7, 3), 2, 2))
    expect(fitted.form).toEqual({ kind: 'affine', centre: [7, 2], divisor: [1, 1] })
    expect(fitted.parameters).toEqual({ mean: [7, 2], std: [0, 1] })
  })

  it('of each pixel does not blow up a border pixel that is hardly ever lit', () => {
    const pixels = new Uint8Array(200)
    pixels[0] = 2 // once in a hundred images
    for (let i = 1; i < 200; i += 2) pixels[i] = i % 4 === 1 ? 0 : 100
    const { form, parameters } = fit({ id: 'standardised-per-pixel' }, summarise(pixels, 2))
    expect(form).toEqual({ kind: 'affine', centre: [0.02, 50], divisor: [1, 50] })
    expect(parameters.floor).toEqual([1])
    expect(parameters.pixelsAtFloor).toEqual([1])
    expect(parameters.mean).toEqual([0.02, 50])
  })

  it.each([
    ['16-bit pixels', Uint16Array.of(5, 5), 257],
    ['floats in [0, 1]', Float32Array.of(0.5, 0.5), 1 / 255]
  ] as const)('of each pixel has a floor of a 255th of the range for %s', (_, pixels, floor) => {
    const { parameters } = fit({ id: 'standardised-per-pixel' }, summarise(pixels, 1))
    expect(parameters.floor).toEqual([floor])
  })
})

group('robust', () => {
  it('divides by the std where the quartiles are alike, and by 1 where that is 0 too', () => {
    const mostly = summarise(Uint8Array.of(5, 5, 5, 5, 5, 5, 5, 15), 1)
    const { parameters } = fit({ id: 'robust' }, mostly)
    // mean 6.25; variance (7 x 1.25^2 + 8.75^2) / 8
    expect(parameters.iqr).toEqual([0])
    expect(parameters.median).toEqual([5])
    expect(parameters.divisor![0]).toBeCloseTo(Math.sqrt(87.5 / 8), 12)
    const constantOnes = summarise(Uint8Array.of(5, 5), 1)
    expect(fit({ id: 'robust' }, constantOnes).parameters.divisor).toEqual([1])
  })
})

group('a fit that cannot be', () => {
  const bytes = summarise(Uint8Array.of(1, 2, 3), 1, 3)

  it('is an error for the logarithm of values below 0, with what was found', () => {
    const facts = factsOf(() => fit({ id: 'log' }, summarise(Float32Array.of(-2.5, 1), 1)))
    expect(facts.code).toBe('log-of-negative')
    expect(facts.actual).toBe('-2.5')
    expect(facts.hint).toContain("'robust'")
    expect(facts.message).toContain('1 of 2 values of the training images are below 0')
  })

  it.each([
    ['two numbers for three channels', { id: 'custom', centre: [1, 2], divisor: [1] }],
    ['no number', { id: 'custom', centre: [], divisor: [1] }],
    ['a divisor of 0', { id: 'custom', centre: [1], divisor: [1, 0, 1] }],
    ['a number that is none', { id: 'custom', centre: [NaN], divisor: [1] }]
  ] as [string, ChoiceSpec][])('is an error for %s', (_, spec) => {
    expect(factsOf(() => fit(spec, bytes)).code).toBe('wrong-constants')
  })

  it('is an error where there is nothing to fit on, for those choices that are fitted', () => {
    const empty = createSummary({ height: 1, width: 2, channels: 1, dtype: 'uint8' })
    const failing = CHOICE_IDS.filter((id) => {
      if (id === 'custom') return false
      try {
        fit({ id }, empty)
        return false
      } catch (thrown) {
        expect(errorFacts(thrown).code).toBe('no-images')
        return true
      }
    })
    expect(failing).toEqual([
      'standardised',
      'standardised-per-pixel',
      'centred',
      'centred-per-pixel',
      'robust',
      'whitened'
    ])
  })

  it('is an error for whitening without a covariance, or of too many values', () => {
    expect(factsOf(() => fit({ id: 'whitened' }, bytes)).code).toBe('no-covariance')
    const large = createSummary({ height: 64, width: 64, channels: 1, dtype: 'uint8' })
    addImages(large, new Uint8Array(4096), 1)
    expect(factsOf(() => fit({ id: 'whitened' }, large)).code).toBe('too-many-features')
  })
})

group('describe', () => {
  const grey = summarise(Uint8Array.of(0, 10, 20, 250, 30, 7), 2, 1, true)
  const colour = summarise(Uint8Array.of(0, 10, 20, 4, 30, 80), 1, 3)

  it.each([
    ['raw', 'x'],
    ['unit', 'x / 255'],
    ['symmetric', 'x / 127.5 - 1'],
    // mean 317 / 6; the std is 88.7 of NumPy
    ['standardised', '(x - 52.8) / 88.7'],
    ['standardised-per-pixel', '(x - mean_p) / max(std_p, 1)'],
    ['centred', 'x - 52.8'],
    ['centred-per-pixel', 'x - mean_p'],
    ['per-image', '(x - mean_i) / max(std_i, 0.707)'],
    ['per-image-range', '(x - min_i) / (max_i - min_i)'],
    ['per-image-length', 'x / max(norm_i, tiny)'],
    // sorted 0 7 10 20 30 250: quartiles 7.75 and 27.5
    ['robust', '(x - 15) / 19.8'],
    ['log', 'log(1 + x) / log(256)'],
    ['equalised', 'CDF_i(x)']
  ] as const)('writes %s with its constants', (id, expected) => {
    expect(describe(fit({ id }, grey))).toBe(expected)
  })

  it.each([
    ['unit', 'x / 255'],
    ['standardised', 'x - 77'],
    ['standardised-per-pixel', '(x - mean_p) / max(std_p, 1)'],
    ['robust', 'x - 77'],
    ['per-image', '(x - mean_i) / max(std_i, 0.707)'],
    ['log', 'log(1 + x) / log(256)'],
    ['whitened', 'U (L + 1)^-1/2 U^T (x - mean_p)']
  ] as const)('writes %s of a constant set as it is applied', (id, expected) => {
    expect(describe(fit({ id }, summarise(Uint8Array.of(77, 77, 77, 77), 2, 1, true)))).toBe(
      expected
    )
  })

  it('writes float images that are all 0 as they are divided', () => {
    const zeros = summarise(Float32Array.of(0, 0), 1)
    expect(describe(fit({ id: 'unit' }, zeros))).toBe('x')
    expect(describe(fit({ id: 'log' }, zeros))).toBe('log(1 + x) / log(2)')
    expect(describe(fit({ id: 'symmetric' }, zeros))).toBe('x / 0.500 - 1')
    expect(describe(fit({ id: 'robust' }, zeros))).toBe('x')
  })

  it('writes one constant where those of the channels are alike', () => {
    const grey = summarise(Uint8Array.of(0, 0, 0, 8, 8, 8), 1, 3)
    expect(describe(fit({ id: 'standardised' }, grey))).toBe('(x - 4) / 4')
  })

  it('writes the eps of whitening', () => {
    const whitened = fit({ id: 'whitened' }, grey)
    expect(describe(whitened)).toBe(
      `U (L + ${constant(whitened.parameters.epsilon![0]!)})^-1/2 U^T (x - mean_p)`
    )
  })

  it('writes constants of several channels as a list, and negative ones as a sum', () => {
    expect(describe(fit({ id: 'centred' }, colour))).toBe('x - [2, 20, 50]')
    expect(describe(fit({ id: 'custom', centre: [-3], divisor: [0.5] }, grey))).toBe(
      '(x + 3) / 0.500'
    )
    expect(describe(fit({ id: 'custom', centre: [0], divisor: [-2] }, grey))).toBe('x / -2')
  })
})
