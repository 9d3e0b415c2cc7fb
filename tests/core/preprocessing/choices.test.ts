import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { ChoiceRecord } from '../../../src/core/preprocessing/choice'
import { choiceRecord, CHOICES } from '../../../src/core/preprocessing/choices'

it('A choice has the name that people read', () => {
  expect(choiceRecord('raw').name).toBe('As stored')
  expect(choiceRecord('unit').name).toBe('Rescaled to [0, 1]')
})

it('Other names stand in docs/SCIENCE.md with the same differences, each for one choice', () => {
  const science = readFileSync('docs/SCIENCE.md', 'utf8')
  const table = science.slice(
    science.indexOf('### Who means what'),
    science.indexOf('## Pixel values')
  )
  const rows = [...table.matchAll(/^\| ([^|]+?) +\| ([^|]+?) +\| `([^`]+)`(?:, ([^|]+?))? +\|$/gm)]
  const told = rows.map(([, name, , id, difference]) => ({ name, id, difference }))
  const aliases = CHOICES.flatMap(({ id, alsoCalled }: ChoiceRecord) =>
    alsoCalled.map(({ name, difference }) => ({ name, id, difference }))
  )
  expect(told).toEqual(aliases)
  expect(new Set(aliases.map(({ name }) => name)).size).toBe(aliases.length)
})

it('A name whose formula in docs/SCIENCE.md is not that of its choice says the difference', () => {
  // each has a formula of its own, by its documentation
  for (const [id, name] of [
    ['unit', 'MinMaxScaler (scikit-learn)'],
    ['unit', 'min-max scaling'],
    ['standardised', 'featurewise std normalisation (Keras ImageDataGenerator)'],
    ['standardised-per-pixel', 'StandardScaler (scikit-learn)'],
    ['per-image-range', 'contrast stretching'],
    ['robust', 'RobustScaler (scikit-learn)'],
    ['equalised', 'histogram equalisation'],
    ['whitened', 'decorrelation (LeCun 1998)'],
    ['symmetric', 'Inception preprocessing (Keras applications)']
  ] as const) {
    const alias = choiceRecord(id).alsoCalled.find((each) => each.name === name)
    expect(alias?.difference, name).toBeTruthy()
  }
})
