/** Networks that people know by name. */
export interface Preset {
  readonly id: string
  readonly name: string
  /** as `parseLayers` reads them */
  readonly layers: string
  readonly source: string
}

export const PRESETS = [
  {
    id: 'tutorial',
    name: 'The tutorial’s',
    layers: 'dense-128',
    source: 'Keras, “Basic classification”'
  },
  {
    id: 'lenet-5',
    name: 'LeNet-5',
    layers: 'conv5x5-6,pool2,conv5x5-16/valid,pool2,flatten,dense-120,dense-84',
    source: 'LeCun, Bottou, Bengio & Haffner 1998, with max pooling and one softmax output'
  },
  {
    id: 'small-modern',
    name: 'Small modern',
    layers:
      'conv3x3-16/nobias,bn/m0.9,conv3x3-16/nobias,bn/m0.9,pool2,conv3x3-32/s2/nobias,bn/m0.9,conv5x5-64/valid/nobias,bn/m0.9,gap',
    source: 'Simonyan & Zisserman 2015 and Ioffe & Szegedy 2015, in small'
  },
  {
    id: 'small-residual',
    name: 'Small residual',
    layers: 'conv3x3-16/nobias,bn,residual-16,residual-32/s2,residual-64/s2,gap',
    source: 'He, Zhang, Ren & Sun 2016, in small'
  }
] as const satisfies readonly Preset[]
