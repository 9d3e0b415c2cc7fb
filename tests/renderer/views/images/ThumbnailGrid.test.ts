import { flushSync, mount, unmount } from 'svelte'
import { expect, test } from 'vitest'
import ThumbnailGrid from '../../../../src/renderer/views/images/ThumbnailGrid.svelte'

test('a grid that is taken away in the turn that it came in scrolls nothing', async () => {
  const errors: string[] = []
  const told = (event: ErrorEvent): void => {
    errors.push(event.message)
    event.preventDefault()
  }
  addEventListener('error', told)
  const grid = mount(ThumbnailGrid, {
    target: document.body,
    props: {
      ...{ indices: Uint32Array.of(0, 1), split: 'train', features: 4, classNames: [] },
      ...{ selected: undefined, theme: 'light' },
      thumbnails: () => new Promise(() => undefined),
      ...{ onselect: () => undefined, onopen: () => undefined, onerror: () => undefined }
    }
  })
  flushSync()
  const removed = unmount(grid)
  await removed
  await new Promise((resolve) => setTimeout(resolve))
  removeEventListener('error', told)
  expect(errors).toEqual([])
})
