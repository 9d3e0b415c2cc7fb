export { default } from '@lucide/svelte/icons/brain-circuit'
