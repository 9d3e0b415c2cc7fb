import { createRawSnippet } from 'svelte'
import type { Component } from 'svelte'
import { describe, expect, it } from 'vitest'
import { VIEWS } from '../../../src/contract/views'
import { VIEW_COMPONENTS } from '../../../src/renderer/views/components'
import { fileOfEach } from '../../../src/renderer/views/folders'
import { VIEW_ICONS } from '../../../src/renderer/views/icons'

const component = createRawSnippet(() => ({ render: () => '<p></p>' })) as unknown as Component

describe('the component and the icon of a view', () => {
  it('are there for every line of the list', () => {
    const ids = VIEWS.map(({ id }) => id)
    expect(Object.keys(VIEW_COMPONENTS)).toEqual(ids)
    expect(Object.keys(VIEW_ICONS)).toEqual(ids)
    expect(new Set(Object.values(VIEW_ICONS)).size).toBe(ids.length)
  })
  it('are found by their folder', () => {
    const found = { './runs/RunsView.svelte': component, './pixels/PixelsView.svelte': component }
    expect(fileOfEach([{ id: 'runs', title: 'Runs' }], found, 'icon.ts')).toEqual({
      runs: component
    })
  })
  it('that are missing, or two for one view, are said', () => {
    const runs = [{ id: 'runs', title: 'Runs' }]
    expect(() => fileOfEach(runs, {}, 'icon.ts')).toThrow(
      'The view runs needs one file ./runs/icon.ts'
    )
    const two = { './runs/AView.svelte': component, './runs/BView.svelte': component }
    expect(() => fileOfEach(runs, two, '…View.svelte')).toThrow('The view runs needs one file')
  })
})
