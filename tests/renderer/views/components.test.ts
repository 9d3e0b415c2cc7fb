import { createRawSnippet } from 'svelte'
import type { Component } from 'svelte'
import { describe, expect, it } from 'vitest'
import { VIEWS } from '../../../src/contract/views'
import { componentsOf, VIEW_COMPONENTS } from '../../../src/renderer/views/components'

const component = createRawSnippet(() => ({ render: () => '<p></p>' })) as unknown as Component

describe('the components of the views', () => {
  it('are there for every line of the list', () => {
    expect(Object.keys(VIEW_COMPONENTS)).toEqual(VIEWS.map(({ id }) => id))
  })
  it('are found by their folder', () => {
    const found = { './runs/RunsView.svelte': component, './pixels/PixelsView.svelte': component }
    expect(componentsOf([{ id: 'runs', title: 'Runs' }], found)).toEqual({ runs: component })
  })
  it('that are missing, or two for one view, are said', () => {
    const runs = [{ id: 'runs', title: 'Runs' }]
    expect(() => componentsOf(runs, {})).toThrow('The view runs needs one component')
    const two = { './runs/AView.svelte': component, './runs/BView.svelte': component }
    expect(() => componentsOf(runs, two)).toThrow('The view runs needs one component')
  })
})
