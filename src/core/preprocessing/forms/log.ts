import { featuresOf } from '../../dataset/dataset'
import { constant } from '../../numbers'
import { number } from '../snippet'
import type { FormRecord } from './form'

interface LogForm {
  readonly kind: 'log'
  readonly max: number
}

/** log(1 + x) / log(1 + max) */
export const LOG: FormRecord<LogForm> = {
  kind: 'log',
  applier({ max }, shape) {
    const features = featuresOf(shape)
    const scale = Math.log1p(max)
    return (image, out, outOffset = 0) => {
      for (let f = 0; f < features; f++) out[outOffset + f] = Math.log1p(image[f]!) / scale
    }
  },
  pointwise({ max }) {
    const scale = Math.log1p(max)
    return (value) => Math.log1p(value) / scale
  },
  describe: ({ max }) => `log(1 + x) / log(${constant(1 + max)})`,
  snippets({ max }) {
    const scale = number(Math.log1p(max), 'numpy')
    const python = (library: string) => ({
      remark: `${scale} is log(1 + ${max})`,
      result: `${library}.log1p(x) / ${scale}`
    })
    return {
      numpy: python('np'),
      keras: python('keras.ops'),
      pytorch: python('torch'),
      tfjs: { result: `x.log1p().div(${number(Math.log1p(max), 'tfjs')})` }
    }
  }
}
