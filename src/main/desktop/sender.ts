import { WINDOW_ORIGIN } from './origin'

/** Who sends a message to main, as far as it says who that is. */
interface Sender<Contents> {
  readonly sender: Contents
  readonly senderFrame: { readonly url: string } | null
}

/** Whether it is the main frame of the window's own page, and that page is still ours. */
export function isOwnPage<Contents extends { readonly mainFrame: object }>(
  { sender, senderFrame }: Sender<Contents>,
  own: Contents
): boolean {
  return (
    sender === own &&
    senderFrame === own.mainFrame &&
    senderFrame.url.startsWith(`${WINDOW_ORIGIN}/`)
  )
}
