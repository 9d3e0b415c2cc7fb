import './no-eval'
import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import './theme/tokens.css'
import './theme/base.css'
import { mount } from 'svelte'
import type { DesktopBridge } from '../contract/bridge'
import App from './App.svelte'
import { desktopLink, socketLink } from './state/engine/links'
import { browserStore } from './state/storage'
import { Workbench } from './state/workbench.svelte'
import { showChoiceColours } from './theme/choice-colours'

showChoiceColours()

const bridge = (window as { normscope?: DesktopBridge }).normscope

const workbench = new Workbench({
  link: bridge ? desktopLink(bridge) : socketLink(location),
  store: browserStore(window.localStorage),
  bridge
})

const target = document.getElementById('app')
if (target) mount(App, { target, props: { workbench } })
