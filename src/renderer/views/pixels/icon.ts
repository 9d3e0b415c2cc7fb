export { default } from '@lucide/svelte/icons/chart-column'
