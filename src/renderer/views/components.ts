import type { Component } from 'svelte'
import { VIEWS } from '../../contract/views'
import type { ViewId } from '../../contract/views'
import { fileOfEach } from './folders'

const FOUND = import.meta.glob<Component>('./*/*View.svelte', { eager: true, import: 'default' })

/** The component of each view: the one in its folder whose name ends in View. */
export const VIEW_COMPONENTS = fileOfEach<ViewId, Component>(VIEWS, FOUND, '…View.svelte')
