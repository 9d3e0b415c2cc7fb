import { expect, it } from 'vitest'
import { isOwnPage } from '../../../src/main/desktop/sender'

const page = (url: string) => ({ mainFrame: { url } })
const own = page('app://normscope/')

it.each([
  ['another window with the same page', page('app://normscope/'), undefined, own, false],
  ['another sender that names its frame', page('app://normscope/'), own.mainFrame, own, false],
  ['a frame within the page', own, { url: 'app://normscope/' }, own, false],
  ['a frame that is gone', own, null, own, false],
  ...[
    ...['https://example.org/', 'data:text/html,x', 'file:///etc/passwd', 'about:blank', ''],
    ...['app://normscope.example/', 'app://other/', 'app://normscope']
  ].map((url) => {
    const elsewhere = page(url)
    return [`the window at ${url}`, elsewhere, undefined, elsewhere, false] as const
  }),
  ['the window with its page', own, undefined, own, true]
] as const)(
  'main answers the window with its own page alone: %s',
  (_, sender, frame, window, is) => {
    const senderFrame = frame === undefined ? sender.mainFrame : frame
    expect(isOwnPage({ sender, senderFrame }, window)).toBe(is)
  }
)
