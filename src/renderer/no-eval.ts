import { config } from 'zod'

/**
 * Imported before any schema: zod would try whether it may make functions of text. The window's policy
 * forbids it, and saying where in the script that was has the whole script parsed again.
 */
config({ jitless: true })
