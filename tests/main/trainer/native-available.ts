import { nativeVersion } from '../../../src/main/trainer/native'

/** Whether TensorFlow's library can be had here. */
export const nativeAvailable = (() => {
  try {
    return nativeVersion() !== ''
  } catch {
    return false
  }
})()
