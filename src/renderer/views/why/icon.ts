export { default } from '@lucide/svelte/icons/lightbulb'
