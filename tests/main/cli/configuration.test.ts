import { describe, expect, it } from 'vitest'
import { configuration, networkOptions } from '../../../src/main/cli/configuration'

const CHOICE = { id: 'unit' } as const

describe('the options of a network', () => {
  it.each(['exact', 'clipped', 'clipped-2018'])('take the loss %s', (loss) => {
    expect(configuration({ loss }, CHOICE).loss).toBe(loss)
  })
  it('name the losses, with where each is used', () => {
    const help = new Map(networkOptions()).get('--loss <id>')
    expect(help).toContain('clipped: ')
    expect(help).toContain('Keras 3 on JAX and on PyTorch today')
    expect(help).toContain('TensorFlow 1.11 to 1.13')
  })
  it('take epsilon by either name, not by both', () => {
    expect(configuration({}, CHOICE).optimiser.epsilon).toBe(1e-7)
    expect(configuration({ adamEpsilon: '1e-8' }, CHOICE).optimiser.epsilon).toBe(1e-8)
    expect(configuration({ epsilon: '1e-6' }, CHOICE).optimiser.epsilon).toBe(1e-6)
    expect(() => configuration({ epsilon: '1e-6', adamEpsilon: '1e-6' }, CHOICE)).toThrow(
      '--adam-epsilon is the same as --epsilon'
    )
    expect(() => configuration({ adamEpsilon: '0' }, CHOICE)).toThrow('--adam-epsilon expects')
    expect(new Map(networkOptions()).get('--adam-epsilon <number>')).toBe('The same as --epsilon')
  })
  it('have factors on the first layer alone', () => {
    const given = { hidden: '64,32', epsilonFactor: '255', decayFactor: '0' }
    expect(configuration(given, CHOICE)).toMatchObject({
      epsilonFactors: [255, 1, 1],
      decayFactors: [0, 1, 1]
    })
  })
})
