import type { DesktopBridge } from '../../contract/bridge'
import { NormscopeError } from '../../core/error'

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  svg: 'image/svg+xml',
  csv: 'text/csv;charset=utf-8',
  html: 'text/html;charset=utf-8'
}

/**
 * Saves bytes where the person says (desktop) or as a download (browser).
 * Path or name of the file; undefined when the person cancelled.
 */
export async function saveBytes(
  bridge: DesktopBridge | undefined,
  suggestedName: string,
  bytes: Uint8Array
): Promise<string | undefined> {
  if (bridge) {
    const saved = await bridge.saveFile({ suggestedName, bytes })
    if (!saved.ok) throw new NormscopeError(saved.error)
    return saved.value
  }
  const type = TYPES[suggestedName.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
  const url = URL.createObjectURL(new Blob([bytes.slice().buffer], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = suggestedName
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
  return suggestedName
}

/** Puts text on the clipboard. */
export async function copyText(bridge: DesktopBridge | undefined, text: string): Promise<void> {
  if (!bridge) return navigator.clipboard.writeText(text)
  const copied = await bridge.copyText(text)
  if (!copied.ok) throw new NormscopeError(copied.error)
}

/** Puts a PNG on the clipboard. */
export async function copyPng(bridge: DesktopBridge | undefined, png: Uint8Array): Promise<void> {
  if (bridge) {
    const copied = await bridge.copyImage(png)
    if (!copied.ok) throw new NormscopeError(copied.error)
    return
  }
  if (typeof ClipboardItem === 'undefined') {
    throw new NormscopeError({
      code: 'clipboard-unavailable',
      message: 'This browser does not let a page copy pictures. Save the PNG instead.'
    })
  }
  const blob = new Blob([png.slice().buffer], { type: 'image/png' })
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })])
}
