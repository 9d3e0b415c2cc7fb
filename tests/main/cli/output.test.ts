import { expect, it } from 'vitest'
import { visible } from '../../../src/main/cli/output'

it.each([
  ['a\nb\tc ä 衣 😀 \\', 'a\nb\tc ä 衣 😀 \\'],
  ['\x1b]0;title\x07', '\\u001b]0;title\\u0007'],
  ['\r\x1b[2K', '\\u000d\\u001b[2K'],
  ['\x9b31m\x7f\0', '\\u009b31m\\u007f\\u0000'],
  ['a\u202egnp.exe', 'a\\u202egnp.exe'],
  ['\u2066x\u2069', '\\u2066x\\u2069']
])('what is printed of %j only shows: %j', (text, shown) => {
  expect(visible(text)).toBe(shown)
  expect(visible('a\nb', '')).toBe('a\\u000ab')
})
