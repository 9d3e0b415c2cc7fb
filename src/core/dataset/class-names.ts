import { NormscopeError } from '../error'
import type { Dataset } from './dataset'

/** characters */
const LONGEST_CLASS_NAME = 60

type Named = Pick<Dataset, 'classNames' | 'fileClassNames'>

/** The classes as the files name them, whatever a person calls them. */
export function fileClassNames(dataset: Named): readonly string[] {
  return dataset.fileClassNames ?? dataset.classNames
}

/** The files give numbers in place of names. */
export function lacksClassNames(dataset: Named): boolean {
  const names = fileClassNames(dataset)
  return names.length > 0 && names.every((name) => /^-?\d+$/.test(name))
}

/** What is wrong with each name; undefined where it is good. Space around a name does not count. */
export function classNameErrors(names: readonly string[]): (string | undefined)[] {
  const trimmed = names.map((name) => name.trim())
  return trimmed.map((name, at) => {
    if (name === '') return 'A name is needed.'
    if (name.length > LONGEST_CLASS_NAME) return `At most ${LONGEST_CLASS_NAME} characters.`
    const same = trimmed.indexOf(name)
    return same === at ? undefined : `Class ${same} has this name already.`
  })
}

/**
 * The data set with a person's names of its classes, or with those of its files.
 * Throws NormscopeError 'bad-class-names'.
 */
export function withClassNames(dataset: Dataset, names: readonly string[] | undefined): Dataset {
  const { fileClassNames: _, ...rest } = dataset
  const own = fileClassNames(dataset)
  if (names === undefined) return { ...rest, classNames: own }
  if (names.length !== own.length) {
    throw new NormscopeError({
      code: 'bad-class-names',
      message: `${names.length} class names were given for ${own.length} classes. Give one name per class, in the order of the classes: ${own.slice(0, 10).join(', ')}${own.length > 10 ? ', …' : ''}.`,
      expected: `${own.length} names`,
      actual: `${names.length} names`
    })
  }
  const errors = classNameErrors(names)
  const bad = errors.findIndex((error) => error !== undefined)
  if (bad >= 0) {
    throw new NormscopeError({
      code: 'bad-class-names',
      message: `The name of class ${own[bad]} cannot be used: ${errors[bad]}`,
      actual: names[bad]!.slice(0, 2 * LONGEST_CLASS_NAME)
    })
  }
  return { ...rest, classNames: names.map((name) => name.trim()), fileClassNames: own }
}
