import { join } from 'node:path'
import { startDesktop } from './app'

startDesktop({
  programFolder: __dirname,
  windowFolder: join(__dirname, '..', 'renderer'),
  preload: join(__dirname, '..', 'preload', 'index.cjs')
})
