export { default } from '@lucide/svelte/icons/images'
